import type { Migration } from './migration.ts';

/** Settings of the program, one JSON value a key. */
export const settings: Migration = {
  version: 50,
  name: 'settings',
  sql: `
    CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
};
