import type { Migration } from './migration.ts';

/** What it takes to say a run's message in another language than English. */
export const wording: Migration = {
  version: 960,
  name: 'wording',
  sql: `
    -- JSON: code, values. NULL: the message is its own code.
    ALTER TABLE run ADD COLUMN wording TEXT;
  `,
};
