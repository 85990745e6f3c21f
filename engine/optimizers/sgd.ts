import type { Optimizer, OptimizerContext } from './optimizer.ts';

/** Stochastic gradient descent, book section 6.1.2; Robbins & Monro 1951.   w ← w − lr·g */
export function sgd({ kernels, parameters }: OptimizerContext): Optimizer {
  return {
    slots: [],
    update(lr) {
      for (const { value, gradient } of parameters) kernels.sgd(value, gradient, lr);
    },
  };
}
