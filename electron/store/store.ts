/** The store: one open database and a table of handlers over it. Runs inside the store worker. */

import { say } from '../../engine/spec/message.ts';
import { statfsSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StudioFailure, type StudioError } from '../contract/outcome.ts';
import { packRows } from '../contract/packed-rows.ts';
import type {
  DatabaseInfo,
  OpenedStore,
  OpenStore,
  Recovery,
  StoreRequests,
  StoreRequestType,
} from '../contract/store-requests.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { Database } from './database.ts';
import { classify, damaged, leavesDoubt, wantsQuickCheck } from './errors.ts';
import type { DatabaseLock } from './lock.ts';
import { MIGRATIONS } from './migrations/all.ts';
import type { Migration } from './migrations/migration.ts';
import { connect, openDatabase, suspectFile, type DamageControl } from './open.ts';
import { listCheckpoints } from './reads/checkpoint-list.ts';
import { readResumePoint } from './reads/checkpoints.ts';
import { listComparisons, readComparison } from './reads/comparisons.ts';
import { readCurve } from './reads/curves.ts';
import { compareRuns } from './reads/equality.ts';
import { readHealth } from './reads/health.ts';
import { readHistograms } from './reads/histograms.ts';
import { listRuns, readDetail, runNumber } from './reads/runs.ts';
import { readSettingValues } from './reads/setting-values.ts';
import { listSweeps, loadSweep, readCurvesOf, readSweep, readSweepSummary, sweepNumber } from './reads/sweeps.ts';
import { countOpenings } from './reads/test-openings.ts';
import { readTimeline } from './reads/trial-curves.ts';
import { backupIsDue, isSound, makeBackup } from './recovery/backups.ts';
import { isDamage } from './recovery/copy-table.ts';
import { recoverDatabase } from './recovery/recover.ts';
import { loadSqlite, type SqliteConstructor } from './sqlite.ts';
import { appendToRun } from './writes/append.ts';
import { keepCheckpoint } from './writes/checkpoints.ts';
import { changeComparison, createComparison, deleteComparison, restoreComparison } from './writes/comparisons.ts';
import { markRuns } from './writes/marks.ts';
import { rewindRun } from './writes/rewind.ts';
import { createRun, interruptLeftovers, purgeRuns, renameRun, setDeleted } from './writes/runs.ts';
import {
  appendToSweep,
  createSweep,
  interruptSweeps,
  purgeSweeps,
  renameSweep,
  setSweepsDeleted,
} from './writes/sweeps.ts';
import { openTest } from './writes/test-openings.ts';

type Handlers = {
  readonly [T in Exclude<StoreRequestType, 'open' | 'close'>]: (
    db: Database,
    args: StoreRequests[T]['args'],
    store: Store,
  ) => StoreRequests[T]['result'];
};

const HANDLERS: Handlers = {
  'run:create': (db, run) => db.transaction(() => createRun(db, run)),
  'run:append': (db, append) => db.transaction(() => appendToRun(db, append)),
  'run:list': (db, { trash }) => packRows(listRuns(db, trash)),
  'run:get': (db, { id }) => readDetail(db, id),
  'run:rename': (db, { id, name }) => db.transaction(() => renameRun(db, id, name)),
  'run:trash': (db, { ids, at }) => db.transaction(() => setDeleted(db, ids, at)),
  'run:restore': (db, { ids }) => db.transaction(() => setDeleted(db, ids, null)),
  'run:purge': (db, { ids }) => purgeRuns(db, ids),
  'run:mark': (db, { ids, marks, at }) => db.transaction(() => markRuns(db, ids, marks, at)),
  'comparison:list': (db) => listComparisons(db),
  'comparison:get': (db, { id }) => readComparison(db, id),
  'comparison:create': (db, comparison) => db.transaction(() => createComparison(db, comparison)),
  'comparison:restore': (db, comparison) => db.transaction(() => restoreComparison(db, comparison)),
  'comparison:change': (db, { id, change }) => db.transaction(() => changeComparison(db, id, change)),
  'comparison:delete': (db, { id }) => {
    db.transaction(() => deleteComparison(db, id));
    return null;
  },
  'run:rewind': (db, resume) => db.transaction(() => rewindRun(db, resume)),
  'run:equality': (db, { id, other }) => compareRuns(db, id, other),
  'checkpoint:read': (db, { id, step }) => readResumePoint(db, id, step),
  'checkpoint:list': (db, { id }) => listCheckpoints(db, runNumber(db, id)),
  'checkpoint:keep': (db, { id, step, kept }) => {
    db.transaction(() => keepCheckpoint(db, id, step, kept));
    return readDetail(db, id);
  },
  'test:open': (db, { id, at, step }) => db.transaction(() => openTest(db, id, at, step)),
  'test:openings': (db, { id }) => countOpenings(db, runNumber(db, id)),
  'setting-values:read': (db, { path }) => readSettingValues(db, path),
  'curve:read': (db, query) => readCurve(db, query),
  'health:read': (db, query) => readHealth(db, query),
  'histogram:read': (db, query) => readHistograms(db, query),
  'sweep:create': (db, sweep) => db.transaction(() => createSweep(db, sweep)),
  'sweep:append': (db, append) => db.transaction(() => appendToSweep(db, append)),
  'sweep:list': (db, { trash }) => listSweeps(db, trash),
  'sweep:summary': (db, { id }) => readSweepSummary(db, id),
  'sweep:get': (db, { id }) => readSweep(db, id),
  'sweep:curves': (db, query) => readCurvesOf(db, query),
  'sweep:timeline': (db, { id }) => packRows(readTimeline(db, sweepNumber(db, id))),
  'sweep:rename': (db, { id, name }) => db.transaction(() => renameSweep(db, id, name)),
  'sweep:load': (db, { id }) => loadSweep(db, id),
  'sweep:trash': (db, { ids, at }) => db.transaction(() => setSweepsDeleted(db, ids, at)),
  'sweep:restore': (db, { ids }) => db.transaction(() => setSweepsDeleted(db, ids, null)),
  'sweep:purge': (db, { ids }) => purgeSweeps(db, ids),
  'database:info': (_db, _args, store) => store.info(),
  'database:tidy': (db) => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return null;
  },
};

