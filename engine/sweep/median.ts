/**
 * The median stopping rule (Golovin, Solnik, Moitra, Kochanski, Karro & Sculley, "Google Vizier: A Service for
 * Black-Box Optimization", KDD 2017, section 3.2.1): a trial is stopped after epoch s when its best value so far is
 * strictly worse than the median of the completed trials' running averages up to epoch s.
 *
 * It will not prune: before `startupTrials` trials have completed that got as far as epoch s, in the first
 * `warmupEpochs` epochs, between the epochs of `every`, after a trial's last epoch, a trial exactly at the median, and
 * a trial marked exempt. Values that are not finite are left out of the averages.
 */

import { say, word } from '../spec/message.ts';
import type { Objective, PrunerSpec } from '../spec/sweep-spec.ts';
import { bestOf, compareValues } from './objective.ts';
import { figure } from './rungs.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { curveOf, type Trial } from './trial.ts';

export function medianDecision(
  { startupTrials }: Extract<PrunerSpec, { type: 'median' }>,
  objective: Objective,
  trial: Trial,
  trials: readonly Trial[],
): TrialReason | null {
  const epoch = curveOf(trial).length;
  const averages = trials
    .filter((other) => other.status === 'completed' && curveOf(other).length >= epoch)
    .map((other) => mean(curveOf(other).slice(0, epoch).filter(Number.isFinite)))
    .filter(Number.isFinite);
  if (averages.length < startupTrials) return null;
  const bound = median(averages);
  const value = bestOf(objective, curveOf(trial));
  if (compareValues(objective, value, bound) <= 0) return null;
  const [side, sign] = objective.direction === 'maximize' ? [word('below'), '<'] : [word('above'), '>'];
  return {
    code: 'median',
    ...say`${side} median at epoch ${epoch}: ${figure(value)} ${sign} ${figure(bound)}`,
    values: { epoch, value, bound, trials: averages.length },
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The middle value, the mean of the two middle ones for an even number. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}
