import type { Migration } from './migration.ts';

/** Curves: a series is one metric of one split of one run, its points lie in chunks (ADR 0003). */
export const metrics: Migration = {
  version: 20,
  name: 'metrics',
  sql: `
    CREATE TABLE metric_series (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      metric TEXT NOT NULL,
      split TEXT NOT NULL,
      count INTEGER NOT NULL,
      first_step INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      -- Over finite values; NULL while there is none.
      min REAL,
      max REAL,
      UNIQUE (run, metric, split)
    ) STRICT;

    CREATE TABLE metric_chunk (
      series INTEGER NOT NULL REFERENCES metric_series (id) ON DELETE CASCADE,
      first_step INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      count INTEGER NOT NULL,
      min REAL,
      max REAL,
      start_ms REAL NOT NULL,
      end_ms REAL NOT NULL,
      -- int32 and float32, little-endian, count of each.
      steps BLOB NOT NULL,
      "values" BLOB NOT NULL,
      CHECK (length(steps) = 4 * count AND length("values") = 4 * count),
      PRIMARY KEY (series, first_step)
    ) STRICT;
  `,
};
