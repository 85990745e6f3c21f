import type { Kernels } from '../kernels/kernels.ts';
import type { Parameter } from '../layers/layer.ts';

/**
 * L2 weight decay, book section 6.4.2; Krogh & Hertz 1992. Acts on weights, not on biases nor on batch norm.
 *   loss      L ← L + ½·λ·Σ ‖W‖²
 *   gradient  dW ← dW + λ·W
 * AdamW has its own decay beside the gradient and uses neither.
 */
export function decayLoss(kernels: Kernels, parameters: readonly Parameter[], lambda: number): number {
  let squares = 0;
  for (let i = 0; i < parameters.length; i++) {
    const { decays, value } = parameters[i]!;
    if (decays) squares += kernels.sumSquares(value);
  }
  return 0.5 * lambda * squares;
}

export function addDecay(kernels: Kernels, parameters: readonly Parameter[], lambda: number): void {
  for (let i = 0; i < parameters.length; i++) {
    const { decays, value, gradient } = parameters[i]!;
    if (decays) kernels.addScaled(gradient, value, lambda);
  }
}
