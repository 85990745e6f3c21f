/** Weight decay, norms and parameter updates. Arguments in the order of native/kernels.c. */

import type { Tensor } from '../../math/tensor.ts';
import type { Kernels } from '../kernels.ts';
import { at, type KernelModule, type ModuleOf } from './module.ts';

export function updateCalls(
  moduleOf: ModuleOf,
): Pick<
  Kernels,
  'addScaled' | 'scale' | 'sumSquares' | 'sgd' | 'momentum' | 'nesterov' | 'adagrad' | 'rmsprop' | 'adam'
> {
  /** The first four arguments of an update with one state tensor. */
  const update = (w: Tensor, g: Tensor, state: Tensor): KernelModule => {
    const module = moduleOf(w.memory);
    const { block } = module;
    block[0] = at(w, w.size, module);
    block[1] = at(g, w.size, module);
    block[2] = at(state, w.size, module);
    block[3] = w.size;
    return module;
  };
  return {
    addScaled(g: Tensor, w: Tensor, factor: number): void {
      const module = moduleOf(g.memory);
      const { block, run } = module;
      block[0] = at(g, w.size, module);
      block[1] = at(w, g.size, module);
      block[2] = g.size;
      block[3] = factor;
      run.add_scaled();
    },

    scale(t: Tensor, factor: number): void {
      const module = moduleOf(t.memory);
      const { block, run } = module;
      block[0] = at(t, t.size, module);
      block[1] = t.size;
      block[2] = factor;
      run.scale();
    },

    sumSquares(t: Tensor): number {
      const module = moduleOf(t.memory);
      const { block, run } = module;
      block[0] = at(t, t.size, module);
      block[1] = t.size;
      run.sum_squares();
      return block[0];
    },

    sgd(w: Tensor, g: Tensor, lr: number): void {
      const module = moduleOf(w.memory);
      const { block, run } = module;
      block[0] = at(w, w.size, module);
      block[1] = at(g, w.size, module);
      block[2] = w.size;
      block[3] = lr;
      run.sgd();
    },

    momentum(w: Tensor, g: Tensor, v: Tensor, lr: number, momentum: number): void {
      const { block, run } = update(w, g, v);
      block[4] = lr;
      block[5] = momentum;
      run.momentum();
    },

    nesterov(w: Tensor, g: Tensor, v: Tensor, lr: number, momentum: number): void {
      const { block, run } = update(w, g, v);
      block[4] = lr;
      block[5] = momentum;
      run.nesterov();
    },

    adagrad(w: Tensor, g: Tensor, h: Tensor, lr: number, epsilon: number): void {
      const { block, run } = update(w, g, h);
      block[4] = lr;
      block[5] = epsilon;
      run.adagrad();
    },

    rmsprop(w: Tensor, g: Tensor, h: Tensor, lr: number, rho: number, epsilon: number): void {
      const { block, run } = update(w, g, h);
      block[4] = lr;
      block[5] = rho;
      block[6] = 1 - rho;
      block[7] = epsilon;
      run.rmsprop();
    },

    adam(
      w: Tensor,
      g: Tensor,
      m: Tensor,
      v: Tensor,
      lr: number,
      beta1: number,
      beta2: number,
      epsilon: number,
      correction1: number,
      correction2: number,
      decay: number,
    ): void {
      const module = moduleOf(w.memory);
      const { block, run } = module;
      block[0] = at(w, w.size, module);
      block[1] = at(g, w.size, module);
      block[2] = at(m, w.size, module);
      block[3] = at(v, w.size, module);
      block[4] = w.size;
      block[5] = lr;
      block[6] = beta1;
      block[7] = beta2;
      block[8] = epsilon;
      block[9] = correction1;
      block[10] = correction2;
      block[11] = decay;
      run.adam();
    },
  };
}
