/** Convolution, activation and max pooling as one operation: here simply one after the other, and always kept. */

import type { IntTensor, Tensor } from '../../math/tensor.ts';
import type { Activation, WindowGeometry } from '../kernels.ts';
import { activationBackward } from './activations.ts';
import { conv2dBackward, conv2dForward, maxPoolBackward, maxPoolForward } from './windows.ts';

export function conv2dMaxPoolForward(
  g: WindowGeometry,
  filters: number,
  x: Tensor,
  w: Tensor,
  b: Tensor,
  y: Tensor,
  pool: WindowGeometry,
  pooled: Tensor,
  argmax: IntTensor,
  rows: number,
  activation: Activation,
  parameter: number,
): void {
  conv2dForward(g, filters, x, w, b, y, rows, activation, parameter);
  maxPoolForward(pool, y, pooled, argmax, rows);
}

/** The gradient reaches the convolution at the maxima only, where its output is the pooled one: f' is taken there. */
export function conv2dMaxPoolBackward(
  g: WindowGeometry,
  filters: number,
  x: Tensor,
  w: Tensor,
  y: Tensor,
  pool: WindowGeometry,
  pooled: Tensor,
  argmax: IntTensor,
  dPooled: Tensor,
  dw: Tensor,
  db: Tensor,
  dx: Tensor | null,
  rows: number,
  activation: Activation,
  parameter: number,
): void {
  const kept = rows * filters * pool.outHeight * pool.outWidth;
  activationBackward(activation, pooled, dPooled, dPooled, kept, parameter);
  maxPoolBackward(pool, argmax, dPooled, y, rows);
  conv2dBackward(g, filters, x, w, y, dw, db, dx, rows);
}
