import { reserveSlots, type Optimizer, type OptimizerContext } from './optimizer.ts';

/** AdaGrad, book section 6.1.5; Duchi, Hazan & Singer 2011.   h ← h + g²,  w ← w − lr·g/(√h + ε) */
export function adagrad(context: OptimizerContext, epsilon: number): Optimizer {
  const { kernels, parameters } = context;
  const h = reserveSlots(context, 'squares');
  return {
    slots: h,
    update(lr) {
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient } = parameters[i]!;
        kernels.adagrad(value, gradient, h[i]!.value, lr, epsilon);
      }
    },
  };
}
