/**
 * A damaged database at the start of the app: what can be read of it becomes a new one, or the newest sound backup
 * does when that holds more. The damaged files are moved aside together and never deleted.
 */

import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Recovery } from '../../contract/store-requests.ts';
import type { Migration } from '../migrations/migration.ts';
import type { SqliteConstructor } from '../sqlite.ts';
import { isSound, listBackups, stamp } from './backups.ts';
import { salvage } from './salvage.ts';

const LOG_PARTS = ['-wal', '-shm'] as const;

/** The caller holds the lock of the database and has no connection to it. */
export function recoverDatabase(
  Sqlite: SqliteConstructor,
  path: string,
  migrations: readonly Migration[],
  now: number,
): Recovery {
  const fresh = `${path}.recovering`;
  try {
    return replace(Sqlite, path, fresh, migrations, now);
  } finally {
    // What a full disk left half made.
    remove(fresh);
  }
}

function replace(
  Sqlite: SqliteConstructor,
  path: string,
  fresh: string,
  migrations: readonly Migration[],
  now: number,
): Recovery {
  remove(fresh);
  const salvaged = salvage(Sqlite, path, fresh, migrations);
  const backup = newestSoundBackup(Sqlite, path);
  const fromBackup = backup !== null && backup.runs.length > (salvaged?.runs.length ?? 0);
  if (fromBackup) {
    remove(fresh);
    copyFileSync(backup.path, fresh);
  }
  // Nothing has been touched so far; a full disk ends above this line.
  const keptAs = putAside(path, fresh, now);
  if (fromBackup) {
    return {
      keptAs,
      source: 'backup',
      madeAt: backup.madeAt,
      runs: backup.runs.length,
      lostCurves: 0,
      lostCheckpoints: 0,
    };
  }
  const { runs = [], lostCurves = 0, lostCheckpoints = 0 } = salvaged ?? {};
  const source = salvaged === null ? 'nothing' : 'salvage';
  return { keptAs, source, madeAt: null, runs: runs.length, lostCurves, lostCheckpoints };
}

function newestSoundBackup(
  Sqlite: SqliteConstructor,
  path: string,
): { readonly path: string; readonly madeAt: number; readonly runs: readonly RunId[] } | null {
  for (const backup of listBackups(path)) {
    if (!isSound(Sqlite, backup.path)) continue;
    const connection = new Sqlite(backup.path, { fileMustExist: true });
    const rows = connection.prepare('SELECT id FROM run').all() as { id: RunId }[];
    connection.close();
    return { ...backup, runs: rows.map(({ id }) => id) };
  }
  return null;
}

/**
 * Database, log and index are kept together: apart they would be worth nothing to whoever looks at them. The database
 * gets a second name before the new one takes its place, so that there is one under its own name at every moment.
 */
function putAside(path: string, fresh: string, now: number): string {
  let keptAs = `${path}.damaged-${stamp(now)}`;
  for (let more = 2; existsSync(keptAs); more++) keptAs = `${path}.damaged-${stamp(now)}-${more}`;
  nameToo(path, keptAs);
  for (const part of LOG_PARTS) if (existsSync(path + part)) renameSync(path + part, keptAs + part);
  if (existsSync(fresh)) renameSync(fresh, path);
  else rmSync(path, { force: true });
  return keptAs;
}

/** Some disks know no second names. */
function nameToo(path: string, name: string): void {
  try {
    linkSync(path, name);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    renameSync(path, name);
  }
}

function remove(path: string): void {
  for (const part of ['', ...LOG_PARTS]) rmSync(path + part, { force: true });
}
