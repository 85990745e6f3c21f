import { say, word } from '../../../engine/spec/message.ts';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import { MIGRATIONS } from '../../../electron/store/migrations/all.ts';
import { openDatabase } from '../../../electron/store/open.ts';
import { checkSqliteRuntime } from '../../../electron/store/sqlite.ts';
import { Store } from '../../../electron/store/store.ts';
import { newRun, RUN_A } from './run-samples.ts';
import { openStore, temporaryFolder } from './support.ts';

function failure(work: () => unknown): StudioFailure {
  try {
    work();
  } catch (error) {
    if (error instanceof StudioFailure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const NEWEST = MIGRATIONS.at(-1)?.version ?? 0;

describe('opening a database', () => {
  it('keeps full synchronisation, foreign keys and the write-ahead log after the first write', () => {
    const path = join(temporaryFolder(), 'db');
    const { db, lock } = openDatabase(Sqlite, path, 'the app');
    db.run(`INSERT INTO comparison (id, name, kind, created_at) VALUES ('a', 'b', 'race', 1)`);
    expect(db.pragma('synchronous')).toBe(2);
    expect(db.pragma('foreign_keys')).toBe(1);
    expect(db.pragma('journal_mode')).toBe('wal');
    db.connection.close();
    lock.release();
  });

  it('makes the missing folder', () => {
    const path = join(temporaryFolder(), 'a', 'b', 'db');
    expect(openStore(path).opened).toMatchObject({ schemaVersion: NEWEST, backupPath: null, interrupted: [] });
  });

  it('makes every table STRICT', () => {
    const path = join(temporaryFolder(), 'db');
    openStore(path).close();
    const db = new Sqlite(path, { readonly: true });
    const tables = db.prepare(`SELECT name, strict FROM pragma_table_list WHERE name NOT LIKE 'sqlite_%'`).all();
    db.close();
    expect(tables.length).toBeGreaterThanOrEqual(11);
    expect(tables.filter((table) => (table as { strict: number }).strict !== 1)).toEqual([]);
  });

  it('refuses a database of a newer version and leaves it as it is', () => {
    const path = join(temporaryFolder(), 'db');
    const db = new Sqlite(path);
    db.exec('CREATE TABLE later (a); PRAGMA user_version = 9999');
    db.close();
    const { error } = failure(() => new Store({ path, program: 'the app' }));
    expect(error.code).toBe('database_newer');
    expect(error.message).toContain(`schema is 9999, this version knows ${NEWEST}`);
    const after = new Sqlite(path, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(9999);
    expect(after.prepare(`SELECT name FROM sqlite_schema`).all()).toEqual([{ name: 'later' }]);
    after.close();
  });

  it('says so when the file is no database', () => {
    const path = join(temporaryFolder(), 'db');
    writeFileSync(path, Buffer.alloc(8192, 'not a database '));
    expect(failure(() => new Store({ path, program: 'the command line' })).error.code).toBe('database_damaged');
  });

  it('says so when the folder cannot be made', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    const { error } = failure(() => new Store({ path: join(folder, 'file', 'db'), program: 'the app' }));
    expect(error.code).toBe('read_only');
  });

  it('marks what an earlier process left running as interrupted', () => {
    const path = join(temporaryFolder(), 'db');
    const first = openStore(path);
    first.handle('run:create', newRun());
    first.handle('run:append', { id: RUN_A, status: 'running' });
    first.close();
    const second = openStore(path);
    expect(second.opened.interrupted).toEqual([RUN_A]);
    const detail = second.handle('run:get', { id: RUN_A });
    expect(detail.summary.status).toBe('interrupted');
    expect(detail.message).toEqual(say`the program ended while the run was ${word('running')}`);
  });
});

describe('the runtime check', () => {
  it('refuses an older Node-API unless another module is named', () => {
    expect(failure(() => checkSqliteRuntime('9', undefined)).error).toMatchObject({
      code: 'environment',
      message: expect.stringContaining('Node-API 10') as string,
    });
    expect(() => checkSqliteRuntime('9', '/some/better-sqlite3')).not.toThrow();
    expect(() => checkSqliteRuntime('10', undefined)).not.toThrow();
  });
});

describe('migrations', () => {
  it.each(MIGRATIONS.map((_, n) => n + 1))('bring a database with the first %i of them to the newest schema', (n) => {
    const path = join(temporaryFolder(), 'db');
    const old = openDatabase(Sqlite, path, 'the app', MIGRATIONS.slice(0, n));
    old.db.run(
      `INSERT INTO run (id, name, status, spec, data, model, optimizer, lr, parameters, task, steps_per_epoch,
         steps_planned, epochs_planned, input_shape, output_names, train_rows, validation_rows, test_rows,
         app_version, created_at)
       VALUES (?, 'kept', 'completed', '{}', 'digits', 'm', 'sgd', 0.1, 1, 'classification', 1, 1, 1, '[]', '[]',
         1, 0, 0, '0', 0)`,
      [RUN_A],
    );
    old.db.connection.close();
    old.lock.release();

    const store = openStore(path);
    expect(store.opened.schemaVersion).toBe(NEWEST);
    expect(unpackRows(store.handle('run:list', { trash: false }))).toMatchObject([
      { id: RUN_A, name: 'kept', number: 1 },
    ]);
    const backups = readdirSync(join(path, '..')).filter((name) => name.includes('.before-schema-'));
    if (n === MIGRATIONS.length) {
      expect(backups).toEqual([]);
    } else {
      expect(backups).toHaveLength(1);
      const backup = new Sqlite(store.opened.backupPath ?? '', { readonly: true });
      expect(backup.pragma('user_version', { simple: true })).toBe(MIGRATIONS[n - 1]?.version);
      expect(backup.prepare('SELECT name FROM run').all()).toEqual([{ name: 'kept' }]);
      backup.close();
    }
  });

  it('that fail leave the version and the tables of before', () => {
    const path = join(temporaryFolder(), 'db');
    openStore(path).close();
    const broken = { version: NEWEST + 10, name: 'broken', sql: 'CREATE TABLE half (a) STRICT; SELECT nonsense' };
    expect(() => openDatabase(Sqlite, path, 'the app', [...MIGRATIONS, broken])).toThrow(
      `migration ${NEWEST + 10} broken failed`,
    );
    const after = new Sqlite(path, { readonly: true });
    expect(after.pragma('user_version', { simple: true })).toBe(NEWEST);
    expect(after.prepare(`SELECT name FROM sqlite_schema WHERE name = 'half'`).all()).toEqual([]);
    after.close();
    // The failed attempt gave its lock back.
    openStore(path);
  });

  it('must be numbered in order', () => {
    const path = join(temporaryFolder(), 'db');
    expect(() => openDatabase(Sqlite, path, 'the app', [...MIGRATIONS].reverse())).toThrow('out of order');
  });
});
