import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Exponential loss of boosting, Freund & Schapire 1997: one output x, target s = 2t − 1 = ±1.
 *   forward   L = exp(−s·x)
 *   backward  dx = −s·exp(−s·x)
 */
export function exponentialLoss(context: LossContext): Loss {
  return elementwiseLoss(context, 'exponential', { parameter: 0, presentation: 'none', threshold: 0 });
}
