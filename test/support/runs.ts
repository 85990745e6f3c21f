/** Small runs for tests: a spec with its defaults, data from plain arrays, a trainer over them. */

import type { PreparedData } from '../../engine/data/dataset.ts';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { Rng } from '../../engine/math/rng.ts';
import { parseRunSpec, SpecError, type RunSpec, type RunSpecInput } from '../../engine/spec/run-spec.ts';
import { sizeOf, type Shape } from '../../engine/spec/shapes.ts';
import { createTrainer } from '../../engine/train/trainer.ts';
import type { Trainer, TrainerOptions } from '../../engine/train/trainer-types.ts';

/** The spec with its defaults; `data` may be left out, since tests hand theirs in. Throws what is wrong with it. */
export function specOf(input: Omit<RunSpecInput, 'data'> & { data?: RunSpecInput['data'] }): RunSpec {
  const parsed = parseRunSpec({ data: { source: 'xor' }, ...input });
  if (!parsed.ok) throw new SpecError(parsed.issues);
  return parsed.spec;
}

export interface DataParts {
  readonly input: Shape;
  readonly x: readonly number[] | Float32Array | Uint8Array;
  /** Class of each row; or else `targets`. */
  readonly labels?: readonly number[] | Int32Array;
  readonly targets?: readonly number[] | Float32Array;
  readonly outputs: number;
  /** Rows from the end held out. */
  readonly validation?: number;
  readonly test?: number;
}

/** Rows in order: training, then validation, then test. */
export function dataOf(parts: DataParts): PreparedData {
  const rowSize = sizeOf(parts.input);
  const x = Array.isArray(parts.x) ? Float32Array.from(parts.x) : (parts.x as Float32Array | Uint8Array);
  const rows = x.length / rowSize;
  const { validation = 0, test = 0 } = parts;
  const range = (from: number, to: number): Int32Array => Int32Array.from({ length: to - from }, (_, i) => from + i);
  return {
    shape: {
      input: parts.input,
      task: parts.labels === undefined ? 'regression' : 'classification',
      outputs: parts.outputs,
    },
    rowSize,
    x,
    scale: null,
    shift: null,
    labels: parts.labels === undefined ? null : Int32Array.from(parts.labels),
    targets: parts.targets === undefined ? null : Float32Array.from(parts.targets),
    train: range(0, rows - validation - test),
    validation: range(rows - validation - test, rows - test),
    test: range(rows - test, rows),
    outputNames: Array.from({ length: parts.outputs }, (_, i) => String(i)),
    featureNames: null,
  };
}

/** Rows of standard normal values whose class is the largest of the first `outputs` features, so it can be learned. */
export function randomClasses(
  rows: number,
  input: Shape,
  outputs: number,
  more: Partial<DataParts> = {},
): PreparedData {
  const rng = Rng.stream(11, 'test data');
  const size = sizeOf(input);
  const x = Float32Array.from({ length: rows * size }, () => rng.normal());
  const labels = Int32Array.from({ length: rows }, (_, r) => {
    let best = 0;
    for (let k = 1; k < outputs; k++) if (x[r * size + k]! > x[r * size + best]!) best = k;
    return best;
  });
  return dataOf({ input, x, labels, outputs, ...more });
}

export function trainerOf(
  kernels: Kernels,
  spec: RunSpec,
  data: PreparedData,
  more: Partial<TrainerOptions> = {},
): Trainer {
  return createTrainer({ kernels, spec, data, ...more });
}

/** Runs to the end, or for `steps` steps, finishing epochs as they come; returns every loss. */
export function runSteps(trainer: Trainer, steps = Infinity): number[] {
  const losses: number[] = [];
  while (!trainer.done && losses.length < steps) {
    const result = trainer.trainStep();
    losses.push(result.loss);
    if (result.epochEnded) trainer.finishEpoch();
  }
  return losses;
}
