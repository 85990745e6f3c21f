/** Rolling copies of the database, made page by page through SQLite's own backup while it is in use. */

import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { SqliteConnection, SqliteConstructor } from '../sqlite.ts';
import { isDamage } from './copy-table.ts';

/** The newest ones that are kept, and how much room all but the newest may take together. */
const KEPT = 3;
const KEPT_BYTES = 2e9;
const BETWEEN_BACKUPS_MS = 24 * 3_600_000;
/** Pages a turn: a request that comes meanwhile waits a few milliseconds at most. */
const PAGES_A_TURN = 256;
const NAME = /^\d{8}T\d{6}Z\.db$/;

/** One copy of the database. */
export interface Backup {
  readonly path: string;
  /** UTC milliseconds. */
  readonly madeAt: number;
}

/** The folder beside the database that holds them. */
export function backupFolder(databasePath: string): string {
  return `${databasePath}-backups`;
}

/** Newest first. */
export function listBackups(databasePath: string): Backup[] {
  const folder = backupFolder(databasePath);
  return namesIn(folder)
    .filter((name) => NAME.test(name))
    .sort()
    .reverse()
    .map((name) => ({ path: join(folder, name), madeAt: madeAt(name) }));
}

/** True when none was made within a day of `now` (UTC milliseconds). */
export function backupIsDue(databasePath: string, now: number): boolean {
  // Either way: backups from before a clock was set back must neither put the next one off for years nor call for one
  // after the other.
  return listBackups(databasePath).every(({ madeAt }) => Math.abs(now - madeAt) >= BETWEEN_BACKUPS_MS);
}

/**
 * Makes a backup, sees that it is sound, and lets the oldest ones go. Gives its path; null when the disk has no room
 * for it, or when the copy is not sound: then the good ones before it stay. Rejects with what SQLite throws.
 */
export async function makeBackup(
  Sqlite: SqliteConstructor,
  connection: SqliteConnection,
  databasePath: string,
  now: number,
): Promise<string | null> {
  const folder = backupFolder(databasePath);
  mkdirSync(folder, { recursive: true });
  const { bavail, bsize } = await statfs(folder);
  // As much again must stay free for the database itself.
  if (bavail * bsize < 2 * statSync(databasePath).size) return null;
  const half = join(folder, 'half.db');
  removeDatabase(half);
  await connection.backup(half, { progress: () => PAGES_A_TURN });
  standAlone(Sqlite, half);
  if (!isSound(Sqlite, half)) {
    removeDatabase(half);
    return null;
  }
  const path = join(folder, `${stamp(now)}.db`);
  renameSync(half, path);
  // By its name the new one is not the newest after the clock was set back; it stays all the same.
  const others = listBackups(databasePath).filter((backup) => backup.path !== path);
  let bytes = 0;
  for (const [i, other] of others.entries()) {
    bytes += statSync(other.path).size;
    if (i + 1 >= KEPT || bytes > KEPT_BYTES) rmSync(other.path);
  }
  return path;
}

/** A copy of a database with a log says that it has one, too; it is to be a single file. */
function standAlone(Sqlite: SqliteConstructor, path: string): void {
  const connection = new Sqlite(path, { fileMustExist: true });
  connection.pragma('journal_mode = DELETE');
  connection.close();
}

/** Every page of the file is what it should be. Changes nothing. */
export function isSound(Sqlite: SqliteConstructor, path: string): boolean {
  const connection = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    return connection.pragma('quick_check(1)', { simple: true }) === 'ok';
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  } finally {
    connection.close();
  }
}

/** `20261130T051500Z`. */
export function stamp(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
}

function madeAt(name: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z/.exec(name) ?? [];
  return Date.parse(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

function removeDatabase(path: string): void {
  for (const part of ['', '-wal', '-shm', '-journal']) rmSync(path + part, { force: true });
}
