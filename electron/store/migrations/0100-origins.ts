import type { Migration } from './migration.ts';

/** Where runs come from, what each resume found, and why a checkpoint was taken. */
export const origins: Migration = {
  version: 100,
  name: 'origins',
  sql: `
    -- 'fork' or 'repeat'; NULL for a run that began from nothing. The other run may be gone by now.
    ALTER TABLE run ADD COLUMN origin_kind TEXT;
    ALTER TABLE run ADD COLUMN origin_id TEXT;
    ALTER TABLE run ADD COLUMN origin_number INTEGER;
    ALTER TABLE run ADD COLUMN origin_step INTEGER;
    ALTER TABLE run ADD COLUMN origin_epoch INTEGER;
    -- The machine it began on, a JSON object.
    ALTER TABLE run ADD COLUMN system TEXT;

    ALTER TABLE checkpoint ADD COLUMN reason TEXT NOT NULL DEFAULT 'epoch';
    -- 1 for those a person wants to keep.
    ALTER TABLE checkpoint ADD COLUMN kept INTEGER NOT NULL DEFAULT 0 CHECK (kept IN (0, 1));

    CREATE TABLE resume (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      -- Steps done at the checkpoint it went on from.
      step INTEGER NOT NULL,
      app_version TEXT NOT NULL,
      kernels TEXT NOT NULL,
      -- What was not as it was when the run began, a JSON array of words.
      changes TEXT NOT NULL,
      -- Losses logged before, float32, until they are compared; the first belongs to step expected_from.
      expected_from INTEGER,
      expected BLOB,
      -- NULL until they were compared.
      steps INTEGER,
      identical INTEGER,
      difference TEXT
    ) STRICT;
    CREATE INDEX resume_by_run ON resume (run, id);
  `,
};
