/** The rounds of a `narrow` search. Pure. */

import type { TrialRow } from '../../electron/contract/sweeps.ts';
import type { SearchSpace } from '../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';

/**
 * The first round that has not begun, from 0, once its ranges are known; null otherwise. Suggestions by hand belong to
 * no round.
 */
export function nextRound(
  { sampler, trials: planned, enqueue }: SweepSpec,
  rounds: readonly SearchSpace[],
  trials: readonly TrialRow[],
): number | null {
  if (sampler.type !== 'narrow') return null;
  const size = Math.max(1, Math.round((planned - enqueue.length) / sampler.rounds));
  const sampled = trials.filter((row) => !row.byHand).length;
  const begun = Math.min(sampler.rounds, Math.ceil(sampled / size));
  return begun < rounds.length ? begun : null;
}
