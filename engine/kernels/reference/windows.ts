/** Convolution and pooling by the definition: a loop over every output and every place under its window. */

import type { Activation, WindowGeometry } from '../kernels.ts';
import type { IntTensor, Tensor } from '../../math/tensor.ts';
import { activate } from './activations.ts';

/** y[r, f, p, q] = b[f] + Σ_{c, i, j} w[f, c, i, j]·x[r, c, p·stride + i − padding, q·stride + j − padding] */
export function conv2dForward(
  g: WindowGeometry,
  filters: number,
  x: Tensor,
  w: Tensor,
  b: Tensor,
  y: Tensor,
  rows: number,
  activation: Activation,
  parameter: number,
): void {
  const out = g.outHeight * g.outWidth;
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < filters; f++) {
      for (let p = 0; p < g.outHeight; p++) {
        for (let q = 0; q < g.outWidth; q++) {
          let sum = b.data[f]!;
          forEachTap(g, r, f, p, q, (at, weight) => (sum += w.data[weight]! * x.data[at]!));
          y.data[(r * filters + f) * out + p * g.outWidth + q] = activate(activation, sum, parameter);
        }
      }
    }
  }
}

/** Each output hands its gradient to the weights and the inputs it was made of. */
export function conv2dBackward(
  g: WindowGeometry,
  filters: number,
  x: Tensor,
  w: Tensor,
  dy: Tensor,
  dw: Tensor,
  db: Tensor,
  dx: Tensor | null,
  rows: number,
): void {
  // Sums run over thousands of terms, so they are kept in float64 and rounded once, like every other sum here.
  const dwSum = new Float64Array(dw.size);
  const dbSum = new Float64Array(filters);
  const dxSum = new Float64Array(dx === null ? 0 : rows * g.channels * g.height * g.width);
  const out = g.outHeight * g.outWidth;
  for (let r = 0; r < rows; r++) {
    for (let f = 0; f < filters; f++) {
      for (let p = 0; p < g.outHeight; p++) {
        for (let q = 0; q < g.outWidth; q++) {
          const gradient = dy.data[(r * filters + f) * out + p * g.outWidth + q]!;
          dbSum[f]! += gradient;
          forEachTap(g, r, f, p, q, (at, weight) => {
            dwSum[weight]! += gradient * x.data[at]!;
            if (dx !== null) dxSum[at]! += gradient * w.data[weight]!;
          });
        }
      }
    }
  }
  dw.data.set(dwSum);
  db.data.set(dbSum);
  if (dx !== null) dx.data.set(dxSum);
}

/** Visits the input positions inside the image under filter f's window at (p, q), with the weight that meets each. */
function forEachTap(
  g: WindowGeometry,
  r: number,
  f: number,
  p: number,
  q: number,
  visit: (at: number, weight: number) => void,
): void {
  for (let c = 0; c < g.channels; c++) {
    for (let i = 0; i < g.kernel; i++) {
      const row = p * g.stride + i - g.padding;
      if (row < 0 || row >= g.height) continue;
      for (let j = 0; j < g.kernel; j++) {
        const column = q * g.stride + j - g.padding;
        if (column < 0 || column >= g.width) continue;
        const at = ((r * g.channels + c) * g.height + row) * g.width + column;
        visit(at, ((f * g.channels + c) * g.kernel + i) * g.kernel + j);
      }
    }
  }
}

/** y = the largest value under the window, argmax its place in the plane. The first of equals wins; a NaN wins over all. */
export function maxPoolForward(g: WindowGeometry, x: Tensor, y: Tensor, argmax: IntTensor, rows: number): void {
  const plane = g.height * g.width;
  let output = 0;
  for (let image = 0; image < rows * g.channels; image++) {
    for (let p = 0; p < g.outHeight; p++) {
      for (let q = 0; q < g.outWidth; q++) {
        let best = p * g.stride * g.width + q * g.stride;
        for (let i = 0; i < g.kernel; i++) {
          for (let j = 0; j < g.kernel; j++) {
            const at = (p * g.stride + i) * g.width + q * g.stride + j;
            const value = x.data[image * plane + at]!;
            const max = x.data[image * plane + best]!;
            if (value > max || (Number.isNaN(value) && !Number.isNaN(max))) best = at;
          }
        }
        argmax.data[output] = best;
        y.data[output] = x.data[image * plane + best]!;
        output++;
      }
    }
  }
}

/** dx = dy at each window's maximum, summed where windows overlap, 0 elsewhere. */
export function maxPoolBackward(g: WindowGeometry, argmax: IntTensor, dy: Tensor, dx: Tensor, rows: number): void {
  const plane = g.height * g.width;
  const out = g.outHeight * g.outWidth;
  dx.data.fill(0, 0, rows * g.channels * plane);
  for (let i = 0; i < rows * g.channels * out; i++) {
    const image = Math.floor(i / out);
    dx.data[image * plane + argmax.data[i]!]! += dy.data[i]!;
  }
}

/** y = the mean under the window. */
export function avgPoolForward(g: WindowGeometry, x: Tensor, y: Tensor, rows: number): void {
  const plane = g.height * g.width;
  let output = 0;
  for (let image = 0; image < rows * g.channels; image++) {
    for (let p = 0; p < g.outHeight; p++) {
      for (let q = 0; q < g.outWidth; q++) {
        let sum = 0;
        for (let i = 0; i < g.kernel; i++) {
          for (let j = 0; j < g.kernel; j++) {
            sum += x.data[image * plane + (p * g.stride + i) * g.width + q * g.stride + j]!;
          }
        }
        y.data[output++] = sum / (g.kernel * g.kernel);
      }
    }
  }
}

/** Every place under a window gets dy / kernel². */
export function avgPoolBackward(g: WindowGeometry, dy: Tensor, dx: Tensor, rows: number): void {
  const plane = g.height * g.width;
  dx.data.fill(0, 0, rows * g.channels * plane);
  let output = 0;
  for (let image = 0; image < rows * g.channels; image++) {
    for (let p = 0; p < g.outHeight; p++) {
      for (let q = 0; q < g.outWidth; q++) {
        const share = dy.data[output++]! / (g.kernel * g.kernel);
        for (let i = 0; i < g.kernel; i++) {
          for (let j = 0; j < g.kernel; j++) {
            dx.data[image * plane + (p * g.stride + i) * g.width + q * g.stride + j]! += share;
          }
        }
      }
    }
  }
}
