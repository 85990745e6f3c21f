/** A finished sweep of ten thousand trials, written by the store's own functions. */

import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { EpochReport, RunStarted } from '../../electron/contract/jobs.ts';
import type { StoredTrial, SweepAppend } from '../../electron/contract/sweep-store.ts';
import type { Database } from '../../electron/store/database.ts';
import { MIGRATIONS } from '../../electron/store/migrations/all.ts';
import { openDatabase } from '../../electron/store/open.ts';
import { loadSqlite } from '../../electron/store/sqlite.ts';
import { appendToRun } from '../../electron/store/writes/append.ts';
import { createRun } from '../../electron/store/writes/runs.ts';
import { appendToSweep, createSweep } from '../../electron/store/writes/sweeps.ts';
import { Rng } from '../../engine/math/rng.ts';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import { parseSweepSpec } from '../../engine/spec/parse-sweep-spec.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import { randomParams } from '../../engine/sweep/random.ts';
import { trialRunSpec } from '../../engine/sweep/trial-run.ts';

/** Counts up when the trials are drawn differently. */
const EDITION = 1;
const TRIALS_A_COMMIT = 500;
const EPOCHS = 20;
const STEPS_PER_EPOCH = 16;
/** 2026-01-01. */
const FIRST = 1_767_225_600_000;
const TRIAL_MS = 2000;
const WORKERS = 2;

export const SWEEP_ID = '0000000sweep' as SweepId;

export interface GeneratedSweep {
  readonly path: string;
  readonly runs: number;
  readonly points: number;
}

/** Makes a database with the sweep alone in `folder` unless it is there. */
export function generateSweep(folder: string, trials: number, onProgress: (written: number) => void): GeneratedSweep {
  mkdirSync(folder, { recursive: true });
  const name = `sweep-${trials}-edition-${EDITION}-schema-${MIGRATIONS.at(-1)?.version ?? 0}.db`;
  const path = join(folder, name);
  for (const other of readdirSync(folder)) if (other !== name) rmSync(join(folder, other));
  if (!readdirSync(folder).includes(name)) {
    const half = `${path}.half`;
    writeSweep(half, trials, onProgress);
    renameSync(half, path);
  }
  return { path, runs: trials, points: trials * EPOCHS };
}

