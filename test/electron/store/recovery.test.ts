/** Damaged databases opened by the app: what reads is kept, the damaged files too, a sound backup is used when it holds more. */

import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Recovery } from '../../../electron/contract/store-requests.ts';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import {
  backupFolder,
  backupIsDue,
  isSound,
  listBackups,
  makeBackup,
} from '../../../electron/store/recovery/backups.ts';
import { copyTable } from '../../../electron/store/recovery/copy-table.ts';
import { Store } from '../../../electron/store/store.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve } from '../../../engine/spec/metric.ts';
import { required } from '../../support/required.ts';
import { checkpoint, chunk, epoch, newRun, started } from './run-samples.ts';
import { openStore, temporaryFolder } from './support.ts';

const PAGE = 4096;
const idOf = (i: number): RunId => i.toString().padStart(12, '0') as RunId;

function fill(store: Store, runs: number, points = 600): void {
  for (let i = 0; i < runs; i++) {
    const id = idOf(i);
    store.handle('run:create', newRun(id));
    store.handle('run:append', {
      id,
      status: 'completed',
      started: { at: 1, report: started() },
      chunks: [
        chunk(
          0,
          Array.from({ length: points }, (_, step) => Math.sin(step + i)),
          { id },
        ),
      ],
      epochs: [epoch(1)],
      checkpoints: [checkpoint(points, new Uint8Array(5000).fill(i))],
    });
  }
}

/** A closed database of that many runs. */
function sample(runs: number, points?: number): string {
  const path = join(temporaryFolder(), 'descent.db');
  const store = openStore(path);
  fill(store, runs, points);
  store.close();
  return path;
}

/** Places of a table's pages in the file, from 0. */
function pagesOf(path: string, table: string, kind = '%'): ReadonlySet<number> {
  const db = new Sqlite(path, { readonly: true });
  const sql = 'SELECT pageno FROM dbstat WHERE name = ? AND pagetype LIKE ? ORDER BY pageno';
  const rows = db.prepare(sql).all(table, kind) as { pageno: number }[];
  db.close();
  return new Set(rows.map(({ pageno }) => pageno - 1));
}

/** A leaf page of a table. */
function pageOf(path: string, table: string, leaf: number): number {
  const page = [...pagesOf(path, table, 'leaf')][leaf];
  if (page === undefined) throw new Error(`${table} has no leaf page ${leaf}`);
  return page;
}

/** Overwrites bytes, and sees that they were others before. */
function damage(path: string, at: number, length: number): Buffer {
  const bytes = readFileSync(path);
  const before = Buffer.from(bytes.subarray(at, at + length));
  bytes.fill(0xa5, at, at + length);
  expect(bytes.subarray(at, at + length).equals(before)).toBe(false);
  writeFileSync(path, bytes);
  return bytes;
}

function openApp(path: string): Store {
  const store = new Store({ path, program: 'the app' });
  onTestFinished(() => store.close());
  return store;
}

interface RunContents {
  readonly summary: RunSummary;
  readonly curve: Curve;
  readonly checkpoint: Uint8Array | null;
}

/** Everything that can be read of each run; throws at the first thing that cannot. */
function contents(store: Store): Map<RunId, RunContents> {
  const rows = unpackRows(store.handle('run:list', { trash: false }));
  return new Map(
    rows.map((summary) => {
      const { id } = summary;
      const curve = store.handle('curve:read', { id, metric: 'loss', split: 'batch', maxPoints: null });
      return [id, { summary, curve, checkpoint: store.handle('checkpoint:read', { id }).bytes }];
    }),
  );
}

/** A curve or a checkpoint may be gone, but none may be another. */
function expectSameOrLess(got: RunContents, wanted: RunContents | undefined, where: string): void {
  const { resumable: _a, ...summary } = got.summary;
  const { resumable: _b, ...whole } = wanted?.summary ?? got.summary;
  expect(summary, where).toEqual(whole);
  if (got.curve.total > 0) expect(got.curve, where).toEqual(wanted?.curve);
  if (got.checkpoint !== null) expect(got.checkpoint, where).toEqual(wanted?.checkpoint);
}

/** Uses a database until its damage shows, as often as it takes; null when it never does. */
function useUntilRecovered(path: string): { readonly store: Store; readonly recovery: Recovery | null } {
  for (let start = 0; ; start++) {
    const store = openApp(path);
    if (store.opened.recovery !== null) return { store, recovery: store.opened.recovery };
    try {
      contents(store);
      return { store, recovery: null };
    } catch (error) {
      expect((error as StudioFailure).error).toMatchObject({ code: 'database_damaged' });
      expect(start).toBe(0);
    }
    try {
      store.close();
    } catch (error) {
      expect(error).toBeInstanceOf(StudioFailure);
    }
    // A curve whose bytes are wrong is told by its checksum; the database around it is sound and stays.
    if (!existsSync(`${path}-suspect`)) return { store, recovery: null };
  }
}

