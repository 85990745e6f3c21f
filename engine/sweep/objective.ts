/** What is better: scores of curves, and trials in order. */

import type { Objective } from '../spec/sweep-spec.ts';
import { hasEnded, type Trial } from './trial.ts';

/** Negative when `a` is better. Anything not finite is worse than any number. */
export function compareValues({ direction }: Objective, a: number, b: number): number {
  const [fineA, fineB] = [Number.isFinite(a), Number.isFinite(b)];
  if (!fineA || !fineB) return Number(fineB) - Number(fineA);
  return direction === 'minimize' ? a - b : b - a;
}

/** The best finite value, the first of equal ones; NaN when there is none. */
export function bestOf(objective: Objective, values: readonly number[]): number {
  return values.reduce((best, value) => (compareValues(objective, value, best) < 0 ? value : best), NaN);
}

/** A run's score after these epochs: its best or its last value, as the objective says. NaN without one. */
export function scoreOf(objective: Objective, values: readonly number[]): number {
  return objective.at === 'best' ? bestOf(objective, values) : (values.at(-1) ?? NaN);
}

/**
 * Ended trials, best first: completed ones by score, then pruned ones (the longer they lasted the better, then by
 * score), then failed ones. Equal trials keep the order they ended in.
 */
export function rankEnded(objective: Objective, trials: readonly Trial[]): Trial[] {
  const group = { completed: 0, pruned: 1, failed: 2 } as const;
  const groupOf = ({ status }: Trial): number => (status in group ? group[status as keyof typeof group] : 3);
  const length = (trial: Trial): number => (trial.status === 'pruned' ? (trial.reports[0]?.length ?? 0) : 0);
  return trials
    .filter(hasEnded)
    .sort(
      (a, b) =>
        groupOf(a) - groupOf(b) ||
        length(b) - length(a) ||
        compareValues(objective, a.score ?? NaN, b.score ?? NaN) ||
        (a.ended ?? 0) - (b.ended ?? 0),
    );
}

/** The completed trial with the best score, the first of equal ones by number; null when none has completed. */
export function bestTrial(objective: Objective, trials: readonly Trial[]): Trial | null {
  const completed = trials.filter(({ status, score }) => status === 'completed' && score !== null);
  return completed.reduce<Trial | null>(
    (best, trial) =>
      best === null || compareValues(objective, trial.score ?? NaN, best.score ?? NaN) < 0 ? trial : best,
    null,
  );
}
