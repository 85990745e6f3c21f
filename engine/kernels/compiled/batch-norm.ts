/** Batch normalisation. Arguments in the order of native/kernels.c. */

import type { Tensor } from '../../math/tensor.ts';
import type { Kernels } from '../kernels.ts';
import { at, orNull, type ModuleOf } from './module.ts';

export function batchNormCalls(
  moduleOf: ModuleOf,
): Pick<Kernels, 'batchNormTrain' | 'batchNormInfer' | 'batchNormBackward'> {
  return {
    batchNormTrain(
      x: Tensor,
      gamma: Tensor,
      beta: Tensor,
      y: Tensor,
      normalized: Tensor,
      inverseStd: Tensor,
      runningMean: Tensor,
      runningVar: Tensor,
      rows: number,
      channels: number,
      spatial: number,
      momentum: number,
      epsilon: number,
    ): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      const count = rows * channels * spatial;
      block[0] = at(x, count, module);
      block[1] = at(gamma, channels, module);
      block[2] = at(beta, channels, module);
      block[3] = at(y, count, module);
      block[4] = at(normalized, count, module);
      block[5] = at(inverseStd, channels, module);
      block[6] = at(runningMean, channels, module);
      block[7] = at(runningVar, channels, module);
      block[8] = rows;
      block[9] = channels;
      block[10] = spatial;
      block[11] = momentum;
      block[12] = epsilon;
      run.batch_norm_train();
    },

    batchNormInfer(
      x: Tensor,
      gamma: Tensor,
      beta: Tensor,
      y: Tensor,
      runningMean: Tensor,
      runningVar: Tensor,
      rows: number,
      channels: number,
      spatial: number,
      epsilon: number,
    ): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      const count = rows * channels * spatial;
      block[0] = at(x, count, module);
      block[1] = at(gamma, channels, module);
      block[2] = at(beta, channels, module);
      block[3] = at(y, count, module);
      block[4] = at(runningMean, channels, module);
      block[5] = at(runningVar, channels, module);
      block[6] = rows;
      block[7] = channels;
      block[8] = spatial;
      block[9] = epsilon;
      run.batch_norm_infer();
    },

    batchNormBackward(
      dy: Tensor,
      gamma: Tensor,
      normalized: Tensor,
      inverseStd: Tensor,
      dgamma: Tensor,
      dbeta: Tensor,
      dx: Tensor | null,
      rows: number,
      channels: number,
      spatial: number,
    ): void {
      const module = moduleOf(dgamma.memory);
      const { block, run } = module;
      const count = rows * channels * spatial;
      block[0] = at(dy, count, module);
      block[1] = at(gamma, channels, module);
      block[2] = at(normalized, count, module);
      block[3] = at(inverseStd, channels, module);
      block[4] = at(dgamma, channels, module);
      block[5] = at(dbeta, channels, module);
      block[6] = orNull(dx, count, module);
      block[7] = rows;
      block[8] = channels;
      block[9] = spatial;
      run.batch_norm_backward();
    },
  };
}
