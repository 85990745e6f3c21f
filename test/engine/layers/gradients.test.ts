/** Every layer, every loss and their compositions against numerical differentiation, relative error below 1e-6. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LAYER_TYPES, LOSS_TYPES, type LayerType } from '../../../engine/spec/layer-spec.ts';
import { fits, gradientErrors, type GradientCase } from '../../support/gradcheck.ts';

const LIMIT = 1e-6;

function expectRight(gradientCase: GradientCase): void {
  const wrong = [...gradientErrors(gradientCase)].filter(([, error]) => !(error < LIMIT));
  expect(wrong).toEqual([]);
}

const flat = (middle: unknown[]): GradientCase => ({
  layers: [{ type: 'affine', units: 6 }, ...middle, { type: 'affine', units: 3 }],
  input: [4],
  loss: 'softmax-cross-entropy',
  rows: 5,
  outputs: 3,
});
const image = (layers: unknown[], input = [2, 6, 7]): GradientCase => ({
  layers: [...layers, { type: 'affine', units: 3 }],
  input,
  loss: 'softmax-cross-entropy',
  rows: 3,
  outputs: 3,
});
const conv = (more: object = {}) => ({ type: 'conv2d', filters: 3, kernel: 3, padding: 1, ...more });

/** Each case trains a layer before the one in question, so its dx is checked too. `step` is refused when trained. */
const LAYERS: Record<Exclude<LayerType, 'step'>, GradientCase[]> = {
  affine: [flat([]), { ...image([]), input: [2, 3, 3] }, { ...flat([]), rows: 1 }],
  relu: [flat([{ type: 'relu' }]), flat([{ type: 'batch-norm' }, { type: 'relu' }])],
  'leaky-relu': [flat([{ type: 'leaky-relu', slope: 0.2 }]), flat([{ type: 'batch-norm' }, { type: 'leaky-relu' }])],
  elu: [flat([{ type: 'elu', alpha: 1.5 }]), flat([{ type: 'batch-norm' }, { type: 'elu' }])],
  sigmoid: [flat([{ type: 'sigmoid' }]), flat([{ type: 'batch-norm' }, { type: 'sigmoid' }])],
  tanh: [flat([{ type: 'tanh' }]), flat([{ type: 'batch-norm' }, { type: 'tanh' }])],
  softplus: [flat([{ type: 'softplus' }]), flat([{ type: 'batch-norm' }, { type: 'softplus' }])],
  identity: [flat([{ type: 'identity' }, { type: 'tanh' }])],
  softmax: [flat([{ type: 'softmax' }]), flat([{ type: 'tanh' }, { type: 'softmax' }])],
  'batch-norm': [
    flat([{ type: 'batch-norm' }]),
    image([conv(), { type: 'batch-norm' }, { type: 'tanh' }]),
    flat([{ type: 'sigmoid' }, { type: 'batch-norm', epsilon: 0.1 }, { type: 'tanh' }]),
  ],
  dropout: [
    flat([{ type: 'dropout', rate: 0.4 }]),
    flat([{ type: 'tanh' }, { type: 'dropout', rate: 0.3, form: 'book' }]),
  ],
  conv2d: [
    image([conv(), { type: 'tanh' }]),
    image([conv({ padding: 0, stride: 2 }), { type: 'softplus' }, conv({ filters: 2, kernel: 2 })]),
    image([conv({ kernel: 1, padding: 2 }), conv({ kernel: 5, stride: 3 })]),
  ],
  'max-pool2d': [
    image([conv(), { type: 'max-pool2d', kernel: 2 }]),
    image([conv(), { type: 'max-pool2d', kernel: 3, stride: 1 }, conv()]),
  ],
  'avg-pool2d': [
    image([conv(), { type: 'avg-pool2d', kernel: 2 }]),
    image([conv(), { type: 'avg-pool2d', kernel: 3, stride: 2 }, conv()]),
  ],
  flatten: [image([conv(), { type: 'flatten' }, { type: 'affine', units: 4 }, { type: 'tanh' }])],
};

describe('layers', () => {
  test.each(Object.entries(LAYERS).flatMap(([type, cases]) => cases.map((c, i) => [`${type} ${i + 1}`, c] as const)))(
    '%s',
    (_name, gradientCase) => {
      expectRight(gradientCase);
    },
  );

  test('no layer was left out', () => {
    expect(Object.keys(LAYERS).sort()).toEqual(LAYER_TYPES.filter((type) => type !== 'step').sort());
  });
});

