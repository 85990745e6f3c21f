/** When a curve first got as far as asked. */

export interface Reached {
  readonly step: number;
  readonly elapsedMs: number;
}

/** The first point at or beyond the target; values that are not finite never reach it. null when none does. */
export function firstReached(
  curve: {
    readonly steps: ArrayLike<number>;
    readonly values: ArrayLike<number>;
    readonly elapsedMs: ArrayLike<number>;
  },
  target: number,
  direction: 'up' | 'down',
): Reached | null {
  for (let i = 0; i < curve.steps.length; i++) {
    const value = curve.values[i] ?? Number.NaN;
    const there = direction === 'up' ? value >= target : value <= target;
    if (there && Number.isFinite(value)) return { step: curve.steps[i] ?? 0, elapsedMs: curve.elapsedMs[i] ?? 0 };
  }
  return null;
}

/** Accuracies people ask for. */
const ACCURACIES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.97, 0.98, 0.99] as const;

/** The highest usual accuracy that at least half of the lanes reach; 0.9 before there is a score. */
export function usualAccuracy(bests: readonly (number | null)[]): number {
  const found = bests.filter((best): best is number => best !== null && Number.isFinite(best)).sort((a, b) => b - a);
  const middle = found[Math.ceil(bests.length / 2) - 1];
  if (middle === undefined) return 0.9;
  return ACCURACIES.findLast((accuracy) => accuracy <= middle) ?? 0.1;
}

/** The lowest of 1, 2, 5 times a power of ten that at least half of the lanes get below; 0.5 before there is a loss. */
export function usualLoss(bests: readonly (number | null)[]): number {
  const found = bests.filter((best): best is number => best !== null && best > 0).sort((a, b) => a - b);
  const middle = found[Math.ceil(bests.length / 2) - 1];
  if (middle === undefined) return 0.5;
  const power = 10 ** Math.floor(Math.log10(middle));
  const digit = [1, 2, 5, 10].find((d) => d * power >= middle) ?? 10;
  return Number((digit * power).toPrecision(1));
}
