/** Two updates of each optimizer on one weight and one bias, against the formulas worked out by hand. */

import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { Parameter } from '../../../engine/layers/layer.ts';
import { clipByNorm, gradientNorm } from '../../../engine/optimizers/clip-norm.ts';
import { createOptimizer } from '../../../engine/optimizers/create-optimizer.ts';
import { addDecay, decayLoss } from '../../../engine/optimizers/weight-decay.ts';
import { optimizerSchema } from '../../../engine/spec/layer-spec.ts';

const kernels = createReferenceKernels('float64');

function parameters(arena = kernels.createArena()) {
  const make = (field: 'weight' | 'bias'): Parameter => ({
    field,
    value: arena.tensor([1]),
    gradient: arena.tensor([1]),
    decays: field === 'weight',
    init: 'zeros',
    fanIn: 1,
    fanOut: 1,
  });
  return { arena, weight: make('weight'), bias: make('bias') };
}

/** Weight and bias start at 1; gradients 0.5 then −2 for both. */
function twoUpdates(spec: object): { weight: number[]; bias: number[] } {
  const { arena, weight, bias } = parameters();
  const optimizer = createOptimizer({ kernels, arena, parameters: [weight, bias] }, optimizerSchema.parse(spec));
  arena.commit();
  const result = { weight: [] as number[], bias: [] as number[] };
  weight.value.data[0] = 1;
  bias.value.data[0] = 1;
  for (const [t, gradient] of [0.5, -2].entries()) {
    weight.gradient.data[0] = gradient;
    bias.gradient.data[0] = gradient;
    optimizer.update(0.1, t);
    result.weight.push(weight.value.data[0]);
    result.bias.push(bias.value.data[0]);
  }
  return result;
}

const adamSecond = (): number => {
  const m = 0.9 * 0.05 + 0.1 * -2;
  const v = 0.999 * 0.00025 + 0.001 * 4;
  return (0.1 * (m / (1 - 0.81))) / (Math.sqrt(v / (1 - 0.999 ** 2)) + 1e-8);
};

describe('optimizers', () => {
  test.each<[string, object, number[]]>([
    ['sgd', {}, [0.95, 1.15]],
    ['momentum', {}, [0.95, 0.95 + 0.9 * -0.05 + 0.2]],
    ['nesterov', {}, [1 + 0.9 * -0.05 - 0.05, 0.905 + 0.9 * (0.9 * -0.05 + 0.2) + 0.2]],
    ['adagrad', {}, [1 - 0.05 / (0.5 + 1e-7), 1 - 0.05 / (0.5 + 1e-7) + 0.2 / (Math.sqrt(4.25) + 1e-7)]],
    [
      'rmsprop',
      { rho: 0.9 },
      [
        1 - 0.05 / (Math.sqrt(0.025) + 1e-7),
        1 - 0.05 / (Math.sqrt(0.025) + 1e-7) + 0.2 / (Math.sqrt(0.9 * 0.025 + 0.4) + 1e-7),
      ],
    ],
    ['adam', {}, [1 - 0.05 / (0.5 + 1e-8), 1 - 0.05 / (0.5 + 1e-8) - adamSecond()]],
  ])('%s', (type, more, expected) => {
    const got = twoUpdates({ type, lr: 0.1, ...more });
    for (const [i, value] of expected.entries()) {
      expect(got.weight[i]).toBeCloseTo(value, 12);
      expect(got.bias[i]).toBeCloseTo(value, 12);
    }
  });

  test('adamw decays weights beside the gradient, biases not at all', () => {
    const got = twoUpdates({ type: 'adamw', lr: 0.1, weightDecay: 0.3 });
    const plain = twoUpdates({ type: 'adam', lr: 0.1 });
    expect(got.bias).toEqual(plain.bias);
    expect(got.weight[0]).toBeCloseTo(plain.weight[0]! - 0.1 * 0.3 * 1, 12);
    expect(got.weight[1]).toBeCloseTo(got.weight[0]! - 0.1 * 0.3 * got.weight[0]! - adamSecond(), 12);
  });

  test('weight decay: ½λ‖W‖² in the loss, λW in the gradient of weights only', () => {
    const { arena, weight, bias } = parameters();
    arena.commit();
    weight.value.data[0] = 3;
    bias.value.data[0] = 5;
    weight.gradient.data[0] = 1;
    bias.gradient.data[0] = 1;
    expect(decayLoss(kernels, [weight, bias], 0.1)).toBeCloseTo(0.45, 12);
    addDecay(kernels, [weight, bias], 0.1);
    expect(weight.gradient.data[0]).toBeCloseTo(1.3, 12);
    expect(bias.gradient.data[0]).toBe(1);
  });

  test('clipping scales the whole gradient to the limit, and leaves a short one alone', () => {
    const { arena, weight, bias } = parameters();
    arena.commit();
    weight.gradient.data[0] = 3;
    bias.gradient.data[0] = 4;
    expect(gradientNorm(kernels, [weight, bias])).toBe(5);
    clipByNorm(kernels, [weight, bias], 5, 6);
    expect(weight.gradient.data[0]).toBe(3);
    clipByNorm(kernels, [weight, bias], 5, 1);
    expect(weight.gradient.data[0]).toBeCloseTo(0.6, 12);
    expect(bias.gradient.data[0]).toBeCloseTo(0.8, 12);
  });
});
