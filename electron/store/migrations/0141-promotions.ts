import type { Migration } from './migration.ts';

/** Promoted trials, and every time they opened the sealed test split of their sweep. */
export const promotions: Migration = {
  version: 141,
  name: 'promotions',
  sql: `
    ALTER TABLE run ADD COLUMN promoted_from INTEGER REFERENCES trial (id) ON DELETE SET NULL;
    CREATE INDEX run_by_promotion ON run (promoted_from) WHERE promoted_from IS NOT NULL;

    -- Beside the openings of a run: these count for the sweep even when the run is gone.
    CREATE TABLE sweep_opening (
      id INTEGER PRIMARY KEY,
      sweep INTEGER NOT NULL REFERENCES sweep (number) ON DELETE CASCADE,
      run INTEGER REFERENCES run (number) ON DELETE SET NULL,
      opened_at INTEGER NOT NULL,
      UNIQUE (run, opened_at)
    ) STRICT;
    CREATE INDEX sweep_opening_by_sweep ON sweep_opening (sweep);
  `,
};
