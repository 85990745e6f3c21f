import type { Migration } from './migration.ts';

/** The colour and the project a person gave a run, and how often its test split was opened. */
export const evaluation: Migration = {
  version: 160,
  name: 'evaluation',
  sql: `
    -- One of the ten run colours; NULL: the one its number gives it.
    ALTER TABLE run ADD COLUMN color INTEGER CHECK (color BETWEEN 1 AND 10);
    -- '' for none.
    ALTER TABLE run ADD COLUMN project TEXT NOT NULL DEFAULT '';

    -- Every look at a test split counts: a choice made by it makes later scores on it worth less.
    CREATE TABLE test_opening (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      opened_at INTEGER NOT NULL,
      -- Step of the weights that were scored.
      step INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX test_opening_by_run ON test_opening (run);
  `,
};
