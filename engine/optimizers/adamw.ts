import { adamWithDecay } from './adam.ts';
import type { Optimizer, OptimizerContext } from './optimizer.ts';

/**
 * AdamW, Loshchilov & Hutter 2019: Adam with weight decay beside the gradient, not inside it.
 *   w ← w − lr·m̂/(√v̂ + ε) − lr·λ·w   (the last term for weights only)
 */
export function adamw(
  context: OptimizerContext,
  beta1: number,
  beta2: number,
  epsilon: number,
  weightDecay: number,
): Optimizer {
  return adamWithDecay(context, beta1, beta2, epsilon, weightDecay);
}
