/** Sweeps and workers as processes of their own, and what they leave in the database. */

import Sqlite from 'better-sqlite3';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Workplace } from '../cli/support.ts';

/** What a trial is in the end, to the last bit. */
export interface TrialRecord {
  readonly number: number;
  readonly status: string;
  readonly params: string;
  readonly score: number | null;
  readonly epochs: number;
  readonly runs: number;
  readonly weights: string | null;
  readonly steps: number;
  /** All values of all its curves, and how often one step comes more than once. */
  readonly points: number;
}

export function trialRecords(database: string): TrialRecord[] {
  const db = new Sqlite(database, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT trial.number, trial.status, trial.params, trial.score, trial.epochs,
           (SELECT count(*) FROM run other WHERE other.trial = trial.id) AS runs,
           run.weights_sha256 AS weights, run.steps_done AS steps,
           (SELECT sum(count) FROM metric_series WHERE metric_series.run = run.number) AS points
         FROM trial JOIN run ON run.trial = trial.id ORDER BY trial.number`,
      )
      .all() as TrialRecord[];
  } finally {
    db.close();
  }
}

export interface RunningTrial {
  readonly trial: number;
  readonly status: string;
  readonly steps: number;
  readonly losses: number;
  readonly checkpoint: number | null;
}

/** The runs of trials that have not ended, as they are committed now. */
export function liveTrials(database: string): RunningTrial[] {
  if (!existsSync(database)) return [];
  const db = new Sqlite(database, { readonly: true });
  try {
    return db
      .prepare(
        `SELECT trial.number AS trial, run.status, run.steps_done AS steps, trial.losses,
           (SELECT max(step) FROM checkpoint WHERE checkpoint.run = run.number) AS checkpoint
         FROM trial JOIN run ON run.trial = trial.id WHERE trial.ended IS NULL ORDER BY trial.number`,
      )
      .all() as RunningTrial[];
  } catch (error) {
    // Looked at before its tables were there.
    if (error instanceof Error && /no such table/.test(error.message)) return [];
    throw error;
  } finally {
    db.close();
  }
}

/** Looks again and again until there is an answer. */
export async function until<T>(what: string, look: () => T | null | undefined | false): Promise<T> {
  const end = Date.now() + 100_000;
  while (Date.now() < end) {
    const found = look();
    if (found !== null && found !== undefined && found !== false) return found;
    await sleep(20);
  }
  throw new Error(`waited in vain: ${what}`);
}

export interface Process {
  readonly child: ChildProcessWithoutNullStreams;
  /** What it has said so far. */
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

export function watched(child: ChildProcessWithoutNullStreams): Process {
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  child.stdout.resume();
  return { child, stderr: () => stderr, exited: new Promise((resolve) => child.on('close', resolve)) };
}

/** A worker with a folder of its own, ready to take trials. */
export async function startWorker(
  work: Workplace,
  url: string,
  home: string,
  args: readonly string[] = [],
): Promise<Process> {
  const env = { DESCENT_HOME: work.path(home) };
  const worker = watched(work.start(['worker', '--queue', url, ...args], env));
  await until(`worker ${home} begins: ${worker.stderr()}`, () => worker.stderr().includes('kernels'));
  return worker;
}
