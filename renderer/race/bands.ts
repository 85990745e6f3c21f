/** Several seeds of one lane as a mean line with a band. */

import { twoSidedQuantile } from './student-t.ts';

export const BANDS = ['std', 'error', 'interval', 'range'] as const;
/** `std`: ± standard deviation; `error`: ± standard error; `interval`: 95 % of the mean; `range`: lowest to highest. */
export type BandKind = (typeof BANDS)[number];

export interface Spread {
  readonly count: number;
  readonly mean: number;
  /** Of a sample (n − 1); 0 for one value. */
  readonly std: number;
  readonly low: number;
  readonly high: number;
}

/** Mean and band of the finite values; null when there is none. With one value the band is that value. */
export function spread(values: readonly number[], kind: BandKind): Spread | null {
  const finite = values.filter((value) => Number.isFinite(value));
  const count = finite.length;
  if (count === 0) return null;
  const mean = finite.reduce((sum, value) => sum + value, 0) / count;
  const std = count < 2 ? 0 : Math.sqrt(finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (count - 1));
  if (kind === 'range') return { count, mean, std, low: Math.min(...finite), high: Math.max(...finite) };
  const half = count < 2 ? 0 : std * factor(kind, count);
  return { count, mean, std, low: mean - half, high: mean + half };
}

const quantiles = new Map<number, number>();

/** Half a band's width in standard deviations. The 95 % interval of a mean is t · s / √n (Student, 1908). */
function factor(kind: Exclude<BandKind, 'range'>, count: number): number {
  if (kind === 'std') return 1;
  if (kind === 'error') return 1 / Math.sqrt(count);
  let quantile = quantiles.get(count);
  if (quantile === undefined) {
    quantile = twoSidedQuantile(0.05, count - 1);
    quantiles.set(count, quantile);
  }
  return quantile / Math.sqrt(count);
}

/** One seed's curve: steps strictly rising. */
export interface SeedCurve {
  readonly steps: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly elapsedMs: ArrayLike<number>;
}

export interface BandCurve {
  readonly steps: Int32Array;
  /** Mean over the seeds, of time as of values. */
  readonly elapsedMs: Float64Array;
  readonly mean: Float64Array;
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/**
 * The band at the steps of the longest curve, over the seeds that have a point at that very step. A seed whose curve is
 * shorter (it diverged, or is under way) takes part as far as it goes.
 */
export function bandCurve(curves: readonly SeedCurve[], kind: BandKind): BandCurve {
  const longest = curves.reduce<SeedCurve | null>(
    (best, curve) => (best === null || curve.steps.length > best.steps.length ? curve : best),
    null,
  );
  const count = longest?.steps.length ?? 0;
  const result = {
    steps: new Int32Array(count),
    elapsedMs: new Float64Array(count),
    mean: new Float64Array(count),
    low: new Float64Array(count),
    high: new Float64Array(count),
  };
  const at = curves.map(() => 0);
  const values: number[] = [];
  for (let i = 0; i < count; i++) {
    const step = longest?.steps[i] ?? 0;
    values.length = 0;
    let elapsed = 0;
    let present = 0;
    curves.forEach((curve, c) => {
      let index = at[c] ?? 0;
      while (index < curve.steps.length && (curve.steps[index] ?? 0) < step) index++;
      at[c] = index;
      if (curve.steps[index] !== step) return;
      values.push(curve.values[index] ?? Number.NaN);
      elapsed += curve.elapsedMs[index] ?? 0;
      present++;
    });
    const here = spread(values, kind);
    result.steps[i] = step;
    // The time on an axis must rise, though the seeds that give it become fewer.
    result.elapsedMs[i] = Math.max(result.elapsedMs[i - 1] ?? 0, present === 0 ? 0 : elapsed / present);
    result.mean[i] = here?.mean ?? Number.NaN;
    result.low[i] = here?.low ?? Number.NaN;
    result.high[i] = here?.high ?? Number.NaN;
  }
  return result;
}