describe('a damaged page, wherever it lies', () => {
  it('costs what lay in it, and nothing else', () => {
    const path = sample(6);
    const whole = contents(openApp(path));
    const pages = readFileSync(path).length / PAGE;
    const schemaPages = pagesOf(path, 'sqlite_schema');
    let recovered = 0;
    for (let page = 1; page < pages; page++) {
      const copy = join(temporaryFolder(), 'descent.db');
      copyFileSync(path, copy);
      damage(copy, page * PAGE, PAGE);
      const { store, recovery } = useUntilRecovered(copy);
      if (recovery === null) continue;
      recovered++;
      // Without the list of its tables nothing of a file can be told apart.
      expect(recovery.source, `page ${page}`).toBe(schemaPages.has(page) ? 'nothing' : 'salvage');
      const kept = readFileSync(recovery.keptAs).subarray(page * PAGE, (page + 1) * PAGE);
      expect(kept.equals(Buffer.alloc(PAGE, 0xa5)), `page ${page}`).toBe(true);
      const left = contents(store);
      expect(left.size).toBe(recovery.runs);
      for (const [id, run] of left) expectSameOrLess(run, whole.get(id), `page ${page}, run ${id}`);
    }
    expect(recovered).toBeGreaterThan(5);
  });

  it('in a table of hundreds of runs takes only its own rows', () => {
    const path = sample(300, 20);
    const page = pageOf(path, 'run', 3);
    damage(path, page * PAGE, PAGE);
    expect(isSound(Sqlite, path)).toBe(false);
    const { store, recovery } = useUntilRecovered(path);
    expect(recovery?.runs).toBeGreaterThan(280);
    expect(recovery?.runs).toBeLessThan(300);
    expect(contents(store).size).toBe(recovery?.runs);
    const check = new Sqlite(path, { readonly: true });
    expect(check.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(check.pragma('foreign_key_check')).toEqual([]);
    check.close();
    // It is a database like any other.
    store.handle('run:create', newRun(idOf(9999)));
  });
});

it('a run whose text is torn is left out, and the list can be read', () => {
  const path = sample(3);
  const db = new Sqlite(path);
  db.prepare("UPDATE run SET tags = '[torn' WHERE id = ?").run(idOf(1));
  db.close();
  damage(path, pageOf(path, 'metric_chunk', 0) * PAGE, PAGE);
  writeFileSync(`${path}-suspect`, '');
  const { store, recovery } = useUntilRecovered(path);
  expect(recovery).toMatchObject({ source: 'salvage', runs: 2 });
  expect([...contents(store).keys()].sort()).toEqual([idOf(0), idOf(2)]);
});

it('health with a wrong bit is left out, so that its run can be measured on', () => {
  const path = sample(2);
  const filled = openStore(path);
  for (const i of [0, 1]) {
    const id = idOf(i);
    const samples = { runId: id, steps: Int32Array.of(0, 10), values: new Float32Array(2 * 12), startMs: 0, endMs: 1 };
    filled.handle('run:append', { id, health: [samples] });
  }
  filled.close();
  const db = new Sqlite(path);
  db.prepare('UPDATE health_chunk SET crc32 = crc32 + 1 WHERE run = 2').run();
  db.close();
  damage(path, pageOf(path, 'histogram_series', 0) * PAGE, PAGE);
  writeFileSync(`${path}-suspect`, '');
  const { store, recovery } = useUntilRecovered(path);
  expect(recovery).toMatchObject({ source: 'salvage', runs: 2, lostCurves: 1 });
  const total = (i: number): number => store.handle('health:read', { id: idOf(i), maxSamples: null }).total;
  expect([total(0), total(1)]).toEqual([2, 0]);
});

it('a row whose values the schema refuses is stepped over', () => {
  const [from, to] = [new Sqlite(':memory:'), new Sqlite(':memory:')];
  from.exec("CREATE TABLE one (id INTEGER PRIMARY KEY, kind TEXT); INSERT INTO one VALUES (1,'a'), (2,'x'), (3,'b')");
  to.exec("CREATE TABLE one (id INTEGER PRIMARY KEY, kind TEXT CHECK (kind IN ('a', 'b')))");
  expect(copyTable(from, to, 'one')).toEqual({ table: 'one', rows: 2, damaged: true });
  expect(to.prepare('SELECT id FROM one').pluck().all()).toEqual([1, 3]);
  from.close();
  to.close();
});

it('a log that was not emptied is read, and moved aside with its database', () => {
  const path = sample(5);
  const store = openApp(path);
  const last = idOf(5);
  store.handle('run:create', newRun(last));
  const copy = join(temporaryFolder(), 'descent.db');
  for (const part of ['', '-wal']) copyFileSync(path + part, copy + part);
  damage(copy, pageOf(path, 'histogram_series', 0) * PAGE, PAGE);
  writeFileSync(`${copy}-suspect`, 'a page was malformed\n');
  const after = openApp(copy);
  expect(after.opened.recovery).toMatchObject({ source: 'salvage', runs: 6 });
  expect(existsSync(`${after.opened.recovery?.keptAs ?? ''}-wal`)).toBe(true);
  expect([...contents(after).keys()]).toContain(last);
});

describe('a file that is no database any more', () => {
  it('gives way to the newest sound backup', async () => {
    const path = sample(3);
    const store = openApp(path);
    await store.backUpWhenDue();
    const backup = required(listBackups(path)[0]);
    store.close();
    const copy = join(temporaryFolder(), 'descent.db');
    copyFileSync(path, copy);
    const folder = backupFolder(copy);
    mkdirSync(folder);
    copyFileSync(backup.path, join(folder, basename(backup.path)));
    // A newer one that is damaged is passed over.
    const newer = join(folder, '20990101T000000Z.db');
    copyFileSync(backup.path, newer);
    damage(newer, 3 * PAGE, PAGE);
    const bad = damage(copy, 0, 100);
    const after = openApp(copy);
    expect(after.opened.recovery).toMatchObject({ source: 'backup', madeAt: backup.madeAt, runs: 3 });
    expect(contents(after).size).toBe(3);
    const kept = after.opened.recovery?.keptAs ?? '';
    expect(readFileSync(kept).equals(bad)).toBe(true);
    expect(existsSync(newer)).toBe(true);
  });

  it('leaves a new database when there is nothing to go back to', () => {
    const path = join(temporaryFolder(), 'descent.db');
    writeFileSync(path, 'no database at all '.repeat(500));
    const store = openApp(path);
    expect(store.opened.recovery).toMatchObject({ source: 'nothing', runs: 0 });
    expect(readFileSync(store.opened.recovery?.keptAs ?? '', 'utf8')).toContain('no database at all');
    expect(contents(store).size).toBe(0);
  });

  it('is only refused by the command line', () => {
    const path = join(temporaryFolder(), 'descent.db');
    writeFileSync(path, 'no database at all '.repeat(500));
    expect(() => openStore(path)).toThrow(/damaged .*start the Descent app/);
    expect(readdirSync(join(path, '..')).filter((name) => name.includes('damaged-'))).toEqual([]);
  });
});

describe('backups', () => {
  it('are made once a day, of a database in use, and three of them stay', async () => {
    const path = join(temporaryFolder(), 'descent.db');
    const store = openApp(path);
    await store.backUpWhenDue();
    // There was nothing to lose yet.
    expect(listBackups(path)).toEqual([]);
    fill(store, 20);
    const made = store.backUpWhenDue();
    store.handle('run:create', newRun(idOf(500)));
    // A pause while it is being made does not begin another one over it.
    await Promise.all([made, store.backUpWhenDue()]);
    await store.backUpWhenDue();
    expect(listBackups(path)).toHaveLength(1);
    const db = new Sqlite(path);
    const day = 24 * 3_600_000;
    for (let i = 1; i <= 4; i++) await makeBackup(Sqlite, db, path, Date.now() + i * day);
    const kept = listBackups(path);
    expect(kept.map(({ madeAt }) => Math.round((madeAt - Date.now()) / day))).toEqual([4, 3, 2]);
    expect(readdirSync(backupFolder(path))).toHaveLength(3);
    for (const { path: backup } of kept) {
      expect(isSound(Sqlite, backup)).toBe(true);
      const copy = new Sqlite(backup, { readonly: true });
      expect(copy.prepare('SELECT count(*) AS n FROM run').get()).toEqual({ n: 21 });
      copy.close();
    }
    db.close();
  });

  it('go on once a day after the clock was set back, and the new ones stay', async () => {
    const path = sample(2);
    const db = new Sqlite(path);
    const day = 24 * 3_600_000;
    const now = Date.UTC(2026, 5, 1);
    for (const ahead of [100, 200, 300]) await makeBackup(Sqlite, db, path, now + ahead * day);
    expect(backupIsDue(path, now)).toBe(true);
    const made = await makeBackup(Sqlite, db, path, now);
    db.close();
    expect(listBackups(path).map((backup) => backup.path)).toContain(made);
    expect(listBackups(path)).toHaveLength(3);
    expect(backupIsDue(path, now + day / 2)).toBe(false);
    expect(backupIsDue(path, now + day)).toBe(true);
  });

  it('of a damaged database are thrown away, and the good ones stay', async () => {
    const path = sample(5);
    const whole = new Sqlite(path);
    await makeBackup(Sqlite, whole, path, 1_700_000_000_000);
    whole.close();
    damage(path, pageOf(path, 'metric_chunk', 0) * PAGE, 200);
    const db = new Sqlite(path);
    expect(await makeBackup(Sqlite, db, path, 1_800_000_000_000)).toBeNull();
    db.close();
    expect(listBackups(path).map(({ madeAt }) => madeAt)).toEqual([1_700_000_000_000]);
    expect(readdirSync(backupFolder(path))).toHaveLength(1);
  });
});
