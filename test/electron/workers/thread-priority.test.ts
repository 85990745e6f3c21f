import { getPriority } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

const MODULE = join(import.meta.dirname, '..', '..', '..', 'electron', 'workers', 'thread-priority.ts');

test.runIf(process.platform === 'linux')(
  'a training thread goes behind, the rest of the process does not',
  async () => {
    const before = getPriority();
    const code = `
    const { readFileSync } = require('node:fs');
    const { parentPort } = require('node:worker_threads');
    // Field 19 of stat, counted after the name in brackets.
    const nice = () => Number(readFileSync('/proc/thread-self/stat', 'utf8').split(') ')[1].split(' ')[16]);
    const first = nice();
    import(${JSON.stringify(MODULE)}).then(({ yieldToWindow }) => {
      yieldToWindow();
      yieldToWindow();
      parentPort.postMessage([first, nice()]);
    });`;
    const worker = new Worker(code, { eval: true });
    const [first, after] = await new Promise<[number, number]>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    await worker.terminate();
    expect(first).toBe(before);
    expect(after).toBe(Math.max(before, 10));
    expect(getPriority()).toBe(before);
  },
);
