import { describe, expect, test } from 'vitest';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { KERNELS } from '../../support/kernels.ts';
import { dataOf, randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

const spec = (more: Partial<RunSpecInput>) =>
  specOf({
    model: {
      layers: [{ type: 'affine', units: 8 }, { type: 'batch-norm' }, { type: 'relu' }, { type: 'affine', units: 3 }],
    },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { batchSize: 10, epochs: 50 },
    ...more,
  });
const data = randomClasses(40, [5], 3);

describe.each(KERNELS)('$name', ({ kernels }) => {
  test('a learning rate of 1e5 stops with the last finite weights and names a layer', () => {
    // Squared errors grow with every step until they overflow; the norm guard ends it before the weights do.
    const regression = dataOf({ input: [2], x: [1, 2, 3, 4, 5, 6, 7, 8], targets: [1, 2, 3, 4], outputs: 1 });
    const wild = spec({
      model: { layers: [{ type: 'affine', units: 4 }, { type: 'relu' }, { type: 'affine', units: 1 }] },
      loss: 'mse',
      optimizer: { type: 'sgd', lr: 1e5 },
    });
    const trainer = trainerOf(kernels, wild, regression);
    let before = trainer.weights('last');
    let result = trainer.trainStep();
    while (!result.diverged) {
      if (result.epochEnded) trainer.finishEpoch();
      before = trainer.weights('last');
      result = trainer.trainStep();
    }
    expect(trainer.weights('last')).toEqual(before);
    expect(before.every(({ data: d }) => d.every((w) => Number.isFinite(w)))).toBe(true);
    expect(trainer.step).toBe(result.step);
    expect(trainer.done).toBe(true);
    expect(trainer.divergence).toMatchObject({ step: result.step, lr: 1e5 });
    expect(trainer.divergence?.tensor).toMatch(/^affine [12], gradient of|^(relu|affine) \d, activations|^loss$/);
    expect(trainer.divergence?.gradientNorms.length).toBeGreaterThan(0);
    expect(() => trainer.trainStep()).toThrow(/no step is left/);
  });

  test.each(['momentum', 'nesterov', 'adagrad', 'rmsprop', 'adam', 'adamw'] as const)(
    'whatever %s does with a rate of 1e5, the weights stay finite',
    (type) => {
      const trainer = trainerOf(kernels, spec({ optimizer: { type, lr: 1e5 } as RunSpecInput['optimizer'] }), data);
      runSteps(trainer);
      expect(trainer.weights('last').every(({ data: d }) => d.every((w) => Number.isFinite(w)))).toBe(true);
    },
  );

  test('a bad step takes nothing with it: running statistics, batch order and sums are as before', () => {
    const trainer = trainerOf(kernels, spec({}), data);
    runSteps(trainer, 2);
    const before = trainer.checkpoint();
    const weights = trainer.states().get('layers.0.weight')!;
    const held = weights[3]!;
    weights[3] = NaN;
    const result = trainer.trainStep();
    expect(result).toMatchObject({ step: 2, diverged: true, loss: NaN });
    const problem = "affine 1's weights were not finite";
    expect(trainer.divergence).toMatchObject({
      tensor: 'affine 1, weight',
      layer: 0,
      step: 2,
      problem: { message: problem },
    });
    weights[3] = held;
    expect(trainer.checkpoint()).toEqual(before);
  });

  test('names the first activation that is not finite', () => {
    const deep = spec({
      model: { layers: [{ type: 'affine', units: 4 }, { type: 'identity' }, { type: 'affine', units: 3 }] },
    });
    const trainer = trainerOf(kernels, deep, data);
    const large = kernels.dtype === 'float32' ? 3e38 : 1.7e308;
    trainer.states().get('layers.2.weight')!.fill(large);
    expect(trainer.trainStep().diverged).toBe(true);
    expect(trainer.divergence).toMatchObject({
      tensor: 'affine 2, activations',
      layer: 2,
      problem: { message: "affine 2's activations were not finite" },
    });
  });

  test('names a convolution whose output is pooled in the same pass', () => {
    const x = new Array<number>(4 * 36).fill(0);
    x[7] = 10;
    const images = dataOf({ input: [1, 6, 6], x, labels: [0, 1, 2, 0], outputs: 3 });
    const layers = [
      { type: 'conv2d', filters: 2, kernel: 3 },
      { type: 'max-pool2d', kernel: 2 },
      { type: 'affine', units: 3 },
    ] satisfies RunSpecInput['model']['layers'];
    const training = { batchSize: 4, steps: 1, sampling: 'sequential' } as const;
    const trainer = trainerOf(kernels, spec({ model: { layers }, training }), images);
    trainer
      .states()
      .get('layers.0.weight')!
      .fill(kernels.dtype === 'float32' ? 3e38 : 1.7e308);
    expect(trainer.trainStep().diverged).toBe(true);
    expect(trainer.divergence).toMatchObject({ tensor: 'conv2d 1, activations', layer: 0 });
  });

  test('names the first gradient that is not finite, in the order it is made', () => {
    const regression = dataOf({ input: [1], x: [1, 1], targets: [0, 0], outputs: 1 });
    const line = spec({
      model: {
        layers: [
          { type: 'affine', units: 1 },
          { type: 'affine', units: 1 },
        ],
      },
      loss: 'mae',
      training: { batchSize: 2, steps: 3 },
    });
    const trainer = trainerOf(kernels, line, regression);
    const states = trainer.states();
    // The outputs stay finite, but the second layer's weight times its gradient does not fit what the guard allows.
    states.get('layers.0.weight')!.fill(0);
    states.get('layers.0.bias')!.fill(1e-30);
    states.get('layers.2.weight')?.fill(0);
    states.get('layers.1.weight')!.fill(1e25);
    expect(trainer.trainStep().diverged).toBe(true);
    expect(trainer.divergence?.tensor).toBe('affine 1, gradient of the weights');
    expect(trainer.divergence?.problem.message).toBe("the gradient of affine 1's weights was too large");
  });

  test.each([
    ['through relu in the layer\u2019s own pass', [{ type: 'relu' }]],
    ['through relu and max-pool', [{ type: 'relu' }, { type: 'max-pool2d', kernel: 2 }]],
    ['through avg-pool and tanh', [{ type: 'avg-pool2d', kernel: 2 }, { type: 'tanh' }]],
    ['through leaky-relu, elu and softplus', [{ type: 'leaky-relu' }, { type: 'elu' }, { type: 'softplus' }]],
    ['through sigmoid and softmax', [{ type: 'sigmoid' }, { type: 'softmax' }]],
    ['through batch-norm and dropout', [{ type: 'batch-norm' }, { type: 'dropout', rate: 0.5 }]],
  ])('a single bad weight reaches the loss %s', (_name, middle) => {
    const images = randomClasses(12, [1, 6, 6], 3);
    const layers = [{ type: 'conv2d', filters: 5, kernel: 3 }, ...middle, { type: 'affine', units: 3 }];
    const deep = spec({ model: { layers } as RunSpecInput['model'] });
    const trainer = trainerOf(kernels, deep, images);
    trainer.states().get('layers.0.weight')![11] = NaN;
    expect(trainer.trainStep()).toMatchObject({ diverged: true, loss: NaN });
    expect(trainer.divergence?.tensor).toBe('conv2d 1, weight');
  });

  test('a row that is not finite is named as the input', () => {
    const bad = dataOf({ input: [1], x: [1, Infinity], targets: [0, 0], outputs: 1 });
    const line = spec({
      model: { layers: [{ type: 'affine', units: 1 }] },
      loss: 'mse',
      training: { batchSize: 2, steps: 3 },
    });
    const trainer = trainerOf(kernels, line, bad);
    trainer.trainStep();
    expect(trainer.divergence?.tensor).toBe('the input');
  });
});
