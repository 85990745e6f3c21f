/** Shape inference: what each layer turns its input into and how many parameters it has. Pure view maths for form, run card and engine. */

import { say, word, type Message } from './message.ts';
import type { LayerSpec, LossSpec } from './layer-spec.ts';

/** (features) or (channels, height, width); the batch dimension is left out. */
export type Shape = readonly number[];

export interface LayerShape {
  readonly input: Shape;
  readonly output: Shape;
  /** Trainable parameters. Running statistics are not counted. */
  readonly parameters: number;
}

/** Why a layer does not fit. `code` is for translation, `values` fill its placeholders, `field` is the layer's field at fault. */
export interface ShapeIssue extends Message {
  readonly layer: number;
  readonly field: string;
  readonly code: 'needs-flat' | 'needs-image' | 'window-too-large' | 'outputs-mismatch' | 'loss-needs-one-output';
  readonly values: Readonly<Record<string, number>>;
}

export interface ModelShapes {
  /** One entry a layer, null from the first layer that does not fit on. */
  readonly layers: readonly (LayerShape | null)[];
  readonly issues: readonly ShapeIssue[];
  readonly parameters: number;
  /** null when some layer does not fit. */
  readonly output: Shape | null;
}

/** What the data asks of the model's last layer. `outputs` is the number of classes, or of target columns for regression. */
export interface DataShape {
  readonly input: Shape;
  readonly task: 'classification' | 'regression';
  readonly outputs: number;
}

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, n) => product * n, 1);
}

/** floor((size + 2·padding − kernel) / stride) + 1; below 1 when the window does not fit. */
export function windowOutput(size: number, kernel: number, stride: number, padding: number): number {
  return Math.floor((size + 2 * padding - kernel) / stride) + 1;
}

/**
 * Walks the expanded layer list from the input shape. Affine layers take images by flattening them
 * (as the book's own networks do), so an explicit `flatten` is allowed but not required.
 */
export function inferShapes(data: DataShape, layers: readonly LayerSpec[], loss: LossSpec): ModelShapes {
  const result: (LayerShape | null)[] = [];
  const issues: ShapeIssue[] = [];
  let shape: Shape | null = data.input;
  let parameters = 0;
  for (const [index, layer] of layers.entries()) {
    if (shape === null) {
      result.push(null);
      continue;
    }
    const step = layerShape(shape, layer, index);
    if ('code' in step) {
      issues.push(step);
      result.push(null);
      shape = null;
    } else {
      result.push(step);
      parameters += step.parameters;
      shape = step.output;
    }
  }
  if (shape !== null) {
    const issue = outputIssue(data, shape, layers.length - 1, loss);
    if (issue !== null) issues.push(issue);
  }
  return { layers: result, issues, parameters, output: shape };
}

function layerShape(input: Shape, layer: LayerSpec, index: number): LayerShape | ShapeIssue {
  switch (layer.type) {
    case 'affine':
      return { input, output: [layer.units], parameters: (sizeOf(input) + 1) * layer.units };
    case 'flatten':
      return { input, output: [sizeOf(input)], parameters: 0 };
    case 'batch-norm':
      return { input, output: input, parameters: 2 * (input[0] ?? 0) };
    case 'conv2d': {
      const image = slide(input, layer.kernel, layer.stride, layer.padding, index);
      if (!Array.isArray(image)) return image;
      const [height, width] = image as [number, number];
      const weights = (input[0] ?? 0) * layer.kernel * layer.kernel * layer.filters;
      return { input, output: [layer.filters, height, width], parameters: weights + layer.filters };
    }
    case 'max-pool2d':
    case 'avg-pool2d': {
      const image = slide(input, layer.kernel, layer.stride ?? layer.kernel, 0, index);
      if (!Array.isArray(image)) return image;
      return { input, output: [input[0] ?? 0, ...(image as number[])], parameters: 0 };
    }
    default:
      return { input, output: input, parameters: 0 };
  }
}

function slide(input: Shape, kernel: number, stride: number, padding: number, layer: number): number[] | ShapeIssue {
  const [, height, width] = input;
  if (input.length !== 3 || height === undefined || width === undefined) {
    return {
      layer,
      field: 'type',
      code: 'needs-image',
      ...say`needs an image (channels, height, width), its input has ${sizeOf(input)} flat values`,
      values: { size: sizeOf(input) },
    };
  }
  const size = [windowOutput(height, kernel, stride, padding), windowOutput(width, kernel, stride, padding)];
  if (size.some((n) => n < 1)) {
    return {
      layer,
      field: 'kernel',
      code: 'window-too-large',
      ...say`a ${kernel} × ${kernel} window does not fit its ${height} × ${width} input with padding ${padding}`,
      values: { kernel, height, width, padding },
    };
  }
  return size;
}

function outputIssue(data: DataShape, output: Shape, layer: number, loss: LossSpec): ShapeIssue | null {
  const type = typeof loss === 'string' ? loss : loss.type;
  const got = sizeOf(output);
  if (type === 'hinge' || type === 'exponential') {
    if (got === 1) return null;
    return {
      layer,
      field: 'units',
      code: 'loss-needs-one-output',
      ...say`the ${type} loss needs one output, the last layer gives ${got}`,
      values: { got },
    };
  }
  const expected = data.outputs;
  const classification = data.task === 'classification';
  const binary = type === 'binary-cross-entropy' && classification && expected === 2 && got === 1;
  // More outputs than classes is fine: a file may simply not hold a row of the last class.
  if (got === expected || binary || (classification && got > expected)) return null;
  const noun = word(classification ? 'classes' : 'target columns');
  return {
    layer,
    field: 'units',
    code: 'outputs-mismatch',
    ...say`expected ${expected} outputs for the data's ${expected} ${noun}, the last layer gives ${got}`,
    values: { got, expected },
  };
}
