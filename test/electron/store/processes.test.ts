/** What happens between processes: the lock, and a writer that is killed. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import { Store } from '../../../electron/store/store.ts';
import { checkpoint, chunk, newRun, RUN_A, RUN_B } from './run-samples.ts';
import { openStore, temporaryFolder } from './support.ts';

function startChild(name: string, path: string): ChildProcess {
  const file = new URL(`./children/${name}.ts`, import.meta.url).pathname;
  const child = spawn(process.execPath, [file, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the lock', () => {
  it('names the owner to a second process and is free once the owner was killed', async () => {
    const path = join(temporaryFolder(), 'db');
    const child = startChild('hold-lock', path);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    let failure: unknown;
    try {
      new Store({ path, program: 'the command line' });
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(StudioFailure);
    const { code, message } = (failure as StudioFailure).error;
    expect(code).toBe('conflict');
    expect(message).toContain(`${path} is in use by the app (process ${child.pid}, since 2`);
    expect(message).toContain('--db FILE');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(openStore(path).opened.path).toBe(path);
  });

  it('keeps two stores of one process apart and is given back on close', () => {
    const path = join(temporaryFolder(), 'db');
    const first = openStore(path);
    expect(() => new Store({ path, program: 'the app' })).toThrow(`in use by the command line (process ${process.pid}`);
    first.close();
    expect(openStore(path).opened.path).toBe(path);
  });

  it('survives a lock file cut short by a power loss', () => {
    const path = join(temporaryFolder(), 'db');
    writeFileSync(`${path}-lock`, 'torn page '.repeat(900));
    expect(openStore(path).opened.path).toBe(path);
  });
});

describe('a writer killed at a random moment', () => {
  it.each([1, 2, 3, 4, 5, 6])('leaves a sound database with everything it acknowledged (round %i)', async (round) => {
    const path = join(temporaryFolder(), 'db');
    const child = startChild('write-forever', path);
    let output = '';
    const enough = new Promise<void>((resolve) => {
      child.stdout?.on('data', (text: Buffer) => {
        output += text.toString();
        // A different stretch of the run each round, then a moment of its own.
        if (output.length > round * 40) resolve();
      });
    });
    await enough;
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
    child.kill('SIGKILL');
    await once(child, 'close');
    const acknowledged = Number(output.trim().split('\n').at(-1));
    expect(acknowledged).toBeGreaterThan(0);

    const store = openStore(path);
    expect(store.opened.interrupted).toEqual([RUN_A]);
    const curve = store.handle('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints: null });
    expect(curve.steps.at(-1)).toBeGreaterThanOrEqual(acknowledged);
    expect(curve.steps).toEqual(Int32Array.from(curve.steps, (_, i) => i));
    expect(curve.values).toEqual(Float32Array.from(curve.steps));
    // The last checkpoint belongs to the last step: both were one transaction.
    const point = store.handle('checkpoint:read', { id: RUN_A });
    expect(point.step).toBe((curve.steps.at(-1) ?? 0) + 1);
    expect(point.bytes?.every((byte) => byte === (point.step - 10) % 251)).toBe(true);
    store.close();
    const db = new Sqlite(path, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

describe('the write-ahead log', () => {
  it('grows while a run writes and is emptied when the store rests', () => {
    const path = join(temporaryFolder(), 'db');
    const store = openStore(path);
    store.handle('run:create', newRun());
    store.handle('run:append', { id: RUN_A, checkpoints: [checkpoint(1, new Uint8Array(3_000_000).fill(7))] });
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(3_000_000);
    store.handle('database:tidy', null);
    expect(statSync(`${path}-wal`).size).toBe(0);
    expect(statSync(path).size).toBeGreaterThan(3_000_000);
  });

  it('lost after a kill takes what was in it, and no more', async () => {
    const path = join(temporaryFolder(), 'db');
    // Its first run lies in the database itself.
    const before = openStore(path);
    before.handle('run:create', newRun(RUN_B));
    before.close();
    const child = startChild('write-forever', path);
    await once(child.stdout as NodeJS.ReadableStream, 'data');
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
    rmSync(`${path}-wal`);
    const store = openStore(path);
    const runs = unpackRows(store.handle('run:list', { trash: false }));
    expect(runs.map(({ id }) => id)).toContain(RUN_B);
    store.close();
    const db = new Sqlite(path, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
  });
});

/** strace is there and may look into processes. */
const canInject = process.platform === 'linux' && spawnSync('strace', ['-f', '-e', 'trace=none', 'true']).status === 0;

