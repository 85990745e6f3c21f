/** Chapter 3: activations, the three-layer network, softmax. */

import { describe, expect, test } from 'vitest';
import { affine, relu, sigmoid, softmax, step } from '../../engine/lab/functions.ts';
import { createPredictor } from '../../engine/train/predictor.ts';
import type { LayerSpec } from '../../engine/spec/layer-spec.ts';
import { KERNELS } from '../support/kernels.ts';
import { dataOf } from '../support/runs.ts';

/** Equal to the eight printed digits. */
function printed(got: ArrayLike<number>, expected: number[], digits = 8): void {
  expect(got.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, digits);
}

describe('section 3.2', () => {
  test('sigmoid of −1, 1, 2', () => {
    printed(sigmoid([-1, 1, 2]), [0.26894142, 0.73105858, 0.88079708]);
  });
  test('step of −1, 1, 2', () => {
    expect(step([-1, 1, 2])).toEqual([0, 1, 1]);
  });
  test('relu', () => {
    expect(relu([-1, 0, 2])).toEqual([0, 0, 2]);
  });
});

const W1 = [
  [0.1, 0.3, 0.5],
  [0.2, 0.4, 0.6],
];
const B1 = [0.1, 0.2, 0.3];
const W2 = [
  [0.1, 0.4],
  [0.2, 0.5],
  [0.3, 0.6],
];
const B2 = [0.1, 0.2];
const W3 = [
  [0.1, 0.3],
  [0.2, 0.4],
];
const B3 = [0.1, 0.2];

describe('section 3.4', () => {
  test('the three-layer network, layer by layer', () => {
    const a1 = affine([1.0, 0.5], W1, B1);
    printed(a1, [0.3, 0.7, 1.1]);
    const z1 = sigmoid(a1);
    printed(z1, [0.57444252, 0.66818777, 0.75026011]);
    const z2 = sigmoid(affine(z1, W2, B2));
    printed(affine(z2, W3, B3), [0.31682708, 0.69627909]);
  });

  test.each(KERNELS)('the same network in the engine: $name', ({ kernels }) => {
    const layer = (units: number): LayerSpec => ({ type: 'affine', units, init: 'zeros' });
    const tensor = (name: string, shape: number[], values: number[]) => ({
      name,
      shape,
      data: Float32Array.from(values),
    });
    const predictor = createPredictor({
      kernels,
      layers: [layer(3), { type: 'sigmoid' }, layer(2), { type: 'sigmoid' }, layer(2), { type: 'identity' }],
      loss: 'mse',
      data: dataOf({ input: [2], x: [1.0, 0.5], targets: [0, 0], outputs: 2 }),
      weights: [
        tensor('layers.0.weight', [2, 3], W1.flat()),
        tensor('layers.0.bias', [3], B1),
        tensor('layers.2.weight', [3, 2], W2.flat()),
        tensor('layers.2.bias', [2], B2),
        tensor('layers.4.weight', [2, 2], W3.flat()),
        tensor('layers.4.bias', [2], B3),
      ],
    });
    printed(predictor.outputs(Int32Array.of(0)).values, [0.31682708, 0.69627909], 6);
  });
});

describe('section 3.5', () => {
  test('softmax of 0.3, 2.9, 4.0', () => {
    const y = softmax([0.3, 2.9, 4.0]);
    printed(y, [0.01821127, 0.24519181, 0.73659691]);
    expect(y.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 15);
  });

  test('softmax of 1010, 1000, 990 does not overflow', () => {
    const y = softmax([1010, 1000, 990]);
    expect(y.some(Number.isNaN)).toBe(false);
    expect(y[0]).toBeCloseTo(9.999546e-1, 8);
    expect(y[1]! / 4.53978686e-5).toBeCloseTo(1, 8);
    expect(y[2]! / 2.06106005e-9).toBeCloseTo(1, 8);
  });
});
