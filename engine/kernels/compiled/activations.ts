/** Element-wise activations and softmax. Arguments in the order of native/kernels.c. */

import type { Tensor } from '../../math/tensor.ts';
import type { Activation, Kernels } from '../kernels.ts';
import { ACTIVATIONS, at, type ModuleOf } from './module.ts';

export function activationCalls(
  moduleOf: ModuleOf,
): Pick<Kernels, 'activationForward' | 'activationBackward' | 'softmax' | 'softmaxBackward'> {
  return {
    activationForward(kind: Activation, x: Tensor, y: Tensor, count: number, parameter: number): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      block[0] = ACTIVATIONS[kind];
      block[1] = at(x, count, module);
      block[2] = at(y, count, module);
      block[3] = count;
      block[4] = parameter;
      run.activation_forward();
    },

    activationBackward(kind: Activation, y: Tensor, dy: Tensor, dx: Tensor, count: number, parameter: number): void {
      const module = moduleOf(dx.memory);
      const { block, run } = module;
      block[0] = ACTIVATIONS[kind];
      block[1] = at(y, count, module);
      block[2] = at(dy, count, module);
      block[3] = at(dx, count, module);
      block[4] = count;
      block[5] = parameter;
      run.activation_backward();
    },

    softmax(x: Tensor, y: Tensor, rows: number, columns: number): void {
      const module = moduleOf(y.memory);
      const { block, run } = module;
      block[0] = at(x, rows * columns, module);
      block[1] = at(y, rows * columns, module);
      block[2] = rows;
      block[3] = columns;
      run.softmax();
    },

    softmaxBackward(y: Tensor, dy: Tensor, dx: Tensor, rows: number, columns: number): void {
      const module = moduleOf(dx.memory);
      const { block, run } = module;
      block[0] = at(y, rows * columns, module);
      block[1] = at(dy, rows * columns, module);
      block[2] = at(dx, rows * columns, module);
      block[3] = rows;
      block[4] = columns;
      run.softmax_backward();
    },
  };
}
