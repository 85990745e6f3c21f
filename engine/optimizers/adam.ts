import { reserveSlots, type Optimizer, type OptimizerContext } from './optimizer.ts';

/**
 * Adam, Kingma & Ba 2015, algorithm 1, book section 6.1.6. With n updates done, this one included:
 *   m ← β₁·m + (1 − β₁)·g,  v ← β₂·v + (1 − β₂)·g²
 *   m̂ = m/(1 − β₁ⁿ),  v̂ = v/(1 − β₂ⁿ),  w ← w − lr·m̂/(√v̂ + ε)
 */
export function adam(context: OptimizerContext, beta1: number, beta2: number, epsilon: number): Optimizer {
  return adamWithDecay(context, beta1, beta2, epsilon, 0);
}

/** Adam's update with a decay of λ·lr·w for the parameters that decay; see adamw.ts. */
export function adamWithDecay(
  context: OptimizerContext,
  beta1: number,
  beta2: number,
  epsilon: number,
  decoupledDecay: number,
): Optimizer {
  const { kernels, parameters } = context;
  const m = reserveSlots(context, 'mean');
  const v = reserveSlots(context, 'variance');
  return {
    slots: [...m, ...v],
    update(lr, t) {
      const correction1 = 1 - beta1 ** (t + 1);
      const correction2 = 1 - beta2 ** (t + 1);
      for (let i = 0; i < parameters.length; i++) {
        const { value, gradient, decays } = parameters[i]!;
        const decay = decays ? lr * decoupledDecay : 0;
        kernels.adam(
          value,
          gradient,
          m[i]!.value,
          v[i]!.value,
          lr,
          beta1,
          beta2,
          epsilon,
          correction1,
          correction2,
          decay,
        );
      }
    },
  };
}
