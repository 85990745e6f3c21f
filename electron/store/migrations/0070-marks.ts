import type { Migration } from './migration.ts';

/** What people say about runs, what makes runs comparable, and runs looked at together. */
export const marks: Migration = {
  version: 70,
  name: 'marks and comparisons',
  sql: `
    ALTER TABLE run ADD COLUMN starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1));
    -- A JSON array of texts, sorted.
    ALTER TABLE run ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE run ADD COLUMN notes TEXT NOT NULL DEFAULT '';
    ALTER TABLE run ADD COLUMN archived_at INTEGER;
    -- A JSON object of SHA-256 hashes; NULL until the run has started.
    ALTER TABLE run ADD COLUMN fingerprints TEXT;

    CREATE TABLE comparison (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('race', 'comparison')),
      created_at INTEGER NOT NULL,
      baseline INTEGER REFERENCES run (number) ON DELETE SET NULL
    ) STRICT;
    CREATE TABLE compared_run (
      comparison TEXT NOT NULL REFERENCES comparison (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      lane TEXT,
      hidden INTEGER NOT NULL,
      pinned INTEGER NOT NULL,
      PRIMARY KEY (comparison, position)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX compared_run_by_run ON compared_run (run);
  `,
};
