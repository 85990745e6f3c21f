import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { SpecError, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { WeightSet } from '../../../engine/train/trainer-types.ts';
import { randomClasses, specOf, trainerOf } from '../../support/runs.ts';

const kernels = createReferenceKernels('float32');
const data = randomClasses(20, [4], 2);
const specWith = (layers: object[], seed = 1, optimizer = 'sgd') =>
  specOf({
    seed,
    model: { layers } as RunSpecInput['model'],
    optimizer: { type: optimizer, lr: 0.1 } as RunSpecInput['optimizer'],
    training: { epochs: 1 },
  });
const plain = [{ type: 'affine', units: 6 }, { type: 'relu' }, { type: 'affine', units: 2 }];
const normed = [{ type: 'affine', units: 6 }, { type: 'batch-norm' }, { type: 'relu' }, { type: 'affine', units: 2 }];
const weights = (layers: object[], seed = 1, optimizer = 'sgd') =>
  trainerOf(kernels, specWith(layers, seed, optimizer), data).weights('last');

describe('initial weights', () => {
  test('come in layer order under their names', () => {
    expect(weights(normed).map(({ name, shape }) => [name, ...shape])).toEqual([
      ['layers.0.weight', 4, 6],
      ['layers.0.bias', 6],
      ['layers.1.gamma', 6],
      ['layers.1.beta', 6],
      ['layers.1.runningMean', 6],
      ['layers.1.runningVar', 6],
      ['layers.3.weight', 6, 2],
      ['layers.3.bias', 2],
    ]);
  });

  test('depend on the seed and the layer alone: not on the optimizer, not on layers in between', () => {
    expect(weights(plain, 1, 'adam')).toEqual(weights(plain));
    expect(weights(plain, 2)).not.toEqual(weights(plain));
    const second = (set: WeightSet) => set.find(({ name, shape }) => name.endsWith('weight') && shape[1] === 2)?.data;
    expect(second(weights(normed))).toEqual(second(weights(plain)));
    // Two layers of one shape still start differently.
    const twins = weights([
      { type: 'affine', units: 4 },
      { type: 'affine', units: 4 },
      { type: 'affine', units: 2 },
    ]);
    expect(twins[0]?.data).not.toEqual(twins[2]?.data);
  });

  test('biases start at 0, gamma at 1, running statistics at 0 and 1', () => {
    const start = new Map(weights(normed).map(({ name, data: d }) => [name, new Set(d)]));
    expect(start.get('layers.0.bias')).toEqual(new Set([0]));
    expect(start.get('layers.1.gamma')).toEqual(new Set([1]));
    expect(start.get('layers.1.beta')).toEqual(new Set([0]));
    expect(start.get('layers.1.runningMean')).toEqual(new Set([0]));
    expect(start.get('layers.1.runningVar')).toEqual(new Set([1]));
  });

  test('can be given, running statistics left out', () => {
    const given = weights(normed, 5).filter(({ name }) => !name.includes('running'));
    const trainer = trainerOf(kernels, specWith(normed), data, { initialWeights: given });
    expect(trainer.weights('last')).toEqual(weights(normed, 5));
  });

  const change = (name: string, edit: Partial<WeightSet[number]>): WeightSet =>
    weights(plain).map((tensor) => (tensor.name === name ? { ...tensor, ...edit } : tensor));
  test.each<[string, WeightSet, RegExp]>([
    [
      'a missing tensor',
      weights(plain).slice(1),
      /initialWeights: expected layers\.0\.weight of shape \(4, 6\), which is missing/,
    ],
    [
      'another shape',
      change('layers.2.weight', { shape: [2, 6] }),
      /expected layers\.2\.weight of shape \(6, 2\), got \(2, 6\)/,
    ],
    ['too few values', change('layers.2.bias', { data: new Float32Array(1) }), /expected layers\.2\.bias/],
    ['NaN', change('layers.2.bias', { data: Float32Array.of(0, NaN) }), /layers\.2\.bias holds NaN at position 1/],
    ['a tensor too many', weights(normed), /layers\.2\.weight of shape \(6, 2\), which is missing/],
    [
      'an unknown name',
      [...weights(plain), { name: 'layers.9.weight', shape: [1], data: Float32Array.of(1) }],
      /has layers\.9\.weight of shape \(1\), which this model does not have/,
    ],
  ])('%s is refused and changes nothing', (_name, set, message) => {
    const trainer = trainerOf(kernels, specWith(plain, 7), data);
    expect(() => trainer.loadWeights(set)).toThrow(message);
    expect(() => trainer.loadWeights(set)).toThrow(SpecError);
    expect(trainer.weights('last')).toEqual(weights(plain, 7));
  });
});
