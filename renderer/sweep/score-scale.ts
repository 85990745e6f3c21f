/** The scale the intervals of the leaderboard are drawn on. Pure. */

import type { Objective } from '../../engine/spec/sweep-spec.ts';

export interface ScoreScale {
  readonly low: number;
  readonly high: number;
}

/**
 * From a round figure below the better half of the scores to a round one above the best: the few bad ones would
 * squeeze the others together and lie at the end instead. null without scores.
 */
export function scoreScale(scores: readonly number[], { metric, direction }: Objective): ScoreScale | null {
  const finite = scores.filter(Number.isFinite).sort((a, b) => a - b);
  if (finite.length === 0) return null;
  const at = (share: number): number => finite[Math.round(share * (finite.length - 1))] ?? 0;
  if (metric === 'accuracy') {
    const high = Math.min(1, Math.ceil(at(1) * 10 + 0.25) / 10);
    return { low: Math.max(0, Math.min(high - 0.1, Math.floor(at(0.6) * 10 - 0.25) / 10)), high };
  }
  const [low, high] = direction === 'minimize' ? [at(0), at(0.6)] : [at(0.4), at(1)];
  const room = (high - low) * 0.1 || Math.abs(high) * 0.1 || 1;
  return { low: low - room, high: high + room };
}

/** Where a value lies on the scale, 0 to 1; values outside lie at its ends. */
export function placeOn({ low, high }: ScoreScale, value: number): number {
  return Math.min(1, Math.max(0, (value - low) / (high - low)));
}
