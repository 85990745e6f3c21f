/** One trial: parameters drawn, the curve it reported, how it ended. Plain values, fit for JSON. */

import type { TrialParams } from '../spec/search-space.ts';
import { ENDED_TRIAL_STATUSES, type TrialReason, type TrialStatus } from '../spec/sweep-status.ts';

export interface Trial {
  /** Counts up from 0. */
  readonly number: number;
  readonly params: TrialParams;
  /** Place in the sampler's own sequence, from 0; null for a suggestion made by hand. */
  readonly place: number | null;
  readonly status: TrialStatus;
  /** The objective after each epoch, a list for each repeat begun. NaN where it could not be had. */
  readonly reports: readonly (readonly number[])[];
  /** Scores of the repeats that are done. */
  readonly scores: readonly number[];
  /** Mean of the repeats' scores; of a pruned trial what it had reached; null when there is none. */
  readonly score: number | null;
  /** Set with the decision to prune, before the run has stopped; kept afterwards. */
  readonly reason: TrialReason | null;
  /** Epochs of the first repeat the pruner has already decided on. */
  readonly judged: number;
  /** True for a trial someone wants to see to its end: pruners leave it alone. */
  readonly exempt: boolean;
  /** Workers that died under it. */
  readonly losses: number;
  /** Rises with every trial of the sweep that ends; null while it has not. */
  readonly ended: number | null;
}

export function hasEnded(trial: Trial): boolean {
  return ENDED_TRIAL_STATUSES.includes(trial.status);
}

/** Epochs trained, all repeats together. */
export function epochsOf(trial: Trial): number {
  return trial.reports.reduce((sum, reports) => sum + reports.length, 0);
}

/** The curve pruners look at: that of the first repeat. */
export function curveOf(trial: Trial): readonly number[] {
  return trial.reports[0] ?? [];
}

export function newTrial(number: number, place: number | null, params: TrialParams): Trial {
  return {
    number,
    params,
    place,
    status: 'queued',
    reports: [],
    scores: [],
    score: null,
    reason: null,
    judged: 0,
    exempt: false,
    losses: 0,
    ended: null,
  };
}
