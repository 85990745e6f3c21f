/** Finds out what went bad when a loss or a gradient is not finite. Runs once, at the end of a diverged run. */

import type { FloatArray } from '../math/tensor.ts';
import type { Parameter } from '../layers/layer.ts';
import { say, word, type Message } from '../spec/message.ts';
import type { Model } from './model.ts';

export interface Culprit {
  /** "affine 2, activations", or "loss". */
  readonly tensor: string;
  readonly layer: number | null;
  /** What was wrong with it, a clause to put into a sentence: "affine 2's activations were not finite". */
  readonly problem: Message;
}

const GRADIENT_OF: Record<Parameter['field'], string> = {
  weight: 'gradient of the weights',
  bias: 'gradient of the biases',
  gamma: 'gradient of gamma',
  beta: 'gradient of beta',
};
const SPOKEN: Record<Parameter['field'], string> = { weight: 'weights', bias: 'biases', gamma: 'gamma', beta: 'beta' };

/** For a loss that is not finite: the first weights, else the first activations in forward order that are not. */
export function firstBadForward(model: Model, rows: number): Culprit {
  if (!isFinite(model.input.data, rows * rowSize(model))) {
    return { tensor: 'the input', layer: null, problem: word('the input was not finite') };
  }
  for (const [index, { name, layer, size }] of model.layers.entries()) {
    for (const { field, value } of layer.parameters) {
      if (isFinite(value.data, value.size)) continue;
      return {
        tensor: `${name}, ${field}`,
        layer: index,
        problem: say`${name}'s ${word(SPOKEN[field])} were not finite`,
      };
    }
    layer.completeOutput?.(rows);
    if (!isFinite(layer.output.data, rows * size)) {
      return { tensor: `${name}, activations`, layer: index, problem: say`${name}'s activations were not finite` };
    }
  }
  return { tensor: 'loss', layer: null, problem: word('the loss was not finite') };
}

/**
 * For a gradient that is not finite: the first one in backward order, else the longest tensor of the layer whose
 * gradient is the longest, as the run's health measures it.
 */
export function firstBadGradient(model: Model): Culprit {
  let largest: Culprit = { tensor: 'gradient', layer: null, problem: word('the gradient was too large') };
  let most = -1;
  let mostOfTensor = -1;
  for (let index = model.layers.length - 1; index >= 0; index--) {
    const { name, layer } = model.layers[index]!;
    const squares = layer.parameters.map(({ gradient }) => sumOfSquares(gradient.data));
    const whole = squares.reduce((sum, one) => sum + one, 0);
    for (const [i, { field, gradient }] of layer.parameters.entries()) {
      const tensor = `${name}, ${GRADIENT_OF[field]}`;
      if (!isFinite(gradient.data, gradient.size)) {
        return { tensor, layer: index, problem: say`the gradient of ${name}'s ${word(SPOKEN[field])} was not finite` };
      }
      const own = squares[i]!;
      if (whole > most || (largest.layer === index && own > mostOfTensor)) {
        most = whole;
        mostOfTensor = own;
        largest = {
          tensor,
          layer: index,
          problem: say`the gradient of ${name}'s ${word(SPOKEN[field])} was too large`,
        };
      }
    }
  }
  return largest;
}

function isFinite(values: FloatArray, count: number): boolean {
  for (let i = 0; i < count; i++) if (!Number.isFinite(values[i]!)) return false;
  return true;
}

function sumOfSquares(values: FloatArray): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum;
}

function rowSize(model: Model): number {
  return model.input.size / (model.input.shape[0] ?? 1);
}
