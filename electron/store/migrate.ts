/** Brings a database to the newest schema, one transaction a migration, after a copy was made of one in use. */

import { say } from '../../engine/spec/message.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { Database } from './database.ts';
import { damaged } from './errors.ts';
import type { Migration } from './migrations/migration.ts';

export interface MigrationResult {
  readonly from: number;
  readonly to: number;
  readonly backupPath: string | null;
}

/** Throws a StudioFailure: `database_newer` (nothing was written), `database_damaged` when the result does not hold together. */
export function migrate(db: Database, path: string, migrations: readonly Migration[]): MigrationResult {
  const from = Number(db.pragma('user_version'));
  const to = checkOrder(migrations);
  if (from > to) {
    throw new StudioFailure({
      code: 'database_newer',
      ...say`${path} was written by a newer version of Descent (its schema is ${from}, this version knows ${to}); update Descent or use another database`,
    });
  }
  if (from === to) return { from, to, backupPath: null };
  const backupPath = from === 0 ? null : backUp(db, path, from);
  for (const migration of migrations) {
    if (migration.version > from) apply(db, migration);
  }
  if (from !== 0) checkSound(db, path);
  return { from, to, backupPath };
}

function checkOrder(migrations: readonly Migration[]): number {
  let last = 0;
  for (const { version, name } of migrations) {
    if (version <= last) throw new Error(`migration ${version} ${name} is out of order after ${last}`);
    last = version;
  }
  return last;
}

function apply(db: Database, migration: Migration): void {
  try {
    db.transaction(() => {
      db.exec(migration.sql);
      db.exec(`PRAGMA user_version = ${migration.version}`);
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`migration ${migration.version} ${migration.name} failed: ${reason}`, { cause: error });
  }
}

/** A consistent copy beside the database; the write-ahead log is in it. An earlier copy of the same version stays. */
function backUp(db: Database, path: string, version: number): string {
  const stamp = new Date().toISOString().replace(/[-:]/g, '').slice(0, 15);
  const backupPath = `${path}.before-schema-${version}-${stamp}`;
  db.run('VACUUM INTO ?', [backupPath]);
  return backupPath;
}

function checkSound(db: Database, path: string): void {
  const broken = db.all('PRAGMA foreign_key_check').length;
  const check = String(db.pragma('integrity_check(1)'));
  if (broken > 0 || check !== 'ok') {
    throw new StudioFailure(damaged(path, broken > 0 ? `${broken} rows point to nothing` : check));
  }
}
