/**
 * The 19 runs of test/fixtures/reference, trained in float64 by an independent implementation: losses, learning
 * rates, first-step gradients, final parameters, running statistics and outputs must agree, under every kernel set.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { WeightSet } from '../../../engine/train/trainer-types.ts';
import { difference, type Tolerance } from '../../support/allclose.ts';
import { KERNELS } from '../../support/kernels.ts';
import { dataOf, specOf, trainerOf } from '../../support/runs.ts';

type Nested = number | Nested[];
type Tensors = Record<string, Nested>;
interface ReferenceCase {
  readonly name: string;
  readonly inputShape: number[];
  readonly layers: RunSpecInput['model']['layers'];
  readonly loss: RunSpecInput['loss'];
  readonly optimizer: RunSpecInput['optimizer'];
  readonly schedule: RunSpecInput['schedule'];
  readonly batchSize: number;
  readonly steps: number;
  readonly x: number[][];
  readonly t: number[][];
  readonly start: Tensors[];
  readonly firstStepGradients: Tensors[];
  readonly losses: number[];
  readonly learningRates: number[];
  readonly end: Tensors[];
  readonly outputsAfter: number[][];
}

const file = new URL('../../fixtures/reference/training-runs.json', import.meta.url);
const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: ReferenceCase[] };

const flat = (value: Nested): number[] => (typeof value === 'number' ? [value] : value.flatMap(flat));
const shapeOf = (value: Nested): number[] =>
  typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0] as Nested)];

function run(reference: ReferenceCase, kernels: (typeof KERNELS)[number]['kernels']) {
  const { inputShape, layers, loss, optimizer, schedule, batchSize, steps } = reference;
  const training = { batchSize, steps, sampling: 'sequential' as const };
  const spec = specOf({ model: { layers }, loss, optimizer, schedule, training });
  const classes = loss === 'softmax-cross-entropy';
  const data = dataOf({
    input: inputShape,
    x: reference.x.flat(),
    outputs: reference.t[0]!.length,
    ...(classes ? { labels: reference.t.map((row) => row.indexOf(1)) } : { targets: reference.t.flat() }),
  });
  const initialWeights: WeightSet = reference.start.flatMap((tensors, layer) =>
    Object.entries(tensors).map(([field, value]) => {
      return { name: `layers.${layer}.${field}`, shape: shapeOf(value), data: Float32Array.from(flat(value)) };
    }),
  );
  const trainer = trainerOf(kernels, spec, data, { initialWeights, keepGradients: true });
  const losses: number[] = [];
  const rates: number[] = [];
  let gradients = new Map<string, number[]>();
  while (!trainer.done) {
    const result = trainer.trainStep();
    losses.push(result.loss);
    rates.push(result.lr);
    if (result.step === 0) gradients = new Map([...trainer.gradients()].map(([name, g]) => [name, Array.from(g)]));
    if (result.epochEnded) trainer.finishEpoch();
  }
  return { losses, rates, gradients, states: trainer.states(), outputs: trainer.outputs(data.train) };
}

/**
 * In float64 the reference run itself moves the biases before a batch norm by rounding noise that Adam scales up
 * (their true gradient is 0 and here they stay put): by up to 1.7e-10, which is all that running means and outputs
 * may differ by. Every other number of the case agrees within 1e-9.
 */
const NOISE: Record<string, { readonly fields: RegExp; readonly tolerance: Tolerance }> = {
  'batch-norm-adam': { fields: /bias$|runningMean$|^outputs$/, tolerance: { relative: 2e-8, floor: 0.01 } },
};

describe.each(KERNELS)('$name', ({ kernels }) => {
  const tolerance: Tolerance = { relative: kernels.dtype === 'float64' ? 1e-9 : 2e-4, floor: 0.01 };

  test.each(cases.map((reference) => [reference.name, reference] as const))('%s', (_name, reference) => {
    const got = run(reference, kernels);
    const problems: Record<string, string> = {};
    const noise = kernels.dtype === 'float64' ? NOISE[reference.name] : undefined;
    const compare = (what: string, values: ArrayLike<number> | undefined, expected: ArrayLike<number>): void => {
      const allowed = noise?.fields.test(what) === true ? noise.tolerance : tolerance;
      const problem = difference(values ?? [], expected, allowed);
      if (problem !== null) problems[what] = problem;
    };
    compare('losses', got.losses, reference.losses);
    compare('learning rates', got.rates, reference.learningRates);
    for (const [layer, tensors] of reference.firstStepGradients.entries()) {
      for (const [field, value] of Object.entries(tensors)) {
        compare(`gradient ${layer}.${field}`, got.gradients.get(`layers.${layer}.${field}`), flat(value));
      }
    }
    for (const [layer, tensors] of reference.end.entries()) {
      for (const [field, value] of Object.entries(tensors)) {
        compare(`end ${layer}.${field}`, got.states.get(`layers.${layer}.${field}`), flat(value));
      }
    }
    compare('outputs', got.outputs.values, reference.outputsAfter.flat());
    expect(problems).toEqual({});
    expect(got.losses).toHaveLength(reference.steps);
  });
});
