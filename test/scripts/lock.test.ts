import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, utimesSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withLock } from '../../scripts/bootstrap/lock.mjs';
import { recordingProgress, temporaryFolder } from './stand-in.ts';

const lockModule = pathToFileURL(resolve(import.meta.dirname, '../../scripts/bootstrap/lock.mjs')).href;

/** A process that holds the lock until it is ended. */
async function holder(path: string) {
  const program = `
    import { withLock } from ${JSON.stringify(lockModule)};
    const progress = { note() {}, step: () => ({ update() {}, done() {}, failed() {} }) };
    await withLock(${JSON.stringify(path)}, progress, () => new Promise(() => { console.log('held'); setInterval(() => {}, 1000); }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('the lock between set-ups', () => {
  it('lets one work at a time', async () => {
    const path = join(temporaryFolder(), 'lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, (inside += 1));
      await new Promise((done) => setTimeout(done, 30));
      inside -= 1;
    };
    await Promise.all([1, 2, 3].map(() => withLock(path, recordingProgress(), work)));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('is given back when the work fails', async () => {
    const path = join(temporaryFolder(), 'lock');
    await expect(withLock(path, recordingProgress(), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLock(path, recordingProgress(), () => Promise.resolve(7))).toBe(7);
  });

  it('waits for a living process, says so, and takes over from a dead one', async () => {
    const path = join(temporaryFolder(), 'lock');
    const child = await holder(path);
    const progress = recordingProgress();
    let entered = false;
    const mine = withLock(path, progress, () => Promise.resolve((entered = true)));
    await new Promise((done) => setTimeout(done, 1500));
    expect(entered).toBe(false);
    child.kill('SIGKILL');
    await mine;
    expect(entered).toBe(true);
    expect(progress.lines.join()).toContain(`process ${child.pid}`);
  });

  it('takes over from an earlier process whose number was given out again', async () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, JSON.stringify({ pid: process.pid, start: '1' }));
    expect(await withLock(path, recordingProgress(), () => Promise.resolve('mine'))).toBe('mine');
  });

  it('takes over a lock whose owner died before it wrote its name', async () => {
    const path = join(temporaryFolder(), 'lock');
    writeFileSync(path, '');
    utimesSync(path, 1, 1);
    expect(await withLock(path, recordingProgress(), () => Promise.resolve('mine'))).toBe('mine');
  });
});
