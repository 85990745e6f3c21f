/** Where each tensor of a model goes in a weights file: its key and shape in the book's layout and in PyTorch's. */

import { say, word } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import { inferShapes, sizeOf, type Shape } from '../spec/shapes.ts';
import type { NamedTensor, WeightSet } from './weight-set.ts';

/** What decides the tensors of a model: the shape of one input row and the expanded layer list. */
export interface WeightModel {
  readonly inputShape: Shape;
  readonly layers: readonly LayerSpec[];
}

export interface TensorPlace {
  /** `layers.<index>.<field>`, as the trainer names it. */
  readonly name: string;
  readonly shape: Shape;
  /** The book's key: W1, b1, gamma1, running_mean1… */
  readonly npzKey: string;
  /** The key in `torch.nn.Sequential`: 0.weight, 1.running_mean… */
  readonly torchKey: string;
  /** True for affine weights: (in, out) here and in the book, (out, in) in PyTorch. */
  readonly transposed: boolean;
  /** Running statistics may be missing from a file; they then start at 0 and 1. */
  readonly optional: boolean;
}

/** All tensors in layer order, parameters before statistics. Throws a DataError when a layer does not fit its input. */
export function weightLayout({ inputShape, layers }: WeightModel): TensorPlace[] {
  // The number of outputs is no concern here; only each layer's own shapes are read.
  const { layers: shapes, issues } = inferShapes({ input: inputShape, task: 'regression', outputs: 1 }, layers, 'mse');
  const places: TensorPlace[] = [];
  let weighted = 0;
  let normalized = 0;
  for (const [index, layer] of layers.entries()) {
    const input = shapes[index]?.input;
    if (input === undefined) {
      throw new DataError(say`model.layers.${index}: ${issues[0] ?? word('does not fit its input')}`);
    }
    const add = (field: string, npzKey: string, torchField: string, shape: Shape, transposed = false): void => {
      const optional = field.startsWith('running');
      const torchKey = `${index}.${torchField}`;
      places.push({ name: `layers.${index}.${field}`, shape, npzKey, torchKey, transposed, optional });
    };
    if (layer.type === 'affine' || layer.type === 'conv2d') {
      const n = ++weighted;
      if (layer.type === 'affine') add('weight', `W${n}`, 'weight', [sizeOf(input), layer.units], true);
      else add('weight', `W${n}`, 'weight', [layer.filters, input[0] ?? 0, layer.kernel, layer.kernel]);
      add('bias', `b${n}`, 'bias', [layer.type === 'affine' ? layer.units : layer.filters]);
    } else if (layer.type === 'batch-norm') {
      const n = ++normalized;
      const features = [input[0] ?? 0];
      add('gamma', `gamma${n}`, 'weight', features);
      add('beta', `beta${n}`, 'bias', features);
      add('runningMean', `running_mean${n}`, 'running_mean', features);
      add('runningVar', `running_var${n}`, 'running_var', features);
    }
  }
  return places;
}

/** Pairs every place with the model's own tensor, for writing. Throws a DataError when one is missing or of another size. */
export function placedWeights(layout: readonly TensorPlace[], weights: WeightSet): [TensorPlace, Float32Array][] {
  const byName = new Map(weights.map((tensor) => [tensor.name, tensor.data]));
  return layout.map((place) => {
    const data = byName.get(place.name);
    if (data?.length !== sizeOf(place.shape)) {
      throw new DataError(say`${place.name}: expected ${sizeOf(place.shape)} values, got ${data?.length ?? 'none'}`);
    }
    return [place, data];
  });
}

/** A tensor of a file: its shape there, and its values when they are wanted. */
export interface FoundTensor {
  readonly shape: Shape;
  readonly values: () => Float32Array;
}

/**
 * The tensors of a file in the model's own names and order. Throws a DataError that names the tensor, the expected
 * shape and the one found. Running statistics may be missing.
 */
export function fitWeights(
  file: string,
  layout: readonly TensorPlace[],
  style: 'npz' | 'torch' | 'own',
  found: ReadonlyMap<string, FoundTensor>,
): NamedTensor[] {
  const keyOf = (place: TensorPlace): string =>
    style === 'npz' ? place.npzKey : style === 'torch' ? place.torchKey : place.name;
  const keys = new Set(layout.map(keyOf));
  const stray = [...found.keys()].find((key) => !keys.has(key));
  const missing = layout.find((place) => !place.optional && !found.has(keyOf(place)));
  if (missing !== undefined) {
    const got = stray === undefined ? word('none') : JSON.stringify(stray);
    throw new DataError(say`${file}: expected ${keyOf(missing)} of shape ${shapeText(missing.shape)}, got ${got}`);
  }
  if (stray !== undefined) {
    throw new DataError(say`${file}: holds ${JSON.stringify(stray)}, for which this model has no place`);
  }
  return layout.flatMap((place) => {
    const tensor = found.get(keyOf(place));
    if (tensor === undefined) return [];
    const flip = style === 'torch' && place.transposed;
    const expected = flip ? place.shape.toReversed() : place.shape;
    if (tensor.shape.join() !== expected.join()) {
      throw new DataError(
        say`${file}, ${keyOf(place)}: expected shape ${shapeText(expected)}, got ${shapeText(tensor.shape)}`,
      );
    }
    const values = tensor.values();
    const data = flip ? transpose(values, expected[0] ?? 0, expected[1] ?? 0) : values;
    return [{ name: place.name, shape: place.shape, data }];
  });
}

/** (rows × columns) to (columns × rows), bit by bit, so that the payload of a NaN survives. */
export function transpose(values: Float32Array, rows: number, columns: number): Float32Array {
  const result = new Float32Array(values.length);
  const from = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const to = new Uint32Array(result.buffer);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) to[j * rows + i] = from[i * columns + j] ?? 0;
  }
  return result;
}

function shapeText(shape: Shape): string {
  return `(${shape.join(', ')})`;
}
