/** The runs of the generated database: what people leave behind in a year, drawn from a seeded generator. */

import type { EpochReport, RunFinished, RunStarted } from '../../electron/contract/jobs.ts';
import type { RunMarks } from '../../electron/contract/runs.ts';
import type { NewRun, RunAppend } from '../../electron/contract/store-requests.ts';
import { Rng } from '../../engine/math/rng.ts';
import type { HistogramFrame } from '../../engine/spec/histogram.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { MetricChunk } from '../../engine/spec/metric.ts';
import { expandLayers, parseRunSpec } from '../../engine/spec/run-spec.ts';

/** Points of a run: a loss for every step, and two losses and two accuracies for every epoch. */
const pointsOf = ({ epochs, stepsPerEpoch }: Shape): number => epochs * (stepsPerEpoch + 4);
interface Shape {
  readonly epochs: number;
  readonly stepsPerEpoch: number;
}
const USUAL: Shape = { epochs: 40, stepsPerEpoch: 16 };
/** Runs a night long: a comparison of short curves would prove nothing. */
const LONG: Shape = { epochs: 1500, stepsPerEpoch: 64 };
/** As many as a comparison holds at most. */
export const LONG_RUNS = 20;
export const LONG_TAG = 'night';

const DATA = ['digits', 'iris', 'wine', 'fashion-mnist', 'spiral'] as const;
const OPTIMIZERS = ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] as const;
const UNITS = [16, 32, 50, 64, 100, 128] as const;
const TAGS = ['baseline', 'paper', 'wide', 'deep', 'seed check'] as const;
const HOUR = 3_600_000;
/** 2026-01-01, so that the table's dates are the same on every machine. */
const FIRST = 1_767_225_600_000;
const BINS = 64;
const HISTOGRAM_STEPS = 40;

export interface GeneratedRun {
  readonly run: NewRun;
  readonly append: RunAppend;
  readonly marks: RunMarks | null;
  readonly points: number;
}

/** Spread over the table, each one place further on: a round number of runs apart, all would have one colour and no dashes. */
export function isLong(index: number, count: number): boolean {
  const every = Math.max(2, Math.floor(count / LONG_RUNS));
  const which = Math.floor(index / every);
  return which < LONG_RUNS && index % every === which % every;
}