/** Between two tries of a backup. */
const BACKUP_RETRY_MS = 3_600_000;

export class Store {
  readonly path: string;
  readonly opened: OpenedStore;
  readonly #Sqlite: SqliteConstructor;
  readonly #lock: DatabaseLock;
  #db: Database | null;
  /** By `performance.now()`. */
  #nextBackupAt = 0;

  /** Throws a StudioFailure when the database cannot be opened. */
  constructor({ path, program, again }: OpenStore, migrations: readonly Migration[] = MIGRATIONS) {
    this.path = path;
    this.#Sqlite = loadSqlite();
    try {
      // The command line only says that it is damaged: a repair is for somebody who is looking.
      let interrupted: RunId[] = [];
      const begin = (db: Database): void => {
        if (again !== true) interrupted = db.transaction(() => interruptAll(db));
      };
      const damage = program === 'the app' ? this.#damageControl(migrations, begin) : null;
      const { db, lock, migration, recovery } = openDatabase(this.#Sqlite, path, program, migrations, damage);
      this.#db = db;
      this.#lock = lock;
      if (damage === null) begin(db);
      this.opened = {
        path,
        schemaVersion: migration.to,
        backupPath: migration.backupPath,
        interrupted,
        recovery,
      };
    } catch (error) {
      throw new StudioFailure(classify(error, path));
    }
  }

  /** Answers one request. Throws a StudioFailure. */
  handle<T extends keyof Handlers>(type: T, args: StoreRequests[T]['args']): StoreRequests[T]['result'] {
    try {
      this.#db ??= connect(this.#Sqlite, this.path).db;
      const handler: Handlers[T] = HANDLERS[type];
      return handler(this.#db, args, this);
    } catch (error) {
      throw this.#failure(error);
    }
  }

  info(): DatabaseInfo {
    const db = this.#connected();
    const sizeBytes = ['', '-wal'].reduce((sum, suffix) => sum + fileSize(this.path + suffix), 0);
    const sqliteVersion = db.get<{ version: string }>('SELECT sqlite_version() AS version')?.version ?? '';
    return { path: this.path, schemaVersion: Number(db.pragma('user_version')), sqliteVersion, sizeBytes };
  }

  /** Makes the day's backup unless it is there, or one was tried within the hour. Requests are answered meanwhile. */
  async backUpWhenDue(): Promise<void> {
    const db = this.#db;
    // One at a time, and one that found no room or no sound copy is not repeated at every pause.
    if (performance.now() < this.#nextBackupAt) return;
    if (db === null || !backupIsDue(this.path, Date.now())) return;
    if (db.get('SELECT 1 FROM run LIMIT 1') === undefined) return;
    this.#nextBackupAt = Infinity;
    try {
      await makeBackup(this.#Sqlite, db.connection, this.path, Date.now());
    } finally {
      this.#nextBackupAt = performance.now() + BACKUP_RETRY_MS;
    }
  }

  /** Empties the write-ahead log, closes the connection and gives the lock back. */
  close(): void {
    try {
      this.#db?.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      this.#db?.connection.close();
    } catch (error) {
      throw new StudioFailure(classify(error, this.path));
    } finally {
      this.#db = null;
      this.#lock.release();
    }
  }

  #connected(): Database {
    if (this.#db === null) throw new Error('the database is closed');
    return this.#db;
  }

  #damageControl(migrations: readonly Migration[], begin: (db: Database) => void): DamageControl<Recovery> {
    return {
      begin,
      isSound: () => isSound(this.#Sqlite, this.path),
      recover: () => recoverDatabase(this.#Sqlite, this.path, migrations, Date.now()),
    };
  }

  #failure(error: unknown): StudioFailure {
    if (isDamage(error)) this.#suspect(error);
    if (wantsQuickCheck(error) && this.#db !== null) {
      const check = String(this.#db.pragma('quick_check(1)'));
      if (check !== 'ok') return new StudioFailure(damaged(this.path, check));
    }
    const failure = new StudioFailure(withFreeSpace(classify(error, this.path), this.path));
    // Whether the transaction was committed is known only to a fresh connection; the next request opens one.
    if (leavesDoubt(error)) this.#drop();
    return failure;
  }

  /** The next start looks at every page before it uses the database. */
  #suspect(error: unknown): void {
    try {
      writeFileSync(suspectFile(this.path), `${error instanceof Error ? error.message : String(error)}\n`);
    } catch (failure) {
      // A disk that takes nothing more; the error itself is what a person must hear of.
      console.error('the doubt about the database could not be noted:', failure);
    }
  }

  #drop(): void {
    const db = this.#db;
    this.#db = null;
    db?.connection.close();
  }
}

/** What an earlier process left running. Returns its runs. */
function interruptAll(db: Database): RunId[] {
  interruptSweeps(db);
  return interruptLeftovers(db);
}

/** Whoever makes room wants to know how much there is. */
function withFreeSpace(error: StudioError, path: string): StudioError {
  if (error.code !== 'disk_full') return error;
  const { bavail, bsize } = statfsSync(dirname(path));
  const free = ((bavail * bsize) / 1e6).toFixed(1);
  return { ...error, ...say`${error}; ${free} MB are free there` };
}

function fileSize(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
