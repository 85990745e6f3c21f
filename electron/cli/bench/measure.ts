/** `descent bench --measure`: one set of kernels in a process of its own, its figures as lines on stdout. */

import type { PreparedData } from '../../../engine/data/dataset.ts';
import type { Kernels } from '../../../engine/kernels/kernels.ts';
import { createTrainer } from '../../../engine/train/trainer.ts';
import type { Trainer } from '../../../engine/train/trainer-types.ts';
import { PRODUCT_KINDS, PRODUCTS, productName, type MeasuredLine } from './figures.ts';
import { createProduct } from './product.ts';
import {
  asImages,
  CHECK,
  CLASSES,
  INFERENCE_ROWS,
  initialWeights,
  makeData,
  ROWS,
  specOf,
  type Workload,
} from './workloads.ts';

export interface Timing {
  /** Length of one measurement. */
  readonly seconds: number;
  /** Measurements; the median counts. */
  readonly repeats: number;
}

export interface Rate {
  readonly perSecond: number;
  /** Share of a processor the measurements got; null when it was one call only. */
  readonly share: number | null;
}

/** Calls a second, the median of some measurements after a warm-up. What takes longer than one is called just once. */
export function measureRate(call: () => void, { seconds, repeats }: Timing): Rate {
  const begin = performance.now();
  call();
  const first = (performance.now() - begin) / 1000;
  if (first > 2 * seconds) return { perSecond: 1 / first, share: null };
  const warmUp = performance.now() + 1000 * seconds;
  while (performance.now() < warmUp) call();
  const rates: number[] = [];
  const began = performance.now();
  const before = process.cpuUsage();
  for (let repeat = 0; repeat < repeats; repeat++) {
    let calls = 0;
    const start = performance.now();
    let now = start;
    do {
      call();
      calls++;
      now = performance.now();
    } while (now - start < 1000 * seconds);
    rates.push((1000 * calls) / (now - start));
  }
  const used = process.cpuUsage(before);
  const share = (used.user + used.system) / 1000 / (performance.now() - began);
  return { perSecond: rates.sort((a, b) => a - b)[repeats >> 1] ?? NaN, share };
}

/** Losses of the first steps, or outputs of the first rows, from weights every peer can make. */
export function* checkLines(kernels: Kernels, workloads: readonly Workload[]): Generator<MeasuredLine> {
  const data = makeData(CHECK.rows);
  for (const workload of workloads) {
    const trainer = trainerOf(workload, kernels, data, true);
    const values: number[] = [];
    if (workload === 'W5') {
      values.push(...trainer.outputs(Int32Array.of(0, 1)).values);
    } else {
      while (!trainer.done) {
        const result = trainer.trainStep();
        values.push(result.loss);
        if (result.epochEnded) trainer.finishEpoch();
      }
    }
    yield { kind: 'check', workload, values };
  }
}

/** The workloads' speeds, then those of the matrix products. */
export function* figureLines(
  kernels: Kernels,
  workloads: readonly Workload[],
  products: boolean,
  timing: Timing,
): Generator<MeasuredLine> {
  const data = makeData(workloads.length > 0 ? ROWS : 1);
  for (const workload of workloads) {
    const trainer = trainerOf(workload, kernels, data, false);
    if (workload === 'W5') {
      const rows = Int32Array.from({ length: INFERENCE_ROWS }, (_, i) => i);
      const { perSecond, share } = measureRate(() => answers(trainer, rows), timing);
      yield { kind: 'figure', workload, metric: 'samples/s', value: INFERENCE_ROWS * perSecond, share };
    } else {
      const { perSecond, share } = measureRate(() => step(trainer), timing);
      yield { kind: 'figure', workload, metric: 'steps/s', value: perSecond, share };
    }
  }
  if (products) yield* productLines(kernels, { ...timing, seconds: timing.seconds / 3 });
}

function* productLines(kernels: Kernels, timing: Timing): Generator<MeasuredLine> {
  for (const shape of PRODUCTS) {
    const product = createProduct(kernels, shape);
    product.check();
    for (const kind of PRODUCT_KINDS) {
      const operations = 2 * shape.rows * shape.inputs * shape.units * (kind === 'backward' ? 2 : 1);
      const { perSecond, share } = measureRate(product.runs[kind], timing);
      const value = (operations * perSecond) / 1e9;
      yield { kind: 'figure', workload: productName(shape, kind), metric: 'GFLOP/s', value, share };
    }
  }
}

function trainerOf(workload: Workload, kernels: Kernels, rows: PreparedData, check: boolean): Trainer {
  const spec = specOf(workload, check);
  const data = workload === 'W4' ? asImages(rows) : rows;
  return createTrainer({ spec, data, kernels, initialWeights: initialWeights(workload, spec) });
}

function step(trainer: Trainer): void {
  const result = trainer.trainStep();
  if (result.diverged) throw new Error(`bench: the run diverged at step ${result.step}`);
  if (result.epochEnded) trainer.finishEpoch();
}

/** The class of every row. */
function answers(trainer: Trainer, rows: Int32Array): Uint8Array {
  const { values } = trainer.outputs(rows);
  const classes = new Uint8Array(rows.length);
  for (let r = 0, first = 0; r < rows.length; r++, first += CLASSES) {
    let best = 0;
    let most = values[first]!;
    for (let k = 1; k < CLASSES; k++) {
      const value = values[first + k]!;
      if (value > most) {
        most = value;
        best = k;
      }
    }
    classes[r] = best;
  }
  return classes;
}
