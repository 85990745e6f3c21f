/** Successive halving as it is decided one trial at a time: at each rung only the best share of those seen there goes on. */

import { say } from '../spec/message.ts';
import type { Objective } from '../spec/sweep-spec.ts';
import { compareValues, scoreOf } from './objective.ts';
import type { TrialReason } from '../spec/sweep-status.ts';
import { curveOf, type Trial } from './trial.ts';

/** A trial's rungs: which bracket it is in, and the epochs it is judged after, rising. */
export interface Rungs {
  readonly bracket: number;
  /** Epochs of rung 0, 1, …; Infinity ends them. */
  epochAt(rung: number): number;
}

/** The first rung's epoch after `epoch`; null when there is none. */
export function nextRung(rungs: Rungs, epoch: number): number | null {
  for (let rung = 0; ; rung++) {
    const at = rungs.epochAt(rung);
    if (at === Infinity) return null;
    if (at > epoch) return at;
  }
}

/**
 * Of the n trials of the bracket that have got to this rung so far, this one included, the best max(1, ⌊n / η⌋) go on.
 * It stays when fewer than that are strictly better, so of equal trials none is pruned for being the later one.
 */
export function rungDecision(
  objective: Objective,
  rungsOf: (trial: Trial) => Rungs,
  reduction: number,
  trial: Trial,
  trials: readonly Trial[],
): TrialReason | null {
  const epoch = curveOf(trial).length;
  const { bracket } = rungsOf(trial);
  const valueOf = (other: Trial): number => scoreOf(objective, curveOf(other).slice(0, epoch));
  const values = trials
    .filter((other) => curveOf(other).length >= epoch && rungsOf(other).bracket === bracket)
    .map(valueOf)
    .sort((a, b) => compareValues(objective, a, b));
  const value = valueOf(trial);
  const places = Math.max(1, Math.floor(values.length / reduction));
  const better = values.filter((other) => compareValues(objective, other, value) < 0).length;
  if (better < places) return null;
  const bound = values[places - 1] ?? NaN;
  return {
    code: 'rung',
    ...say`not among the best ${places} of ${values.length} after epoch ${epoch}: ${figure(value)}, needed ${figure(bound)}`,
    values: { epoch, value, bound, places, trials: values.length, bracket },
  };
}

/** Four significant digits. */
export function figure(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}
