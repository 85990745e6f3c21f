/** Finds out what went bad when a loss or a gradient is not finite. Runs once, at the end of a diverged run. */

import type { FloatArray } from '../math/tensor.ts';
import type { Parameter } from '../layers/layer.ts';
import type { Model } from './model.ts';

export interface Culprit {
  /** "affine 2, activations", or "loss". */
  readonly tensor: string;
  readonly layer: number | null;
}

/**
 * A gradient longer than this counts as not finite: the squares that AdaGrad, RMSProp and Adam keep would no longer
 * fit a float32 (3.4e38), nor would a large learning rate times it.
 */
export const LARGEST_GRADIENT_NORM = 1e18;

const GRADIENT_OF: Record<Parameter['field'], string> = {
  weight: 'gradient of the weights',
  bias: 'gradient of the biases',
  gamma: 'gradient of gamma',
  beta: 'gradient of beta',
};

/** For a loss that is not finite: the first weights, else the first activations in forward order that are not. */
export function firstBadForward(model: Model, rows: number): Culprit {
  if (!isFinite(model.input.data, rows * rowSize(model))) return { tensor: 'the input', layer: null };
  for (const [index, { name, layer, size }] of model.layers.entries()) {
    for (const { field, value } of layer.parameters) {
      if (!isFinite(value.data, value.size)) return { tensor: `${name}, ${field}`, layer: index };
    }
    if (!isFinite(layer.output.data, rows * size)) return { tensor: `${name}, activations`, layer: index };
  }
  return { tensor: 'loss', layer: null };
}

/** For a gradient that is not finite: the first one in backward order, else the largest. */
export function firstBadGradient(model: Model): Culprit {
  let largest: Culprit = { tensor: 'gradient', layer: null };
  let most = -1;
  for (let index = model.layers.length - 1; index >= 0; index--) {
    const { name, layer } = model.layers[index]!;
    for (const { field, gradient } of layer.parameters) {
      const culprit = { tensor: `${name}, ${GRADIENT_OF[field]}`, layer: index };
      if (!isFinite(gradient.data, gradient.size)) return culprit;
      let peak = 0;
      for (const value of gradient.data) peak = Math.max(peak, Math.abs(value));
      if (peak > most) {
        most = peak;
        largest = { ...culprit, tensor: `${culprit.tensor} (too large)` };
      }
    }
  }
  return largest;
}

function isFinite(values: FloatArray, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Number.isFinite(values[i]!)) return false;
  return true;
}

function rowSize(model: Model): number {
  return model.input.size / (model.input.shape[0] ?? 1);
}
