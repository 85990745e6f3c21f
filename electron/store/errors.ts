/** SQLite's errors, classified once at the store's edge. */

import { say, word } from '../../engine/spec/message.ts';
import { StudioFailure, type StudioError, type StudioErrorCode } from '../contract/outcome.ts';

/** Prefixes of SQLite's result codes and what they mean for a person; the first that fits decides. */
const MEANINGS: readonly (readonly [prefix: string, code: StudioErrorCode, what: string])[] = [
  ['SQLITE_FULL', 'disk_full', 'the disk is full'],
  ['SQLITE_IOERR_WRITE', 'disk_full', 'the disk is full or refuses to be written'],
  ['SQLITE_IOERR_SHMSIZE', 'disk_full', 'the disk is full'],
  ['SQLITE_READONLY', 'read_only', 'the database file cannot be written'],
  ['SQLITE_CANTOPEN', 'read_only', 'the database file cannot be opened or created'],
  ['SQLITE_PERM', 'read_only', 'the database file may not be opened'],
  ['SQLITE_CORRUPT', 'database_damaged', 'the database file is damaged'],
  ['SQLITE_NOTADB', 'database_damaged', 'the file is not a database of this program'],
  ['SQLITE_BUSY', 'conflict', 'another process is using the database'],
  ['SQLITE_LOCKED', 'conflict', 'the database is locked'],
  ['SQLITE_TOOBIG', 'bad_request', 'a value is larger than the database can hold'],
  ['SQLITE_IOERR', 'internal', 'the disk reported an error'],
];

/** True for errors after which it is open whether the transaction was committed: the database must be opened anew. */
export function leavesDoubt(error: unknown): boolean {
  const code = sqliteCode(error);
  return code !== null && (code.startsWith('SQLITE_IOERR') || code === 'SQLITE_FULL');
}

/** True for an error that can mean a damaged page although its code says something else. */
export function wantsQuickCheck(error: unknown): boolean {
  return sqliteCode(error)?.startsWith('SQLITE_NOMEM') === true;
}

export function damaged(path: string, detail: string): StudioError {
  return {
    code: 'database_damaged',
    ...say`${path}: the database file is damaged (${detail}); start the Descent app again: it keeps the damaged file and recovers what can be read`,
  };
}

/** Any error as what crosses the wire. `path` names the database in the message. */
export function classify(error: unknown, path: string): StudioError {
  if (error instanceof StudioFailure) return error.error;
  const message = error instanceof Error ? error.message : String(error);
  const code = sqliteCode(error);
  const meaning = code === null ? undefined : MEANINGS.find(([prefix]) => code.startsWith(prefix));
  if (meaning === undefined) return { code: 'internal', ...say`${path}: ${message}` };
  if (meaning[1] === 'database_damaged') return damaged(path, message);
  return { code: meaning[1], ...say`${path}: ${word(meaning[2])} (${code ?? ''}: ${message})` };
}

/** "SQLITE_FULL" and the like, or null for any other kind of error. */
export function sqliteCode(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && error.code.startsWith('SQLITE_') ? error.code : null;
}
