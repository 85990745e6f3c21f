/** Made-up rows of the runs table for tests and for looking at screens without the app. Deterministic. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import { runId } from '../../../engine/spec/ids.ts';
import { modelLabel } from '../../../engine/spec/layer-names.ts';
import type { LayerSpec } from '../../../engine/spec/layer-spec.ts';
import type { RunStatus } from '../../../engine/spec/run-status.ts';

const OPTIMIZERS = ['adam', 'momentum', 'adagrad', 'rmsprop', 'sgd'] as const;
const SIZES = [
  [64, 64, 32, 10],
  [64, 100, 100, 100, 10],
  [64, 50, 10],
  [64, 20, 10],
  [64, 200, 10],
  [64, 120, 60, 30, 10],
];
const RATES = [0.001, 0.01, 0.1, 0.0003, 0.05, 0.000001];
const DATA = ['digits', 'digits', 'digits', 'fashion-mnist', 'iris', 'wine'];

export function fakeId(n: number): ReturnType<typeof runId> {
  return runId(n.toString(36).padStart(12, '0'));
}

/** One completed run; give what matters to the test. */
export function fakeRun(number: number, change: Partial<RunSummary> = {}): RunSummary {
  const optimizer = OPTIMIZERS[number % OPTIMIZERS.length] ?? 'sgd';
  const lr = RATES[number % RATES.length] ?? 0.1;
  const sizes = SIZES[number % SIZES.length] ?? [64, 10];
  const layers = sizes.slice(1).map((units): LayerSpec => ({ type: 'affine', units, init: 'he' }));
  const best = 0.9 + ((number * 37) % 80) / 1000;
  const sparkline = Float32Array.from({ length: 24 }, (_, i) => 2.3 * Math.exp(-i / 4) + 0.1 + ((i * number) % 7) / 90);
  return {
    id: fakeId(number),
    number,
    name: number % 9 === 0 ? 'six-layer tanh, Xavier' : `${optimizer}-lr${lr}-bs100`,
    status: 'completed',
    data: DATA[number % DATA.length] ?? 'digits',
    model: modelLabel(sizes[0] ?? 64, layers),
    optimizer,
    lr,
    parameters: 6570,
    epochsDone: 40,
    epochsPlanned: 40,
    stepsDone: 480,
    stepsPlanned: 480,
    stepsPerEpoch: 12,
    task: 'classification',
    bestValidationAccuracy: best,
    bestEpoch: (number * 7) % 40,
    bestStep: ((number * 7) % 40) * 12,
    bestValidationLoss: 0.14,
    lowestValidationLoss: 0.12,
    lowestLossEpoch: 5,
    highestValidationAccuracy: best,
    highestAccuracyEpoch: (number * 7) % 40,
    lastTrainLoss: 0.02,
    lastValidationLoss: 0.15,
    lastValidationAccuracy: best - 0.003,
    testLoss: 0.14,
    testAccuracy: best - 0.01,
    sparkline,
    createdAt: Date.UTC(2026, 10, 1) + number * 3_600_000,
    startedAt: Date.UTC(2026, 10, 1) + number * 3_600_000 + 20,
    endedAt: Date.UTC(2026, 10, 1) + number * 3_600_000 + 12_000,
    durationMs: 700 * ((number % 20) + 1),
    deletedAt: null,
    resumable: true,
    starred: false,
    tags: [],
    notes: '',
    archivedAt: null,
    color: null,
    project: '',
    ...change,
  };
}

/** A table's worth: two live ones, one of each trouble, six in the trash, the rest completed. */
export function fakeTable(count: number): RunSummary[] {
  const special: Partial<Record<number, RunStatus>> = {
    [count]: 'running',
    [count - 1]: 'queued',
    [count - 4]: 'paused',
    [count - 7]: 'interrupted',
    [count - 8]: 'diverged',
    [count - 9]: 'stopped',
    [count - 10]: 'failed',
  };
  return Array.from({ length: count }, (_, i) => {
    const number = i + 1;
    const status = special[number] ?? 'completed';
    if (status === 'running') {
      return fakeRun(number, {
        status,
        epochsDone: 36,
        epochsPlanned: 60,
        stepsDone: 441,
        stepsPlanned: 720,
        endedAt: null,
      });
    }
    if (status === 'queued') {
      const none = {
        bestValidationAccuracy: null,
        bestEpoch: null,
        bestStep: null,
        bestValidationLoss: null,
        lowestValidationLoss: null,
        highestValidationAccuracy: null,
        stepsDone: 0,
        durationMs: 0,
      };
      return fakeRun(number, { status, ...none, sparkline: new Float32Array(0), startedAt: null, endedAt: null });
    }
    if (status === 'diverged' || status === 'failed') {
      const sparkline = Float32Array.from({ length: 20 }, (_, k) => (k < 15 ? 1 - k / 20 : k - 14));
      return fakeRun(number, {
        status,
        bestValidationAccuracy: null,
        highestValidationAccuracy: null,
        bestEpoch: null,
        sparkline,
      });
    }
    return fakeRun(number, { status, deletedAt: number <= 6 ? Date.UTC(2026, 10, 20) : null });
  });
}
