/** What happens between processes: the lock, and a writer that is killed. */

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { Store } from '../../../electron/store/store.ts';
import { RUN_A } from './run-samples.ts';
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
