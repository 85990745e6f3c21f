import { reserveSlots, type Optimizer, type OptimizerContext } from './optimizer.ts';

/** Momentum, book section 6.1.4; Polyak 1964.   v ← α·v − lr·g,  w ← w + v */
export function momentum(context: OptimizerContext, alpha: number): Optimizer {
  const { kernels, parameters } = context;
  const v = reserveSlots(context, 'velocity');
  return {
    slots: v,
    update(lr) {
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient } = parameters[i]!;
        kernels.momentum(value, gradient, v[i]!.value, lr, alpha);
      }
    },
  };
}
