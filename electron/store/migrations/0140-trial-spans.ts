import type { Migration } from './migration.ts';

/** Which worker trained a trial's run from when to when. */
export const trialSpans: Migration = {
  version: 140,
  name: 'trial spans',
  sql: `
    CREATE TABLE trial_span (
      run INTEGER NOT NULL REFERENCES run (number) ON DELETE CASCADE,
      worker TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      -- NULL while it goes on.
      ended_at INTEGER,
      PRIMARY KEY (run, started_at)
    ) STRICT, WITHOUT ROWID;
  `,
};
