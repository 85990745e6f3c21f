import type { Migration } from './migration.ts';

/** Samples of the layers' health in chunks of columns (ADR 0003), and when a run's training clock was running. */
export const health: Migration = {
  version: 120,
  name: 'health',
  sql: `
    CREATE TABLE health_chunk (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      first_step INTEGER NOT NULL,
      last_step INTEGER NOT NULL,
      count INTEGER NOT NULL,
      start_ms REAL NOT NULL,
      end_ms REAL NOT NULL,
      -- int32, little-endian, one a sample.
      steps BLOB NOT NULL,
      -- float32, little-endian: for each sample the measures of each layer with parameters.
      "values" BLOB NOT NULL,
      -- CRC-32 of the steps' and then the values' bytes.
      crc32 INTEGER NOT NULL,
      CHECK (count > 0 AND length(steps) = 4 * count AND length("values") % (4 * count) = 0),
      PRIMARY KEY (run, first_step)
    ) STRICT;

    -- From each of these moments on, training time and the clock on the wall went on together.
    CREATE TABLE run_clock (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      elapsed_ms REAL NOT NULL,
      -- UTC milliseconds.
      at INTEGER NOT NULL,
      PRIMARY KEY (run, elapsed_ms)
    ) STRICT;

    -- Runs from before this had no such setting, and nothing measured.
    UPDATE run SET spec = json_set(spec, '$.training.health', json('{"enabled":false,"everySteps":null}'))
    WHERE json_extract(spec, '$.training.health') IS NULL;
    UPDATE sweep SET spec = json_set(spec, '$.base.training.health', json('{"enabled":false,"everySteps":null}'))
    WHERE json_extract(spec, '$.base.training.health') IS NULL;
  `,
};
