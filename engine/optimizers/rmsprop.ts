import { reserveSlots, type Optimizer, type OptimizerContext } from './optimizer.ts';

/** RMSProp, Tieleman & Hinton 2012.   h ← ρ·h + (1 − ρ)·g²,  w ← w − lr·g/(√h + ε) */
export function rmsprop(context: OptimizerContext, rho: number, epsilon: number): Optimizer {
  const { kernels, parameters } = context;
  const h = reserveSlots(context, 'squares');
  return {
    slots: h,
    update(lr) {
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient } = parameters[i]!;
        kernels.rmsprop(value, gradient, h[i]!.value, lr, rho, epsilon);
      }
    },
  };
}
