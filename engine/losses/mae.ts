import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Absolute error, Laplace's: the sum over a row's outputs.
 *   forward   L = Σ |y − t|
 *   backward  dy = sign(y − t), 0 where they meet
 */
export function maeLoss(context: LossContext): Loss {
  return elementwiseLoss(context, 'mae', { parameter: 0, presentation: 'none', threshold: 0.5 });
}
