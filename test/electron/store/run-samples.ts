/** Runs, chunks and reports to put in a store. Without vitest, so that child processes can use them too. */

import type { NewCheckpoint, NewRun, Resume } from '../../../electron/contract/store-requests.ts';
import type { EpochReport, RunStarted } from '../../../electron/contract/jobs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { MetricChunk, MetricId, Split } from '../../../engine/spec/metric.ts';
import { expandLayers, parseRunSpec, type RunSpec } from '../../../engine/spec/run-spec.ts';

export const RUN_A = 'aaaaaaaaaaaa' as RunId;
export const RUN_B = 'bbbbbbbbbbbb' as RunId;

export function exampleSpec(changes: Record<string, unknown> = {}): RunSpec {
  const parsed = parseRunSpec({
    name: 'example',
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 32 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { epochs: 4, batchSize: 100 },
    ...changes,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return parsed.spec;
}

export function newRun(id: RunId = RUN_A, changes: Partial<NewRun> = {}): NewRun {
  return {
    id,
    spec: exampleSpec(),
    data: 'digits',
    model: '64-32-10',
    parameters: 2410,
    task: 'classification',
    stepsPerEpoch: 10,
    stepsPlanned: 40,
    epochsPlanned: 4,
    inputShape: [1, 8, 8],
    outputNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    splitSizes: { train: 1000, validation: 200, test: 300 },
    createdAt: 1_700_000_000_000,
    appVersion: '0.1.0',
    ...changes,
  };
}

export function chunk(
  firstStep: number,
  values: readonly number[],
  options: { id?: RunId; metric?: MetricId; split?: Split; every?: number; startMs?: number; endMs?: number } = {},
): MetricChunk {
  const every = options.every ?? 1;
  return {
    runId: options.id ?? RUN_A,
    metric: options.metric ?? 'loss',
    split: options.split ?? 'batch',
    steps: Int32Array.from(values, (_, i) => firstStep + i * every),
    values: Float32Array.from(values),
    startMs: options.startMs ?? firstStep,
    endMs: options.endMs ?? firstStep + (values.length - 1) * every,
  };
}

export function started(changes: Partial<RunStarted> = {}): RunStarted {
  return {
    kernels: 'reference',
    kernelsDescription: 'reference (plain TypeScript)',
    system: { cpu: 'test', cores: 1, os: 'test', node: '0', electron: null, engine: 1 },
    card: {
      version: 1,
      input: [1, 8, 8],
      task: 'classification',
      layers: expandLayers(exampleSpec().model.layers),
      loss: 'softmax-cross-entropy',
      outputNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
      normalization: { scale: [1 / 16], shift: [0] },
    },
    parameters: 2410,
    stepsPerEpoch: 10,
    totalSteps: 40,
    task: 'classification',
    inputShape: [1, 8, 8],
    outputNames: [],
    splitSizes: { train: 1000, validation: 200, test: 300 },
    dataSha256: 'd'.repeat(64),
    fingerprints: { split: 's'.repeat(64), initialWeights: 'w'.repeat(64), batches: 'b'.repeat(64) },
    best: null,
    ...changes,
  };
}

export function epoch(number: number, changes: Partial<EpochReport> = {}): EpochReport {
  return {
    epoch: number,
    step: number * 10,
    trainLoss: 1 / number,
    trainAccuracy: 1 - 0.5 / number,
    validationLoss: 1.1 / number,
    validationAccuracy: 1 - 0.6 / number,
    samplesPerSecond: 1000,
    best: true,
    elapsedMs: number * 100,
    ...changes,
  };
}

export function checkpoint(step: number, bytes: Uint8Array, best = false): NewCheckpoint {
  return {
    step,
    epoch: Math.floor(step / 10),
    elapsedMs: step * 10,
    best,
    reason: 'epoch',
    savedAt: 1_700_000_000_000 + step,
    bytes,
  };
}

/** A resume on the machine it began on. */
export function resume(id: RunId = RUN_A): Resume {
  return { id, at: 1_700_000_000_000, kernels: 'reference', appVersion: '0.1.0', changes: [] };
}
