/** Whether two lanes really differ, from their scores under the same seeds. */

import { twoSidedP, twoSidedQuantile } from './student-t.ts';

export interface PairedTest {
  readonly pairs: number;
  /** Mean of a − b. */
  readonly difference: number;
  /** 95 % interval of that mean. */
  readonly low: number;
  readonly high: number;
  readonly t: number;
  readonly freedom: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Student's paired t-test: with d_i = a_i − b_i, t = mean(d) / (s(d) / √n) has n − 1 degrees of freedom when the true
 * mean difference is 0 (Student, The probable error of a mean, Biometrika 6, 1908). `a[i]` and `b[i]` belong to the same
 * seed, so what the seed does to both drops out. null with fewer than two pairs; pairs with a value that is not finite
 * are left out.
 *
 * @param resolution the smallest step between two scores, above 0. A few differences can be equal by rounding alone, so
 *   their variance counts as no smaller than what rounding both scores leaves: resolution²/6 (Sheppard, Proceedings of
 *   the London Mathematical Society 29, 1898).
 */
export function pairedTTest(a: readonly number[], b: readonly number[], resolution: number): PairedTest | null {
  const differences: number[] = [];
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const d = (a[i] ?? Number.NaN) - (b[i] ?? Number.NaN);
    if (Number.isFinite(d)) differences.push(d);
  }
  const n = differences.length;
  if (n < 2) return null;
  const mean = differences.reduce((sum, d) => sum + d, 0) / n;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / (n - 1);
  const error = Math.sqrt(Math.max(variance, resolution ** 2 / 6) / n);
  const freedom = n - 1;
  const t = mean / error;
  const half = twoSidedQuantile(0.05, freedom) * error;
  return {
    pairs: n,
    difference: mean,
    low: mean - half,
    high: mean + half,
    t,
    freedom,
    p: twoSidedP(t, freedom),
  };
}

/**
 * Holm's step-down adjustment of p-values that are read together (S. Holm, A simple sequentially rejective multiple test
 * procedure, Scandinavian Journal of Statistics 6, 1979): the k-th smallest of m is multiplied by m − k + 1, never
 * falling and at most 1. Comparing with an adjusted value keeps the chance of any false "clear" at the level asked for,
 * as long as what is compared was not chosen by the scores: who compares with the best one gives the p of all pairs.
 */
export function holm(ps: readonly number[]): number[] {
  const order = ps.map((_, i) => i).sort((i, j) => (ps[i] ?? 1) - (ps[j] ?? 1));
  const adjusted = new Array<number>(ps.length).fill(1);
  let highest = 0;
  order.forEach((index, rank) => {
    highest = Math.max(highest, Math.min(1, (ps.length - rank) * (ps[index] ?? 1)));
    adjusted[index] = highest;
  });
  return adjusted;
}
