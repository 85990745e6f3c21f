import type { Migration } from './migration.ts';

/** Checkpoints: raw bytes with their SHA-256, in parts because one BLOB holds at most a gigabyte. */
export const checkpoints: Migration = {
  version: 40,
  name: 'checkpoints',
  sql: `
    CREATE TABLE checkpoint (
      id INTEGER PRIMARY KEY,
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      step INTEGER NOT NULL,
      epoch INTEGER NOT NULL,
      elapsed_ms REAL NOT NULL,
      -- 1 when it was taken right after the best epoch so far.
      best INTEGER NOT NULL,
      saved_at INTEGER NOT NULL,
      size_bytes INTEGER NOT NULL,
      sha256 TEXT NOT NULL,
      UNIQUE (run, step)
    ) STRICT;

    CREATE TABLE checkpoint_part (
      checkpoint INTEGER NOT NULL REFERENCES checkpoint (id) ON DELETE CASCADE,
      part INTEGER NOT NULL,
      bytes BLOB NOT NULL,
      PRIMARY KEY (checkpoint, part)
    ) STRICT;
  `,
};
