/** The last gradient a run's health has: of its last update, or of the one that was refused because of it. */

import { healthColumn, healthWidth, type HealthLayer, type HealthSamples } from './health.ts';

/**
 * A gradient longer than this counts as not finite: the squares that AdaGrad, RMSProp and Adam keep would no longer
 * fit a float32 (3.4e38), nor would a large learning rate times it.
 */
export const LARGEST_GRADIENT_NORM = 1e18;

/** Of a run that has diverged. */
export interface DivergedEnd {
  /** Updates that were made. */
  readonly stepsDone: number;
  readonly clipNorm: number | null;
}

export interface LastGradient {
  /** The layer with the largest norm; among those that are not finite the first a gradient reaches, the last layer. */
  readonly layer: HealthLayer;
  /** Infinity when it is not finite. */
  readonly norm: number;
  /** Updates done when it was measured. */
  readonly step: number;
  /** True when it is that of the update that was not made. */
  readonly refused: boolean;
  /** The layer's norms up to this one, oldest first; NaN for one that is not finite. */
  readonly trend: readonly number[];
}

const TREND = 30;

/** null when no gradient was measured. */
export function lastGradient(
  samples: HealthSamples,
  layers: readonly HealthLayer[],
  end: DivergedEnd,
): LastGradient | null {
  for (let at = samples.steps.length - 1; at >= 0; at--) {
    const norms = gradientNorms(samples, layers, at);
    if (norms.every(Number.isNaN)) continue;
    const reached = norms.map((norm) => (Number.isFinite(norm) ? norm : Infinity));
    const row = reached.lastIndexOf(Math.max(...reached));
    const layer = layers[row];
    if (layer === undefined) return null;
    const trend: number[] = [];
    for (let i = 0; i <= at; i++) {
      const all = gradientNorms(samples, layers, i);
      const norm = all[row] ?? Number.NaN;
      if (!all.every(Number.isNaN)) trend.push(Number.isFinite(norm) ? norm : Number.NaN);
    }
    const norm = reached[row] ?? Infinity;
    return {
      layer,
      norm,
      step: samples.steps[at] ?? 0,
      refused: isRefused(samples, layers, at, end),
      trend: trend.slice(-TREND),
    };
  }
  return null;
}

/** True when the gradients of a sample are those of the update that was refused, and so of no update at all. */
export function isRefused(
  samples: HealthSamples,
  layers: readonly HealthLayer[],
  at: number,
  { stepsDone, clipNorm }: DivergedEnd,
): boolean {
  if (samples.steps[at] !== stepsDone) return false;
  const norms = gradientNorms(samples, layers, at);
  if (norms.every(Number.isNaN)) return false;
  const whole = Math.hypot(...norms);
  if (!Number.isFinite(whole)) return true;
  // What is clipped is shortened before it is looked at.
  return clipNorm === null && whole > LARGEST_GRADIENT_NORM;
}

function gradientNorms({ values }: HealthSamples, layers: readonly HealthLayer[], at: number): number[] {
  const begin = at * healthWidth(layers);
  return layers.map((_, row) => values[begin + healthColumn(row, 'gradient-norm')] ?? Number.NaN);
}
