import { elementwiseLoss } from './elementwise.ts';
import type { Loss, LossContext } from './loss.ts';

/**
 * Cross-entropy of yes-or-no outputs, on logits x (the sigmoid is inside), summed over a row's outputs; Cox 1958.
 *   forward   L = −t·log σ(x) − (1 − t)·log(1 − σ(x)) = max(x, 0) − x·t + log(1 + exp(−|x|))
 *   backward  dx = σ(x) − t
 */
export function binaryCrossEntropyLoss(context: LossContext): Loss {
  return elementwiseLoss(context, 'binary-cross-entropy', { parameter: 0, presentation: 'sigmoid', threshold: 0 });
}
