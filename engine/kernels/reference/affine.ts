/** Gathering a batch and multiplying matrices, by the definition. Sums are float64 and rounded once, when stored. */

import type { Activation } from '../kernels.ts';
import type { IntTensor, RowSource, Tensor } from '../../math/tensor.ts';
import { activate } from './activations.ts';

/** out[r, j] = source[indices[first + r], j]·scale[j] + shift[j], in float32 so that every kernel sees the same input. */
export function gatherRows(source: RowSource, indices: IntTensor, first: number, rows: number, out: Tensor): void {
  const { data, rowSize, scale, shift } = source;
  const order = indices.data;
  const to = out.data;
  for (let r = 0; r < rows; r++) {
    const from = order[first + r]! * rowSize;
    for (let j = 0; j < rowSize; j++) {
      let value = data[from + j]!;
      if (scale !== null) value = Math.fround(value * scale[j]!);
      if (shift !== null) value = Math.fround(value + shift[j]!);
      to[r * rowSize + j] = value;
    }
  }
}

/** y = activation(x·w + b) */
export function affineForward(
  x: Tensor,
  w: Tensor,
  b: Tensor,
  y: Tensor,
  rows: number,
  activation: Activation,
  parameter: number,
): void {
  const [inputs = 0, units = 0] = w.shape;
  const xs = x.data;
  const ws = w.data;
  const ys = y.data;
  for (let r = 0; r < rows; r++) {
    for (let j = 0; j < units; j++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += xs[r * inputs + i]! * ws[i * units + j]!;
      ys[r * units + j] = activate(activation, sum + b.data[j]!, parameter);
    }
  }
}

/** dw = xᵀ·dy, db = Σ_rows dy, dx = dy·wᵀ */
export function affineBackward(
  x: Tensor,
  w: Tensor,
  dy: Tensor,
  dw: Tensor,
  db: Tensor,
  dx: Tensor | null,
  rows: number,
): void {
  const [inputs = 0, units = 0] = w.shape;
  const xs = x.data;
  const ws = w.data;
  const dys = dy.data;
  for (let j = 0; j < units; j++) {
    let sum = 0;
    for (let r = 0; r < rows; r++) sum += dys[r * units + j]!;
    db.data[j] = sum;
  }
  for (let i = 0; i < inputs; i++) {
    for (let j = 0; j < units; j++) {
      let sum = 0;
      for (let r = 0; r < rows; r++) sum += xs[r * inputs + i]! * dys[r * units + j]!;
      dw.data[i * units + j] = sum;
    }
  }
  if (dx === null) return;
  for (let r = 0; r < rows; r++) {
    for (let i = 0; i < inputs; i++) {
      let sum = 0;
      for (let j = 0; j < units; j++) sum += dys[r * units + j]! * ws[i * units + j]!;
      dx.data[r * inputs + i] = sum;
    }
  }
}
