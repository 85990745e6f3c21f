import { reserveSlots, type Optimizer, type OptimizerContext } from './optimizer.ts';

/**
 * Nesterov's accelerated gradient in the form of Bengio, Boulanger-Lewandowski & Pascanu 2012, where w is the point
 * looked ahead to.   v ← α·v − lr·g,  w ← w + α·v − lr·g
 */
export function nesterov(context: OptimizerContext, alpha: number): Optimizer {
  const { kernels, parameters } = context;
  const v = reserveSlots(context, 'velocity');
  return {
    slots: v,
    update(lr) {
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient } = parameters[i]!;
        kernels.nesterov(value, gradient, v[i]!.value, lr, alpha);
      }
    },
  };
}
