import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Hinge loss of the support vector machine, Cortes & Vapnik 1995: one output x, target s = 2t − 1 = ±1.
 *   forward   L = max(0, 1 − s·x)
 *   backward  dx = −s where s·x < 1, else 0
 */
export function hingeLoss(context: LossContext): Loss {
  return elementwiseLoss(context, 'hinge', { parameter: 0, presentation: 'none', threshold: 0 });
}
