import type { Kernels } from '../kernels/kernels.ts';
import type { Parameter } from '../layers/layer.ts';

/** ‖g‖ = √(Σ g²) over all parameters together; not finite when any gradient is not. */
export function gradientNorm(kernels: Kernels, parameters: readonly Parameter[]): number {
  let squares = 0;
  for (let i = 0; i < parameters.length; i++) squares += kernels.sumSquares(parameters[i]!.gradient);
  return Math.sqrt(squares);
}

/**
 * Clipping by the norm, Pascanu, Mikolov & Bengio 2013, of the whole gradient, weight decay included.
 *   g ← g·limit/‖g‖ where ‖g‖ > limit
 */
export function clipByNorm(kernels: Kernels, parameters: readonly Parameter[], norm: number, limit: number): void {
  if (norm <= limit) return;
  const factor = limit / norm;
  for (let i = 0; i < parameters.length; i++) kernels.scale(parameters[i]!.gradient, factor);
}
