/**
 * One process owns a database at a time. The lock is a tiny SQLite file beside the database in which the owner keeps
 * a write transaction open: the system lets go of it when the process dies, however it dies, so a dead owner's lock
 * is simply free and no process number can be mistaken for another. The row inside says whose it is.
 */

import { say, type Message } from '../../engine/spec/message.ts';
import { rmSync } from 'node:fs';
import type { StoreProgram } from '../contract/store-requests.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { sqliteCode } from './errors.ts';
import type { SqliteConnection, SqliteConstructor } from './sqlite.ts';

export interface LockOwner {
  readonly pid: number;
  readonly program: StoreProgram;
  /** UTC milliseconds. */
  readonly startedAt: number;
}

export interface DatabaseLock {
  release(): void;
}

/** A connection nobody refers to would be closed by the garbage collector, and the lock with it. */
const LOCKS = new Set<SqliteConnection>();

/** Takes the lock for this process. Throws a StudioFailure (`conflict`) naming the owner when another one has it. */
export function takeLock(Sqlite: SqliteConstructor, databasePath: string, program: StoreProgram): DatabaseLock {
  const path = `${databasePath}-lock`;
  let connection = openLockFile(Sqlite, path);
  if (connection === null) {
    // The machine went down while the few bytes were written. They hold nothing but a name.
    rmSync(path);
    connection = openLockFile(Sqlite, path);
    if (connection === null) throw new Error(`${path}: cannot be used as a lock file`);
  }
  const held = connection;
  try {
    held.exec('BEGIN IMMEDIATE');
    held.exec('DELETE FROM owner');
    held.prepare('INSERT INTO owner VALUES (?, ?, ?)').run(process.pid, program, Date.now());
    // Published by the commit; whoever slips in before the next line simply is the owner.
    held.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const owner = sqliteCode(error)?.startsWith('SQLITE_BUSY') === true ? readOwner(held) : null;
    held.close();
    if (owner === null) throw error;
    throw new StudioFailure({ code: 'conflict', ...describeConflict(databasePath, owner) });
  }
  LOCKS.add(held);
  return {
    release: () => {
      LOCKS.delete(held);
      held.close();
    },
  };
}

/** null when the file is not a database (cut short by a power loss). */
function openLockFile(Sqlite: SqliteConstructor, path: string): SqliteConnection | null {
  const connection = new Sqlite(path, { timeout: 200 });
  try {
    // Nothing in the file outlives its owner, so it need not survive a power loss.
    connection.pragma('synchronous = OFF');
    connection.exec(
      'CREATE TABLE IF NOT EXISTS owner (pid INTEGER NOT NULL, program TEXT NOT NULL, started_at INTEGER NOT NULL) STRICT',
    );
    return connection;
  } catch (error) {
    const code = sqliteCode(error) ?? '';
    // Reading the schema waits for no one; a busy file has been set up by its owner.
    if (code.startsWith('SQLITE_BUSY')) return connection;
    connection.close();
    if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT')) return null;
    throw error;
  }
}

function readOwner(connection: SqliteConnection): LockOwner | null {
  return (
    (connection.prepare('SELECT pid, program, started_at AS startedAt FROM owner').get() as LockOwner | undefined) ??
    null
  );
}

function describeConflict(databasePath: string, owner: LockOwner): Message {
  const since = new Date(owner.startedAt).toISOString().replace('T', ' ').slice(0, 19);
  return say`${databasePath} is in use by ${owner.program} (process ${owner.pid}, since ${since} UTC); close it, or use another database with --db FILE`;
}