const smooth = (units: number) => [{ type: 'affine', units: 5 }, { type: 'tanh' }, { type: 'affine', units }];
const withLoss = (loss: unknown, outputs: number, regression: boolean, units = outputs): GradientCase => ({
  layers: smooth(units),
  input: [4],
  loss,
  rows: 7,
  outputs,
  regression,
});
const LOSSES: Record<(typeof LOSS_TYPES)[number], GradientCase[]> = {
  'softmax-cross-entropy': [
    withLoss('softmax-cross-entropy', 4, false),
    withLoss({ type: 'softmax-cross-entropy', labelSmoothing: 0.1 }, 4, false),
    withLoss('softmax-cross-entropy', 3, false, 5),
  ],
  mse: [withLoss('mse', 3, true), withLoss('mse', 3, false)],
  mae: [withLoss('mae', 3, true)],
  huber: [withLoss('huber', 3, true), withLoss({ type: 'huber', delta: 0.3 }, 3, true)],
  'binary-cross-entropy': [withLoss('binary-cross-entropy', 3, true), withLoss('binary-cross-entropy', 2, false, 1)],
  hinge: [withLoss('hinge', 2, false, 1)],
  exponential: [withLoss('exponential', 2, false, 1)],
};

describe('losses', () => {
  test.each(Object.entries(LOSSES).flatMap(([type, cases]) => cases.map((c, i) => [`${type} ${i + 1}`, c] as const)))(
    '%s',
    (_name, gradientCase) => {
      expectRight(gradientCase);
    },
  );

  test('no loss was left out', () => {
    expect(Object.keys(LOSSES).sort()).toEqual([...LOSS_TYPES].sort());
  });
});

// Smooth everywhere, so no random network can sit on a kink.
const smoothLayer = fc.oneof(
  fc.integer({ min: 1, max: 6 }).map((units) => ({ type: 'affine', units })),
  fc.constantFrom('sigmoid', 'tanh', 'softplus', 'softmax', 'identity').map((type) => ({ type })),
  fc.constant({ type: 'batch-norm', epsilon: 0.01 }),
  fc.double({ min: 0, max: 0.6, noNaN: true }).map((rate) => ({ type: 'dropout', rate })),
);
const imageLayer = fc.oneof(
  fc
    .record({
      filters: fc.integer({ min: 1, max: 3 }),
      kernel: fc.integer({ min: 1, max: 3 }),
      stride: fc.integer({ min: 1, max: 2 }),
      padding: fc.integer({ min: 0, max: 2 }),
    })
    .map((sizes) => ({ type: 'conv2d', ...sizes })),
  fc.constantFrom(
    { type: 'tanh' },
    { type: 'avg-pool2d', kernel: 2, stride: 1 },
    { type: 'batch-norm', epsilon: 0.01 },
  ),
);

describe('random compositions', () => {
  test('of flat layers', () => {
    const networks = fc.record({
      layers: fc.array(smoothLayer, { minLength: 1, maxLength: 5 }),
      inputs: fc.integer({ min: 1, max: 5 }),
      rows: fc.integer({ min: 1, max: 4 }),
      loss: fc.constantFrom('softmax-cross-entropy', 'mse'),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(networks, ({ layers, inputs, rows, loss, seed }) => {
        const all = [{ type: 'affine', units: 3 }, ...layers, { type: 'affine', units: 2 }];
        expectRight({ layers: all, input: [inputs], rows, loss, seed, outputs: 2 });
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test('of image layers', () => {
    const networks = fc.record({
      layers: fc.array(imageLayer, { minLength: 1, maxLength: 3 }),
      channels: fc.integer({ min: 1, max: 2 }),
      height: fc.integer({ min: 5, max: 8 }),
      width: fc.integer({ min: 5, max: 8 }),
      rows: fc.integer({ min: 1, max: 2 }),
      seed: fc.nat(1e6),
    });
    fc.assert(
      fc.property(networks, ({ layers, channels, height, width, rows, seed }) => {
        const all = [conv({ filters: 2 }), ...layers, { type: 'affine', units: 2 }];
        const gradientCase = { layers: all, input: [channels, height, width], rows, loss: 'mse', seed, outputs: 2 };
        fc.pre(fits(gradientCase));
        expectRight(gradientCase);
      }),
      { numRuns: 25, seed: 2 },
    );
  });
});
