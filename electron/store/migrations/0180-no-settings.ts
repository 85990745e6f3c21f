import type { Migration } from './migration.ts';

/** The program keeps its settings in a file of their own: they are needed before the database is open. */
export const noSettings: Migration = { version: 180, name: 'no settings', sql: 'DROP TABLE setting;' };
