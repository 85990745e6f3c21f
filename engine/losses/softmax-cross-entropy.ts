import type { Loss, LossContext } from './loss.ts';

/**
 * Softmax with cross-entropy, book sections 4.2.2 and 5.6.3, in one stable pass.
 *   forward   p = softmax(x), L = −Σ_k t_k·log p_k
 *   backward  dx = p − t
 * Label smoothing (Szegedy et al. 2016) takes t_k = (1 − s)·[k = label] + s/classes.
 */
export function softmaxCrossEntropyLoss(context: LossContext, labelSmoothing: number): Loss {
  const { kernels, arena, outputs, columns } = context;
  const labels = arena.ints(context.capacity);
  const correct = arena.ints(1);
  return {
    labels,
    targets: null,
    presentation: 'softmax',
    threshold: 0,
    evaluate: (rows, gradient) =>
      kernels.softmaxCrossEntropy(outputs, labels, gradient, correct, rows, columns, labelSmoothing),
    correct: () => correct.data[0]!,
  };
}
