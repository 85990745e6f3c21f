/** Opens the one connection to a database: lock, write-ahead log, full synchronisation, newest schema. */

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreProgram } from '../contract/store-requests.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { Database } from './database.ts';
import { takeLock, type DatabaseLock } from './lock.ts';
import { migrate, type MigrationResult } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import type { SqliteConnection, SqliteConstructor } from './sqlite.ts';

const LOG_BYTES = 64 * 1024 * 1024;

export interface OpenDatabase {
  readonly db: Database;
  readonly lock: DatabaseLock;
  readonly migration: MigrationResult;
}

/** Throws what SQLite throws, or a StudioFailure (`conflict`, `database_newer`, `database_damaged`). */
export function openDatabase(
  Sqlite: SqliteConstructor,
  path: string,
  program: StoreProgram,
  migrations: readonly Migration[] = MIGRATIONS,
): OpenDatabase {
  makeFolder(path);
  const lock = takeLock(Sqlite, path, program);
  try {
    const { db, migration } = connect(Sqlite, path, migrations);
    return { db, lock, migration };
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** A second attempt on a database whose lock this process still holds. */
export function connect(
  Sqlite: SqliteConstructor,
  path: string,
  migrations: readonly Migration[] = MIGRATIONS,
): { db: Database; migration: MigrationResult } {
  const connection = new Sqlite(path, { timeout: 2000 });
  try {
    // Only a new, empty file takes this; it lets a purge give pages back.
    connection.pragma('auto_vacuum = INCREMENTAL');
    connection.pragma('journal_mode = WAL');
    // Said out loud: builds of SQLite may default to NORMAL in a write-ahead log, and only after the first write.
    connection.pragma('synchronous = FULL');
    connection.pragma('foreign_keys = ON');
    // A large checkpoint makes the log grow; it gives the space back when it is next emptied.
    connection.pragma(`journal_size_limit = ${LOG_BYTES}`);
    const db = new Database(connection);
    const migration = migrate(db, path, migrations);
    firstWrite(db);
    checkPragmas(connection, path);
    return { db, migration };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function firstWrite(db: Database): void {
  db.transaction(() => db.exec(`PRAGMA user_version = ${Number(db.pragma('user_version'))}`));
}

/** Read back after a write, because that is when a build's own default would creep in. */
function checkPragmas(connection: SqliteConnection, path: string): void {
  const wanted = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 } as const;
  for (const [name, value] of Object.entries(wanted)) {
    const got = connection.pragma(name, { simple: true });
    if (got !== value) {
      throw new StudioFailure({
        code: 'environment',
        message: `${path}: expected ${name} ${value}, the database module gives ${String(got)}; a commit would not be safe`,
      });
    }
  }
}

function makeFolder(path: string): void {
  const folder = dirname(path);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StudioFailure({ code: 'read_only', message: `${folder}: cannot make the database's folder (${reason})` });
  }
}
