/** Opens the one connection to a database: lock, write-ahead log, full synchronisation, newest schema. */

import { say } from '../../engine/spec/message.ts';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { StoreProgram } from '../contract/store-requests.ts';
import { StudioFailure } from '../contract/outcome.ts';
import { Database } from './database.ts';
import { classify, wantsQuickCheck } from './errors.ts';
import { takeLock, type DatabaseLock } from './lock.ts';
import { migrate, type MigrationResult } from './migrate.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import type { SqliteConnection, SqliteConstructor } from './sqlite.ts';

const LOG_BYTES = 64 * 1024 * 1024;

/** A database in doubt has a file of this name beside it; it is looked at when it is opened the next time. */
export function suspectFile(path: string): string {
  return `${path}-suspect`;
}

/** What to do about a damaged database. */
export interface DamageControl<R> {
  /** Looks at every page. */
  readonly isSound: () => boolean;
  /** Puts a sound one in its place. */
  readonly recover: () => R;
  /** What the database is opened for; damage it meets counts as met while opening. */
  readonly begin: (db: Database) => void;
}

export interface OpenDatabase<R = null> {
  readonly db: Database;
  readonly lock: DatabaseLock;
  readonly migration: MigrationResult;
  /** What the damage control gave; null for a sound database. */
  readonly recovery: R | null;
}

/** Throws what SQLite throws, or a StudioFailure (`conflict`, `database_newer`, `database_damaged`). */
export function openDatabase<R = null>(
  Sqlite: SqliteConstructor,
  path: string,
  program: StoreProgram,
  migrations: readonly Migration[] = MIGRATIONS,
  damage: DamageControl<R> | null = null,
): OpenDatabase<R> {
  makeFolder(path);
  const lock = takeLock(Sqlite, path, program);
  try {
    return { lock, ...connectOrRecover(Sqlite, path, migrations, damage) };
  } catch (error) {
    lock.release();
    throw error;
  }
}

function connectOrRecover<R>(
  Sqlite: SqliteConstructor,
  path: string,
  migrations: readonly Migration[],
  damage: DamageControl<R> | null,
): { readonly db: Database; readonly migration: MigrationResult; readonly recovery: R | null } {
  if (damage === null) return { ...connect(Sqlite, path, migrations), recovery: null };
  let recovery: R | null = null;
  if (existsSync(suspectFile(path)) && existsSync(path) && !damage.isSound()) recovery = damage.recover();
  rmSync(suspectFile(path), { force: true });
  const begin = (): ReturnType<typeof connect> => {
    const connected = connect(Sqlite, path, migrations);
    try {
      damage.begin(connected.db);
      return connected;
    } catch (error) {
      connected.db.connection.close();
      throw error;
    }
  };
  try {
    return { ...begin(), recovery };
  } catch (error) {
    if (recovery !== null || !isDamaged(error) || damage.isSound()) throw error;
    recovery = damage.recover();
    return { ...begin(), recovery };
  }
}

function isDamaged(error: unknown): boolean {
  if (wantsQuickCheck(error) || classify(error, '').code === 'database_damaged') return true;
  return error instanceof Error && error.cause !== undefined && isDamaged(error.cause);
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
        ...say`${path}: expected ${name} ${value}, the database module gives ${String(got)}; a commit would not be safe`,
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
    throw new StudioFailure({ code: 'read_only', ...say`${folder}: cannot make the database's folder (${reason})` });
  }
}
