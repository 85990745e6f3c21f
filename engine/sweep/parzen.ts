/** Parzen estimators on [0, 1): mixtures of normals cut off at the ends, one a point seen, and one wide one for all that was not. */

import type { Rng } from '../math/rng.ts';

export interface ParzenKernel {
  readonly centre: number;
  readonly width: number;
}

/**
 * One kernel a point and the prior (centre ½, width 1). Each is as wide as the larger distance to its neighbours
 * (Bergstra et al. 2011, section 4), but at least 1 / min(100, points + 1).
 */
export function parzenKernels(points: readonly number[]): ParzenKernel[] {
  const PRIOR = { centre: 0.5, width: 1 };
  const narrowest = 1 / Math.min(100, points.length + 2);
  const centres = [...points, PRIOR.centre].sort((a, b) => a - b);
  const prior = centres.indexOf(PRIOR.centre);
  return centres.map((centre, i) => {
    if (i === prior) return PRIOR;
    const left = centre - (centres[i - 1] ?? 0);
    const right = (centres[i + 1] ?? 1) - centre;
    return { centre, width: Math.min(Math.max(left, right, narrowest), 1) };
  });
}

export function sampleKernel(rng: Rng, { centre, width }: ParzenKernel): number {
  // At least a third of every kernel lies inside, so this ends soon.
  for (;;) {
    const u = centre + width * rng.normal();
    if (u >= 0 && u < 1) return u;
  }
}

/** Density of a kernel at u, its mass inside [0, 1) taken as 1. */
export function kernelDensity(u: number, { centre, width }: ParzenKernel): number {
  const z = (u - centre) / width;
  const inside = normalCdf((1 - centre) / width) - normalCdf(-centre / width);
  return Math.exp(-0.5 * z * z) / (Math.sqrt(2 * Math.PI) * width * inside);
}

export function parzenDensity(u: number, kernels: readonly ParzenKernel[]): number {
  return kernels.reduce((sum, kernel) => sum + kernelDensity(u, kernel), 0) / kernels.length;
}

/** Φ(z), by Abramowitz and Stegun 7.1.26 for erf: within 1e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - polynomial * Math.exp(-x * x);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
