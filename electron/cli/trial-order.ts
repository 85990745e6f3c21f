/** Trials in the order of a leaderboard. */

import type { Objective } from '../../engine/spec/sweep-spec.ts';
import { rankEnded } from '../../engine/sweep/objective.ts';
import { newTrial } from '../../engine/sweep/trial.ts';
import type { TrialRow } from '../contract/sweeps.ts';

/** Those that have ended, best first: completed, then pruned, then failed. */
export function bestFirst(objective: Objective, trials: readonly TrialRow[]): TrialRow[] {
  const byNumber = new Map(trials.map((trial) => [trial.number, trial]));
  const ranked = rankEnded(
    objective,
    trials.map(({ number, params, status, score, ended, epochs }) => ({
      ...newTrial(number, null, params),
      status,
      score,
      ended,
      // Only its length matters here: how far a pruned trial got.
      reports: [Array.from({ length: epochs }, () => NaN)],
    })),
  );
  return ranked.flatMap(({ number }) => byNumber.get(number) ?? []);
}
