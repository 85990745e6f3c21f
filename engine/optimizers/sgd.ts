import type { Optimizer, OptimizerContext } from './optimizer.ts';

/** Stochastic gradient descent, book section 6.1.2; Robbins & Monro 1951.   w ← w − lr·g */
export function sgd({ kernels, parameters }: OptimizerContext): Optimizer {
  return {
    slots: [],
    update(lr) {
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient } = parameters[i]!;
        kernels.sgd(value, gradient, lr);
      }
    },
  };
}