/** The run at a place of a database of `count` runs; the same every time. */
export function generateRun(index: number, count: number): GeneratedRun {
  const rng = Rng.stream(index, 'scale');
  const one = <T>(list: readonly T[]): T => list[rng.int(list.length)] as T;
  const long = isLong(index, count);
  const shape = long ? LONG : USUAL;
  const id = index.toString(36).padStart(12, '0') as RunId;
  const optimizer = one(OPTIMIZERS);
  const lr = Number((10 ** (-4 + 3 * rng.uniform())).toPrecision(3));
  const units = one(UNITS);
  const data = one(DATA);
  const parsed = parseRunSpec({
    name: `${optimizer}-lr${lr}-${units}`,
    seed: index,
    data: { source: data },
    model: { layers: [{ type: 'affine', units }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: optimizer, lr },
    training: { epochs: shape.epochs, batchSize: 100 },
  });
  if (!parsed.ok) throw new Error(`run ${index}: ${JSON.stringify(parsed.issues)}`);
  const { spec } = parsed;
  const createdAt = FIRST + index * HOUR;
  const steps = shape.epochs * shape.stepsPerEpoch;
  const splitSizes = { train: shape.stepsPerEpoch * 100, validation: 360, test: 360 };
  const outputNames = Array.from({ length: 10 }, (_, i) => String(i));
  const facts = {
    parameters: 65 * units + 11 * 10,
    task: 'classification',
    stepsPerEpoch: shape.stepsPerEpoch,
    inputShape: [1, 8, 8],
    outputNames,
    splitSizes,
  } as const;
  const curves = drawCurves(id, shape, rng);
  const report: RunStarted = {
    ...facts,
    kernels: 'native-avx2',
    system: { cpu: 'generated', cores: 1, os: 'generated', node: '0', electron: null, engine: 1 },
    kernelsDescription: 'native (AVX2)',
    card: {
      version: 1,
      input: [1, 8, 8],
      task: 'classification',
      layers: expandLayers(spec.model.layers),
      loss: 'softmax-cross-entropy',
      outputNames,
      normalization: { scale: [1 / 16], shift: [0] },
    },
    totalSteps: steps,
    dataSha256: hash(rng),
    fingerprints: { split: hash(rng), initialWeights: hash(rng), batches: hash(rng) },
    best: null,
  };
  const last = curves.reports.at(-1);
  const status = one(['completed', 'completed', 'completed', 'completed', 'stopped', 'diverged'] as const);
  const finished: RunFinished = {
    status,
    message: status === 'diverged' ? { message: 'diverged: the loss is not finite' } : null,
    steps,
    epochs: shape.epochs,
    elapsedMs: steps * 2,
    trainAccuracy: last?.trainAccuracy ?? null,
    validationAccuracy: last?.validationAccuracy ?? null,
    bestEpoch: shape.epochs,
    testLoss: last?.validationLoss ?? null,
    testAccuracy: last?.validationAccuracy ?? null,
    weightsSha256: hash(rng),
  };
  return {
    run: {
      ...facts,
      id,
      spec,
      data,
      model: `64-${units}-10`,
      stepsPlanned: steps,
      epochsPlanned: shape.epochs,
      createdAt,
      appVersion: '0.1.0',
    },
    append: {
      id,
      status,
      step: steps,
      elapsedMs: steps * 2,
      started: { at: createdAt, report },
      chunks: curves.chunks,
      histograms: long ? drawHistograms(id, steps, rng) : [],
      epochs: curves.reports,
      checkpoints: [
        {
          step: steps,
          epoch: shape.epochs,
          elapsedMs: steps * 2,
          best: true,
          reason: 'finish',
          savedAt: createdAt + steps * 2,
          bytes: Uint8Array.from({ length: 2048 }, () => rng.int(256)),
        },
      ],
      ended: { at: createdAt + steps * 2, report: finished },
    },
    marks: marksOf(long, rng, one),
    points: pointsOf(shape),
  };
}

function marksOf(long: boolean, rng: Rng, one: <T>(list: readonly T[]) => T): RunMarks | null {
  const tags = [...(long ? [LONG_TAG] : []), ...(rng.uniform() < 0.3 ? [one(TAGS)] : [])];
  if (tags.length === 0) return null;
  return {
    addTags: tags,
    starred: rng.uniform() < 0.1,
    notes: rng.uniform() < 0.2 ? 'overfits after **epoch 20**' : '',
  };
}

/** Losses that fall with noise, accuracies that rise. */
function drawCurves(
  id: RunId,
  { epochs, stepsPerEpoch }: Shape,
  rng: Rng,
): { readonly chunks: MetricChunk[]; readonly reports: EpochReport[] } {
  const steps = epochs * stepsPerEpoch;
  const pace = steps / (3 + 6 * rng.uniform());
  const level = 0.02 + 0.2 * rng.uniform();
  const lossAt = (step: number): number => (level + 2.3 * Math.exp(-step / pace)) * (0.9 + 0.2 * rng.uniform());
  const column = (count: number, value: (i: number) => number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => value(i));
  const ends = Int32Array.from({ length: epochs }, (_, i) => (i + 1) * stepsPerEpoch);
  const trainLoss = column(epochs, (i) => lossAt(ends[i] ?? 0));
  const validationLoss = column(epochs, (i) => lossAt(ends[i] ?? 0) * 1.1);
  const trainAccuracy = trainLoss.map((loss) => Math.exp(-loss / 2));
  const validationAccuracy = validationLoss.map((loss) => Math.exp(-loss / 2));
  const common = { runId: id, startMs: 0, endMs: steps * 2 };
  let best = Infinity;
  const reports = Array.from(ends, (step, i): EpochReport => {
    const loss = validationLoss[i] ?? NaN;
    const isBest = loss < best;
    best = Math.min(best, loss);
    return {
      epoch: i + 1,
      step,
      trainLoss: trainLoss[i] ?? NaN,
      trainAccuracy: trainAccuracy[i] ?? NaN,
      validationLoss: loss,
      validationAccuracy: validationAccuracy[i] ?? NaN,
      samplesPerSecond: 50_000,
      best: isBest,
      elapsedMs: step * 2,
    };
  });
  return {
    reports,
    chunks: [
      {
        ...common,
        metric: 'loss',
        split: 'batch',
        steps: Int32Array.from({ length: steps }, (_, i) => i),
        values: column(steps, lossAt),
      },
      { ...common, metric: 'loss', split: 'train', steps: ends, values: trainLoss },
      { ...common, metric: 'loss', split: 'validation', steps: ends, values: validationLoss },
      { ...common, metric: 'accuracy', split: 'train', steps: ends, values: trainAccuracy },
      { ...common, metric: 'accuracy', split: 'validation', steps: ends, values: validationAccuracy },
    ],
  };
}

function drawHistograms(id: RunId, steps: number, rng: Rng): HistogramFrame[] {
  const edges = Float32Array.from({ length: BINS + 1 }, (_, i) => -1 + (2 * i) / BINS);
  const frames: HistogramFrame[] = [];
  for (let i = 0; i < HISTOGRAM_STEPS; i++) {
    for (const [layer, layerName] of [
      [0, 'affine 1'],
      [2, 'affine 2'],
    ] as const) {
      const counts = Uint32Array.from({ length: BINS }, (_, bin) =>
        Math.round(100 * Math.exp(-(((bin - BINS / 2) / 12) ** 2)) * (0.8 + 0.4 * rng.uniform())),
      );
      const step = Math.round((i * steps) / (HISTOGRAM_STEPS - 1));
      const rest = { below: 0, above: 0, nonFinite: 0, mean: 0, std: 0.2 };
      frames.push({ runId: id, kind: 'weights', layer, layerName, step, edges, counts, ...rest });
    }
  }
  return frames;
}

function hash(rng: Rng): string {
  return Array.from({ length: 64 }, () => rng.int(16).toString(16)).join('');
}