function writeSweep(path: string, count: number, onProgress: (written: number) => void): void {
  const spec = sweepSpec(count);
  const { db, lock } = openDatabase(loadSqlite(), path, 'the command line');
  const progress = { total: count, queue: [], roundsConfirmed: 0, timeUp: false, edited: {} };
  createSweep(db, {
    id: SWEEP_ID,
    spec,
    progress,
    workers: WORKERS,
    kernels: 'auto',
    createdAt: FIRST,
    appVersion: '0.1.0',
  });
  const sweep: Omit<SweepAppend, 'trials'> = {
    id: SWEEP_ID,
    status: 'completed',
    progress,
    workers: WORKERS,
    elapsedMs: (count * TRIAL_MS) / WORKERS,
    endedAt: FIRST + (count * TRIAL_MS) / WORKERS,
  };
  for (let from = 0; from < count; from += TRIALS_A_COMMIT) {
    const to = Math.min(count, from + TRIALS_A_COMMIT);
    db.transaction(() => {
      const drawn = Array.from({ length: to - from }, (_, i) => drawTrial(spec, from + i));
      appendToSweep(db, { ...sweep, trials: drawn.map(({ trial }) => trial) });
      for (const { trial, reports } of drawn) writeRun(db, spec, trial, reports);
    });
    onProgress(to);
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.connection.close();
  lock.release();
  rmSync(`${path}-lock`, { force: true });
}

function sweepSpec(trials: number): SweepSpec {
  const parsed = parseSweepSpec({
    name: 'ten thousand',
    base: {
      data: { source: 'digits' },
      model: { layers: [{ type: 'affine', units: 50 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training: { epochs: EPOCHS, batchSize: 100 },
    },
    space: {
      'optimizer.type': { type: 'choice', values: ['sgd', 'momentum', 'rmsprop', 'adam'] },
      'optimizer.lr': { type: 'log-uniform', min: 1e-5, max: 1 },
      'optimizer.weightDecay': { type: 'log-uniform', min: 1e-8, max: 1e-3 },
      'model.layers.0.units': { type: 'int', min: 10, max: 200, step: 10 },
      'training.batchSize': { type: 'choice', values: [32, 64, 100] },
    },
    pruner: { type: 'median' },
    trials,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec;
}

/** Best near lr 0.01 and with many units; three in ten pruned, one in a hundred failed. */
function drawTrial(spec: SweepSpec, number: number): { trial: StoredTrial; reports: EpochReport[] } {
  const rng = Rng.stream(number, 'scale sweep');
  const params = randomParams(spec.space, spec.seed, number, []);
  const [lr, units] = [Number(params['optimizer.lr']), Number(params['model.layers.0.units'])];
  const top = 0.98 - 0.08 * (Math.log10(lr) + 2) ** 2 + 0.0001 * units + 0.02 * rng.uniform();
  const fate = rng.uniform();
  const status = fate < 0.01 ? 'failed' : fate < 0.31 ? 'pruned' : 'completed';
  const epochs = status === 'completed' ? EPOCHS : 1 + rng.int(EPOCHS - 1);
  const reports = Array.from({ length: epochs }, (_, i): EpochReport => {
    const validationAccuracy = Math.max(0.05, top * (1 - Math.exp(-(i + 1) / 4)) + 0.01 * rng.uniform());
    const validationLoss = -Math.log(validationAccuracy);
    return {
      epoch: i + 1,
      step: (i + 1) * STEPS_PER_EPOCH,
      trainLoss: validationLoss * 0.9,
      trainAccuracy: validationAccuracy,
      validationLoss,
      validationAccuracy,
      samplesPerSecond: 50_000,
      best: i === epochs - 1,
      elapsedMs: (i + 1) * (TRIAL_MS / EPOCHS),
    };
  });
  const score = status === 'failed' ? null : Math.max(...reports.map(({ validationAccuracy }) => validationAccuracy));
  const message = `below the median of 12 trials after epoch ${epochs}: 0.41, needed 0.62`;
  const reason = {
    completed: null,
    pruned: { code: 'median', message, values: { epoch: epochs, value: 0.41, needed: 0.62 } },
    failed: { code: 'diverged', message: 'diverged at step 40', values: {} },
  } as const;
  return {
    trial: {
      number,
      params,
      place: number,
      status,
      scores: status === 'completed' && score !== null ? [score] : [],
      score,
      epochs,
      reason: reason[status],
      exempt: false,
      losses: 0,
      ended: number,
    },
    reports,
  };
}

function writeRun(db: Database, sweep: SweepSpec, trial: StoredTrial, reports: readonly EpochReport[]): void {
  const parsed = trialRunSpec(sweep, trial, 0);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  const id = trial.number.toString(36).padStart(12, '0') as RunId;
  const startedAt = FIRST + Math.floor(trial.number / WORKERS) * TRIAL_MS;
  const endedAt = startedAt + reports.length * (TRIAL_MS / EPOCHS);
  const facts = {
    parameters: 3760,
    task: 'classification',
    stepsPerEpoch: STEPS_PER_EPOCH,
    inputShape: [1, 8, 8],
    outputNames: Array.from({ length: 10 }, (_, i) => String(i)),
    splitSizes: { train: 1150, validation: 287, test: 360 },
  } as const;
  createRun(db, {
    ...facts,
    id,
    spec: parsed.spec,
    data: 'digits',
    model: '64-50-10',
    stepsPlanned: EPOCHS * STEPS_PER_EPOCH,
    epochsPlanned: EPOCHS,
    createdAt: startedAt,
    appVersion: '0.1.0',
    trial: { sweep: SWEEP_ID, trial: trial.number, repeat: 0 },
  });
  const report: RunStarted = {
    ...facts,
    kernels: 'native-avx2',
    system: { cpu: 'generated', cores: 1, os: 'generated', node: '0', electron: null, engine: 1 },
    kernelsDescription: 'native (AVX2)',
    totalSteps: EPOCHS * STEPS_PER_EPOCH,
    dataSha256: '0'.repeat(64),
    card: {
      version: 1,
      input: [1, 8, 8],
      task: 'classification',
      layers: [],
      loss: 'softmax-cross-entropy',
      outputNames: facts.outputNames,
      normalization: { scale: [1 / 16], shift: [0] },
    },
    fingerprints: null,
    best: null,
  };
  appendToRun(db, {
    id,
    status: trial.status === 'completed' ? 'completed' : trial.status === 'pruned' ? 'stopped' : 'diverged',
    step: reports.length * STEPS_PER_EPOCH,
    elapsedMs: endedAt - startedAt,
    started: { at: startedAt, report },
    epochs: reports,
    spans: [
      { at: startedAt, worker: String(1 + (trial.number % WORKERS)) },
      { at: endedAt, worker: null },
    ],
    ended: { at: endedAt, report: null },
  });
}
