/** Element-wise activations, each with its derivative written in terms of its output. */

import type { Activation } from '../kernels.ts';
import type { Tensor } from '../../math/tensor.ts';

/** f(x). `parameter` is leaky-relu's slope and elu's alpha. NaN stays NaN in every one of them but step. */
export function activate(kind: Activation, x: number, parameter: number): number {
  switch (kind) {
    case 'none':
      return x;
    case 'relu':
      return x < 0 ? 0 : x;
    case 'leaky-relu':
      return x < 0 ? parameter * x : x;
    case 'elu':
      return x < 0 ? parameter * Math.expm1(x) : x;
    case 'sigmoid':
      return 1 / (1 + Math.exp(-x));
    case 'tanh':
      return Math.tanh(x);
    case 'softplus':
      return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    case 'step':
      return x > 0 ? 1 : 0;
  }
}

/** f'(x) expressed by y = f(x); at a kink the left-hand derivative, as in the book's `mask = (x <= 0)`. */
export function slopeAt(kind: Activation, y: number, parameter: number): number {
  switch (kind) {
    case 'none':
      return 1;
    case 'relu':
      return y > 0 ? 1 : 0;
    case 'leaky-relu':
      return y > 0 ? 1 : parameter;
    case 'elu':
      return y > 0 ? 1 : y + parameter;
    case 'sigmoid':
      return y * (1 - y);
    case 'tanh':
      return 1 - y * y;
    case 'softplus':
      return -Math.expm1(-y);
    case 'step':
      return 0;
  }
}

export function activationForward(kind: Activation, x: Tensor, y: Tensor, count: number, parameter: number): void {
  const from = x.data;
  const to = y.data;
  for (let i = 0; i < count; i++) to[i] = activate(kind, from[i]!, parameter);
}

export function activationBackward(
  kind: Activation,
  y: Tensor,
  dy: Tensor,
  dx: Tensor,
  count: number,
  parameter: number,
): void {
  const output = y.data;
  const from = dy.data;
  const to = dx.data;
  for (let i = 0; i < count; i++) to[i] = from[i]! * slopeAt(kind, output[i]!, parameter);
}

/** y_k = exp(x_k − max x) / Σ exp(x_j − max x), row by row. */
export function softmax(x: Tensor, y: Tensor, rows: number, columns: number): void {
  const from = x.data;
  const to = y.data;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let max = -Infinity;
    for (let k = 0; k < columns; k++) max = Math.max(max, from[start + k]!);
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += Math.exp(from[start + k]! - max);
    for (let k = 0; k < columns; k++) to[start + k] = Math.exp(from[start + k]! - max) / sum;
  }
}

/** dx_k = y_k·(dy_k − Σ y_j·dy_j), row by row. */
export function softmaxBackward(y: Tensor, dy: Tensor, dx: Tensor, rows: number, columns: number): void {
  const output = y.data;
  const from = dy.data;
  const to = dx.data;
  for (let row = 0; row < rows; row++) {
    const start = row * columns;
    let dot = 0;
    for (let k = 0; k < columns; k++) dot += output[start + k]! * from[start + k]!;
    for (let k = 0; k < columns; k++) to[start + k] = output[start + k]! * (from[start + k]! - dot);
  }
}
