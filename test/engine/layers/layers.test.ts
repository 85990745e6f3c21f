/** Forward values of each layer on inputs small enough to work out by hand, in training and in inference. */

import { describe, expect, test } from 'vitest';
import type { FloatArray } from '../../../engine/math/tensor.ts';
import { layerSchema, type LayerSpec } from '../../../engine/spec/layer-spec.ts';
import { SpecError } from '../../../engine/spec/run-spec.ts';
import { inferShapes, type Shape } from '../../../engine/spec/shapes.ts';
import { buildModel } from '../../../engine/train/model.ts';
import { initializeModel } from '../../../engine/train/weights.ts';
import { KERNELS } from '../../support/kernels.ts';

describe.each(KERNELS)('$name', ({ kernels }) => {
  function build(specs: object[], input: Shape, rows: number, training = false) {
    const layers = specs.map((spec): LayerSpec => layerSchema.parse(spec));
    const arena = kernels.createArena();
    const shapes = inferShapes({ input, task: 'regression', outputs: 0 }, layers, 'mse');
    const model = buildModel({
      layers,
      shapes: { ...shapes, issues: [] },
      inputShape: input,
      kernels,
      arena,
      capacity: rows,
      seed: 1,
      training,
    });
    arena.commit();
    initializeModel(model, 1);
    return model;
  }
  function forward(spec: object, input: Shape, x: number[], training = false): number[] {
    const rows = x.length / input.reduce((a, b) => a * b, 1);
    const model = build([spec], input, rows);
    model.input.data.set(x);
    model.forward(rows, training, 0);
    return Array.from(model.outputs.data.subarray(0, rows * model.columns));
  }
  const close = (got: ArrayLike<number>, expected: number[]): void => {
    expect(got.length).toBe(expected.length);
    for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 5);
  };
  const set = (data: FloatArray, values: number[]): void => data.set(values);

  const x = [-2, 0, 0.5, 3];
  test.each<[string, object, number[]]>([
    ['relu', { type: 'relu' }, [0, 0, 0.5, 3]],
    ['leaky-relu', { type: 'leaky-relu' }, [-0.02, 0, 0.5, 3]],
    ['elu', { type: 'elu', alpha: 2 }, [2 * Math.expm1(-2), 0, 0.5, 3]],
    ['sigmoid', { type: 'sigmoid' }, x.map((v) => 1 / (1 + Math.exp(-v)))],
    ['tanh', { type: 'tanh' }, x.map(Math.tanh)],
    ['softplus', { type: 'softplus' }, x.map((v) => Math.log(1 + Math.exp(v)))],
    ['identity', { type: 'identity' }, x],
    ['step', { type: 'step' }, [0, 0, 1, 1]],
    ['flatten', { type: 'flatten' }, x],
    ['softmax', { type: 'softmax' }, x.map((v) => Math.exp(v) / x.reduce((sum, u) => sum + Math.exp(u), 0))],
  ])('%s', (_name, spec, expected) => {
    close(forward(spec, [4], x), expected);
  });

  test('affine: x·W + b', () => {
    const model = build([{ type: 'affine', units: 3 }], [2], 1);
    set(model.parameters[0]!.value.data, [1, 2, 3, 4, 5, 6]);
    set(model.parameters[1]!.value.data, [0.1, 0.2, 0.3]);
    set(model.input.data, [10, 20]);
    model.forward(1, false, 0);
    close(model.outputs.data, [90.1, 120.2, 150.3]);
  });

  test('affine takes an activation into its own pass and gives the same as two layers', () => {
    for (const type of ['relu', 'leaky-relu', 'elu', 'sigmoid', 'tanh', 'softplus', 'step']) {
      const fused = build([{ type: 'affine', units: 5 }, { type }], [4], 1);
      const apart = build([{ type: 'affine', units: 5 }, { type: 'flatten' }, { type }], [4], 1);
      for (const model of [fused, apart]) {
        set(model.input.data, x);
        model.forward(1, false, 0);
      }
      expect(fused.layers[0]!.ownOutput).toBe(false);
      expect(apart.layers[0]!.ownOutput).toBe(true);
      close(fused.outputs.data, Array.from(apart.outputs.data));
    }
  });

  test('conv2d is the cross-correlation of the book, with stride and padding', () => {
    // Book section 7.2.2: a 4 × 4 picture under a 3 × 3 filter, and 7.2.3's bias of 3.
    const picture = [1, 2, 3, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 3, 0, 1];
    const filter = [2, 0, 1, 0, 1, 2, 1, 0, 2];
    const convolve = (stride: number, padding: number, bias: number): number[] => {
      const model = build([{ type: 'conv2d', filters: 1, kernel: 3, stride, padding }], [1, 4, 4], 1);
      set(model.parameters[0]!.value.data, filter);
      set(model.parameters[1]!.value.data, [bias]);
      set(model.input.data, picture);
      model.forward(1, false, 0);
      return Array.from(model.outputs.data);
    };
    close(convolve(1, 0, 0), [15, 16, 6, 15]);
    close(convolve(1, 0, 3), [18, 19, 9, 18]);
    // Section 7.2.4, padding 1; with stride 2 every other one of these.
    const padded = [7, 12, 10, 2, 4, 15, 16, 10, 10, 6, 15, 6, 8, 10, 4, 3];
    close(convolve(1, 1, 0), padded);
    close(convolve(2, 1, 0), [padded[0]!, padded[2]!, padded[8]!, padded[10]!]);
  });

  test('max-pool2d and avg-pool2d over the book’s 4 × 4 example', () => {
    // Section 7.3, figure 7-14.
    const picture = [1, 2, 1, 0, 0, 1, 2, 3, 3, 0, 1, 2, 2, 4, 0, 1];
    close(forward({ type: 'max-pool2d', kernel: 2 }, [1, 4, 4], picture), [2, 3, 4, 2]);
    close(forward({ type: 'avg-pool2d', kernel: 2 }, [1, 4, 4], picture), [1, 1.5, 2.25, 1]);
    close(forward({ type: 'max-pool2d', kernel: 3, stride: 1 }, [1, 4, 4], picture), [3, 3, 4, 4]);
  });

  test('batch-norm: batch statistics in training, running ones in inference', () => {
    const model = build([{ type: 'batch-norm', epsilon: 0.25 }], [2], 2);
    const [gamma, beta] = model.parameters;
    set(gamma!.value.data, [2, 1]);
    set(beta!.value.data, [0, 1]);
    set(model.input.data, [1, 10, 3, 10]);
    model.forward(2, true, 0);
    const inverse = 1 / Math.sqrt(1 + 0.25);
    close(model.outputs.data, [-2 * inverse, 1, 2 * inverse, 1]);
    const running = model.states.filter((state) => state.parameter === null).map((state) => state.tensor.data);
    close(running[0]!, [0.2, 1]);
    close(running[1]!, [0.9 + 0.1, 0.9]);
    model.forward(2, false, 0);
    close(model.outputs.data, [
      (2 * (1 - 0.2)) / Math.sqrt(1.25),
      9 / Math.sqrt(1.15) + 1,
      (2 * (3 - 0.2)) / Math.sqrt(1.25),
      9 / Math.sqrt(1.15) + 1,
    ]);
  });

  test('batch-norm works by channel on images', () => {
    const model = build([{ type: 'batch-norm' }], [2, 1, 2], 1);
    set(model.input.data, [1, 3, 10, 10]);
    model.forward(1, true, 0);
    const inverse = 1 / Math.sqrt(1 + 1e-5);
    close(model.outputs.data, [-inverse, inverse, 0, 0]);
  });

  test('dropout: inverted scales in training, the book’s form in inference', () => {
    const ones = new Array<number>(4000).fill(1);
    const inverted = forward({ type: 'dropout', rate: 0.25 }, [1000], ones, true);
    const dropped = inverted.filter((value) => value === 0).length;
    expect(dropped / 4000).toBeGreaterThan(0.22);
    expect(dropped / 4000).toBeLessThan(0.28);
    for (const value of inverted) if (value !== 0) expect(value).toBeCloseTo(1 / 0.75, 6);
    expect(new Set(forward({ type: 'dropout', rate: 0.25 }, [1000], ones, false))).toEqual(new Set([1]));
    expect(new Set(forward({ type: 'dropout', rate: 0.25, form: 'book' }, [1000], ones, true))).toEqual(
      new Set([0, 1]),
    );
    expect(new Set(forward({ type: 'dropout', rate: 0.25, form: 'book' }, [1000], ones, false))).toEqual(
      new Set([0.75]),
    );
  });

  test('dropout draws another mask each step and for each layer, the same one for the same step', () => {
    const model = build(
      [
        { type: 'dropout', rate: 0.5 },
        { type: 'dropout', rate: 0.5 },
      ],
      [200],
      1,
    );
    const mask = (layer: number, step: number): string => {
      model.input.data.fill(1);
      model.forward(1, true, step);
      const output = model.layers[layer]!.layer.output.data;
      return Array.from(output, (value) => (value === 0 ? 0 : 1)).join('');
    };
    expect(mask(0, 7)).toBe(mask(0, 7));
    expect(mask(0, 7)).not.toBe(mask(0, 8));
    // The second layer keeps a value only where the first one did; with a shared mask they would be equal.
    expect(mask(1, 7)).not.toBe(mask(0, 7));
  });

  test('fewer rows than the buffers hold leave the others alone', () => {
    const model = build([{ type: 'affine', units: 2 }, { type: 'relu' }], [2], 3);
    model.outputs.data.fill(7);
    set(model.input.data, [1, 1, 1, 1, 1, 1]);
    model.forward(2, false, 0);
    expect(Array.from(model.outputs.data.subarray(4))).toEqual([7, 7]);
  });

  test('training through a step layer is refused at the field', () => {
    const layers = [{ type: 'affine', units: 2 }, { type: 'step' }, { type: 'affine', units: 2 }];
    expect(() => build(layers, [2], 1, true)).toThrow(SpecError);
    expect(() => build(layers, [2], 1, true)).toThrow(/model\.layers\.1\.type: a step layer cannot be trained through/);
    expect(() => build([{ type: 'step' }, { type: 'affine', units: 2 }], [2], 1, true)).not.toThrow();
  });

  test('a model without parameters has nothing to train', () => {
    expect(() => build([{ type: 'relu' }], [2], 1, true)).toThrow(/model\.layers: expected at least one layer with/);
  });
});
