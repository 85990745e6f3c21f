/** One call of the command line, in a process of its own, with the time its lines came at. */

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** What a process of the command line wrote on stdout, and when. */
export interface DescentOutput {
  /** The first hundred and the last one: steps come by the thousand, and no more is looked at. */
  readonly lines: readonly string[];
  /** Seconds from the process's start to each of the first lines. */
  readonly arrived: readonly number[];
  /** Seconds from the process's start to its end. */
  readonly seconds: number;
}

const MOST_LINES = 100;

/** Rejects when it ends with another status than 0. */
export async function runDescent(script: string, args: readonly string[]): Promise<DescentOutput> {
  const start = performance.now();
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)));
  const lines: string[] = [];
  const arrived: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (lines.length > MOST_LINES) lines.pop();
    lines.push(line);
    if (arrived.length < MOST_LINES) arrived.push((performance.now() - start) / 1000);
  }
  const status = await ended;
  if (status !== 0) {
    throw new Error(`bench: \`descent ${args[0] ?? ''}\` ended with status ${status}: ${said.trim()}`);
  }
  return { lines, arrived, seconds: (performance.now() - start) / 1000 };
}
