/** Convolution and pooling. Arguments in the order of native/kernels.c. */

import type { IntTensor, Tensor } from '../../math/tensor.ts';
import type { Activation, WindowGeometry, Kernels } from '../kernels.ts';
import { ACTIVATIONS, at, orNull, type ModuleOf } from './module.ts';

function writeWindow(block: Float64Array, g: WindowGeometry, first = 0): void {
  block[first] = g.channels;
  block[first + 1] = g.height;
  block[first + 2] = g.width;
  block[first + 3] = g.kernel;
  block[first + 4] = g.stride;
  block[first + 5] = g.padding;
  block[first + 6] = g.outHeight;
  block[first + 7] = g.outWidth;
}

export function windowCalls(
  moduleOf: ModuleOf,
): Pick<
  Kernels,
  | 'conv2dForward'
  | 'conv2dBackward'
  | 'conv2dMaxPoolForward'
  | 'conv2dMaxPoolBackward'
  | 'maxPoolForward'
  | 'maxPoolBackward'
  | 'avgPoolForward'
  | 'avgPoolBackward'
> {
  return {
    conv2dForward(
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
      const module = moduleOf(y.memory);
      const { block, run } = module;
      writeWindow(block, g);
      block[8] = filters;
      block[9] = at(x, rows * g.channels * g.height * g.width, module);
      block[10] = at(w, filters * g.channels * g.kernel * g.kernel, module);
      block[11] = at(b, filters, module);
      block[12] = at(y, rows * filters * g.outHeight * g.outWidth, module);
      block[13] = rows;
      block[14] = ACTIVATIONS[activation];
      block[15] = parameter;
      run.conv2d_forward();
    },

    conv2dBackward(
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
      const module = moduleOf(dw.memory);
      const { block, run } = module;
      const pixels = rows * g.channels * g.height * g.width;
      const weights = filters * g.channels * g.kernel * g.kernel;
      writeWindow(block, g);
      block[8] = filters;
      block[9] = at(x, pixels, module);
      block[10] = at(w, weights, module);
      block[11] = at(dy, rows * filters * g.outHeight * g.outWidth, module);
      block[12] = at(dw, weights, module);
      block[13] = at(db, filters, module);
      block[14] = orNull(dx, pixels, module);
      block[15] = rows;
      run.conv2d_backward();
    },

    conv2dMaxPoolForward(
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
      keepsOutput: boolean,
    ): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      const kept = rows * filters * pool.outHeight * pool.outWidth;
      writeWindow(block, g);
      block[8] = filters;
      block[9] = at(x, rows * g.channels * g.height * g.width, module);
      block[10] = at(w, filters * g.channels * g.kernel * g.kernel, module);
      block[11] = at(b, filters, module);
      block[12] = at(y, rows * filters * g.outHeight * g.outWidth, module);
      writeWindow(block, pool, 13);
      block[21] = at(pooled, kept, module);
      block[22] = at(argmax, kept, module);
      block[23] = rows;
      block[24] = ACTIVATIONS[activation];
      block[25] = parameter;
      block[26] = keepsOutput ? 1 : 0;
      run.conv2d_max_pool_forward();
    },

    conv2dMaxPoolBackward(
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
      const module = moduleOf(dw.memory);
      const { block, run } = module;
      const pixels = rows * g.channels * g.height * g.width;
      const weights = filters * g.channels * g.kernel * g.kernel;
      const kept = rows * filters * pool.outHeight * pool.outWidth;
      writeWindow(block, g);
      block[8] = filters;
      block[9] = at(x, pixels, module);
      block[10] = at(w, weights, module);
      block[11] = at(y, rows * filters * g.outHeight * g.outWidth, module);
      writeWindow(block, pool, 12);
      block[20] = at(pooled, kept, module);
      block[21] = at(argmax, kept, module);
      block[22] = at(dPooled, kept, module);
      block[23] = at(dw, weights, module);
      block[24] = at(db, filters, module);
      block[25] = orNull(dx, pixels, module);
      block[26] = rows;
      block[27] = ACTIVATIONS[activation];
      block[28] = parameter;
      run.conv2d_max_pool_backward();
    },

    maxPoolForward(g: WindowGeometry, x: Tensor, y: Tensor, argmax: IntTensor, rows: number): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      const outputs = rows * g.channels * g.outHeight * g.outWidth;
      writeWindow(block, g);
      block[8] = at(x, rows * g.channels * g.height * g.width, module);
      block[9] = at(y, outputs, module);
      block[10] = at(argmax, outputs, module);
      block[11] = rows;
      run.max_pool_forward();
    },

    maxPoolBackward(g: WindowGeometry, argmax: IntTensor, dy: Tensor, dx: Tensor, rows: number): void {
      const module = moduleOf(dx.memory);
      const { block, run } = module;
      const outputs = rows * g.channels * g.outHeight * g.outWidth;
      writeWindow(block, g);
      block[8] = at(argmax, outputs, module);
      block[9] = at(dy, outputs, module);
      block[10] = at(dx, rows * g.channels * g.height * g.width, module);
      block[11] = rows;
      run.max_pool_backward();
    },

    avgPoolForward(g: WindowGeometry, x: Tensor, y: Tensor, rows: number): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      writeWindow(block, g);
      block[8] = at(x, rows * g.channels * g.height * g.width, module);
      block[9] = at(y, rows * g.channels * g.outHeight * g.outWidth, module);
      block[10] = rows;
      run.avg_pool_forward();
    },

    avgPoolBackward(g: WindowGeometry, dy: Tensor, dx: Tensor, rows: number): void {
      const module = moduleOf(dx.memory);
      const { block, run } = module;
      writeWindow(block, g);
      block[8] = at(dy, rows * g.channels * g.outHeight * g.outWidth, module);
      block[9] = at(dx, rows * g.channels * g.height * g.width, module);
      block[10] = rows;
      run.avg_pool_backward();
    },
  };
}
