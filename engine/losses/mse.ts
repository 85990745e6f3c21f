import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Squared error, book section 4.2.1: half the sum over a row's outputs.
 *   forward   L = ½·Σ (y − t)²
 *   backward  dy = y − t
 */
export function mseLoss(context: LossContext): Loss {
  return elementwiseLoss(context, 'mse', { parameter: 0, presentation: 'none', threshold: 0.5 });
}
