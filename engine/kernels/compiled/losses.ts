/** Losses. Arguments in the order of native/kernels.c. */

import type { IntTensor, Tensor } from '../../math/tensor.ts';
import type { ElementwiseLoss, Kernels } from '../kernels.ts';
import { at, orNull, type ModuleOf } from './module.ts';

/** The order of `enum elementwise_loss` in native/losses.h. */
const ELEMENTWISE_LOSSES: Readonly<Record<ElementwiseLoss, number>> = {
  mse: 0,
  mae: 1,
  huber: 2,
  'binary-cross-entropy': 3,
  hinge: 4,
  exponential: 5,
};

export function lossCalls(moduleOf: ModuleOf): Pick<Kernels, 'softmaxCrossEntropy' | 'elementwiseLoss'> {
  return {
    softmaxCrossEntropy(
      logits: Tensor,
      labels: IntTensor,
      dLogits: Tensor | null,
      correct: IntTensor,
      rows: number,
      classes: number,
      smoothing: number,
    ): number {
      const module = moduleOf(logits.memory);
      const { block, run } = module;
      block[0] = at(logits, rows * classes, module);
      block[1] = at(labels, rows, module);
      block[2] = orNull(dLogits, rows * classes, module);
      block[3] = at(correct, 1, module);
      block[4] = rows;
      block[5] = classes;
      block[6] = smoothing;
      run.softmax_cross_entropy();
      return block[0];
    },

    elementwiseLoss(
      kind: ElementwiseLoss,
      outputs: Tensor,
      targets: Tensor,
      dOutputs: Tensor | null,
      rows: number,
      columns: number,
      parameter: number,
    ): number {
      const module = moduleOf(outputs.memory);
      const { block, run } = module;
      block[0] = ELEMENTWISE_LOSSES[kind];
      block[1] = at(outputs, rows * columns, module);
      block[2] = at(targets, rows * columns, module);
      block[3] = orNull(dOutputs, rows * columns, module);
      block[4] = rows;
      block[5] = columns;
      block[6] = parameter;
      run.elementwise_loss();
      return block[0];
    },
  };
}
