/** Parzen estimators on [0, 1): mixtures of normals cut off at the ends, one a point seen, and one wide one for all that was not. */

import type { Rng } from '../math/rng.ts';

export interface ParzenKernel {
  readonly centre: number;
  readonly width: number;
  /** Density at the centre: 1 / (√(2π) · width · mass inside [0, 1)). */
  readonly peak: number;
}

export function parzenKernel(centre: number, width: number): ParzenKernel {
  const inside = normalCdf((1 - centre) / width) - normalCdf(-centre / width);
  return { centre, width, peak: 1 / (Math.sqrt(2 * Math.PI) * width * inside) };
}

/** Knows nothing yet. */
export const PRIOR_KERNEL = parzenKernel(0.5, 1);

/**
 * One kernel a point and the prior (centre ½, width 1). Each is as wide as the larger distance to its neighbours
 * (Bergstra et al. 2011, section 4), but at least 1 / min(100, points + 2): the prior counts
 * as one of the points, to whose number one is added.
 */
export function parzenKernels(points: readonly number[]): ParzenKernel[] {
  const narrowest = 1 / Math.min(100, points.length + 2);
  const centres = [...points, PRIOR_KERNEL.centre].sort((a, b) => a - b);
  const prior = centres.indexOf(PRIOR_KERNEL.centre);
  return centres.map((centre, i) => {
    if (i === prior) return PRIOR_KERNEL;
    const left = centre - (centres[i - 1] ?? 0);
    const right = (centres[i + 1] ?? 1) - centre;
    return parzenKernel(centre, Math.min(Math.max(left, right, narrowest), 1));
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
export function kernelDensity(u: number, { centre, width, peak }: ParzenKernel): number {
  const z = (u - centre) / width;
  return peak * Math.exp(-0.5 * z * z);
}

export function parzenDensity(u: number, kernels: readonly ParzenKernel[]): number {
  let sum = 0;
  for (const kernel of kernels) sum += kernelDensity(u, kernel);
  return sum / kernels.length;
}

/** Φ(z), by Abramowitz and Stegun 7.1.26 for erf: within 1e-7. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const erf = 1 - polynomial * Math.exp(-x * x);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
