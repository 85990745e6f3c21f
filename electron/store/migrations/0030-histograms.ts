import type { Migration } from './migration.ts';

/** Histograms: the bins of a tensor once, its counts for every step they were taken at. */
export const histograms: Migration = {
  version: 30,
  name: 'histograms',
  sql: `
    CREATE TABLE histogram_series (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      kind TEXT NOT NULL,
      layer INTEGER NOT NULL,
      layer_name TEXT NOT NULL,
      -- float32, little-endian, one more than there are counts.
      edges BLOB NOT NULL,
      UNIQUE (run, kind, layer, edges)
    ) STRICT;

    CREATE TABLE histogram_frame (
      series INTEGER NOT NULL REFERENCES histogram_series (id) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      -- uint32, little-endian.
      counts BLOB NOT NULL,
      below INTEGER NOT NULL,
      above INTEGER NOT NULL,
      non_finite INTEGER NOT NULL,
      -- NULL stands for NaN.
      mean REAL,
      std REAL,
      PRIMARY KEY (series, step)
    ) STRICT;
  `,
};
