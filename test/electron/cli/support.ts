/** Starts the command line as a person does: a process of its own, real files, a home folder of its own. */

import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const PROGRAM = new URL('../../../electron/cli/descent.ts', import.meta.url).pathname;

export interface Finished {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Objects of the lines on stdout; only for --json. */
  readonly lines: () => Line[];
}

export type Line = Record<string, unknown> & { readonly event?: string };

export class Workplace {
  readonly folder = mkdtempSync(join(tmpdir(), 'descent-cli-'));

  readonly #children: ChildProcessWithoutNullStreams[] = [];

  constructor() {
    onTestFinished(() => {
      for (const child of this.#children) child.kill('SIGKILL');
      // A killed child may hold its files a moment longer.
      rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
    });
  }

  get database(): string {
    return join(this.folder, 'home', 'descent.db');
  }

  file(name: string, content: unknown): string {
    const raw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(this.folder, name), raw ? content : JSON.stringify(content));
    return name;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  start(args: readonly string[], env: Record<string, string> = {}): ChildProcessWithoutNullStreams {
    const child = spawn(process.execPath, [PROGRAM, ...args], {
      cwd: this.folder,
      env: { ...process.env, DESCENT_HOME: join(this.folder, 'home'), DESCENT_KERNELS: 'reference', ...env },
    });
    this.#children.push(child);
    return child;
  }

  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Finished> {
    return finish(this.start(args, env));
  }
}

export function finish(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) => {
    child.on('close', (status) => {
      const lines = (): Line[] => parseLines(stdout);
      resolve({ status, stdout, stderr, lines });
    });
  });
}

/** Whole lines only: a killed process may have been in the middle of one. */
export function parseLines(text: string): Line[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
}

/** A small run on the iris flowers: 120 rows, 96 to train on, 10 steps an epoch. */
export function irisSpec(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'iris',
    seed: 3,
    data: { source: 'iris', normalize: 'standardize' },
    model: { layers: [{ type: 'affine', units: 8 }, { type: 'tanh' }, { type: 'affine', units: 3 }] },
    optimizer: { type: 'momentum', lr: 0.05 },
    training: { epochs: 3, batchSize: 10 },
    ...changes,
  };
}
