import type { Migration } from './migration.ts';

/** Sweeps, their trials, and which run belongs to which. */
export const sweeps: Migration = {
  version: 90,
  name: 'sweeps',
  sql: `
    CREATE TABLE sweep (
      number INTEGER PRIMARY KEY AUTOINCREMENT,
      id TEXT NOT NULL UNIQUE,
      name TEXT NOT NULL,
      status TEXT NOT NULL,
      spec TEXT NOT NULL,
      -- What the spec and the trials do not say, as JSON: suggestions by hand, ranges set by hand.
      progress TEXT NOT NULL,
      workers INTEGER NOT NULL,
      kernels TEXT NOT NULL,
      elapsed_ms REAL NOT NULL DEFAULT 0,
      app_version TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      ended_at INTEGER,
      deleted_at INTEGER
    ) STRICT;

    CREATE TABLE trial (
      id INTEGER PRIMARY KEY,
      sweep INTEGER NOT NULL REFERENCES sweep (number) ON DELETE CASCADE,
      number INTEGER NOT NULL,
      params TEXT NOT NULL,
      -- In the sampler's sequence; NULL for a suggestion by hand.
      place INTEGER,
      status TEXT NOT NULL,
      -- One a repeat, a JSON array.
      scores TEXT NOT NULL,
      score REAL,
      epochs INTEGER NOT NULL,
      -- A JSON object: code, message, values.
      reason TEXT,
      exempt INTEGER NOT NULL CHECK (exempt IN (0, 1)),
      losses INTEGER NOT NULL,
      ended INTEGER,
      UNIQUE (sweep, number)
    ) STRICT;

    ALTER TABLE run ADD COLUMN trial INTEGER REFERENCES trial (id) ON DELETE SET NULL;
    ALTER TABLE run ADD COLUMN repeat INTEGER;
    CREATE INDEX run_by_trial ON run (trial, repeat) WHERE trial IS NOT NULL;

    -- What a sweep is decided by, in full precision: curves hold float32. Only for runs that are trials.
    CREATE TABLE trial_report (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      epoch INTEGER NOT NULL,
      -- NULL stands for NaN.
      train_loss REAL,
      train_accuracy REAL,
      validation_loss REAL,
      validation_accuracy REAL,
      PRIMARY KEY (run, epoch)
    ) STRICT, WITHOUT ROWID;
  `,
};