describe.skipIf(!canInject)('a disk that reports errors when a commit is made safe (needs strace)', () => {
  /** Runs a child in which some calls of fsync fail, and sees that they did. */
  function runInjected(name: string, path: string, inject: string) {
    const log = `${path}.strace`;
    // Made without errors: the question is what becomes of commits.
    openStore(path).close();
    const file = new URL(`./children/${name}.ts`, import.meta.url).pathname;
    const args = ['-f', '-o', log, '-e', 'trace=fsync', '-e', `inject=fsync:error=EIO:${inject}`];
    const child = spawnSync('strace', [...args, process.execPath, file, path], { encoding: 'utf8' });
    return { child, log: readFileSync(log, 'utf8') };
  }
  const curveOf = (store: Store) =>
    store.handle('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints: null });

  it('leaves every step once when what failed is tried again', () => {
    const path = join(temporaryFolder(), 'db');
    // The 15th call and every 9th after it, up to the 60th.
    const { child, log } = runInjected('write-through-errors', path, 'when=15..60+9');
    const injected = log.match(/EIO .*\(INJECTED\)/g)?.length ?? 0;
    expect(child.stderr).toBe('');
    expect(child.status).toBe(0);
    expect(injected).toBe(6);
    expect(child.stdout.trim().split('\n')).toEqual(Array.from({ length: injected }, () => 'failed fsync'));
    const db = new Sqlite(path, { readonly: true });
    expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
    db.close();
    const curve = curveOf(openStore(path));
    expect([...curve.steps]).toEqual(Array.from({ length: 600 }, (_, i) => i));
    expect(curve.values).toEqual(Float32Array.from(curve.steps));
  });

  it.each([9, 14, 20, 31, 44])(
    'dying in call %i of fsync leaves whole appends and a checkpoint of the last one',
    (n) => {
      const path = join(temporaryFolder(), 'db');
      const { child, log } = runInjected('write-forever', path, `signal=SIGKILL:when=${n}`);
      expect(log.match(/fsync\(/g)).toHaveLength(n);
      const acknowledged = Number(child.stdout.trim().split('\n').at(-1) ?? -1);
      const db = new Sqlite(path);
      expect(db.pragma('integrity_check', { simple: true })).toBe('ok');
      db.close();
      const store = openStore(path);
      const { steps } = curveOf(store);
      expect([...steps]).toEqual(Array.from(steps, (_, i) => i));
      expect(steps.length % 10).toBe(0);
      expect(steps.length).toBeGreaterThan(acknowledged);
      if (steps.length > 0) expect(store.handle('checkpoint:read', { id: RUN_A }).step).toBe(steps.length);
    },
  );

  it('may have kept what it said had failed: written again after a restart, it is there once', () => {
    const path = join(temporaryFolder(), 'db');
    // The program dies of the error, before it can read what is there.
    const { child, log } = runInjected('write-forever', path, 'signal=SIGKILL:when=25');
    expect(log.match(/fsync\(/g)).toHaveLength(25);
    expect(log).toContain('+++ killed by SIGKILL +++');
    const acknowledged = Number(child.stdout.trim().split('\n').at(-1));
    const store = openStore(path);
    const before = curveOf(store).steps;
    // The very case: the commit was not made safe, and is there.
    expect(before.at(-1)).toBe(acknowledged + 10);
    const again = chunk(
      acknowledged + 1,
      Array.from({ length: 10 }, (_, i) => acknowledged + 1 + i),
    );
    store.handle('run:append', { id: RUN_A, chunks: [again] });
    expect(curveOf(store).steps).toEqual(before);
  });
});
