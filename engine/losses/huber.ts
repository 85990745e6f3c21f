import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Huber 1964: square near the target, straight from `delta` on. With e = y − t, summed over a row's outputs:
 *   forward   L = ½·e² where |e| <= delta, else delta·(|e| − delta/2)
 *   backward  dy = e where |e| <= delta, else delta·sign(e)
 */
export function huberLoss(context: LossContext, delta: number): Loss {
  return elementwiseLoss(context, 'huber', { parameter: delta, presentation: 'none', threshold: 0.5 });
}
