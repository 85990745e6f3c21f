/** Where a sweep begins: anew, or from what was stored of it. */

import type { SweepSpec } from '../spec/sweep-spec.ts';
import { NEW_SAMPLER_STATE } from './sampler.ts';
import type { SweepState } from './sweep-types.ts';
import { curveOf, hasEnded, type Trial } from './trial.ts';

/** A sweep that waits for `go`. */
export function newSweep(spec: SweepSpec, workers: number): SweepState {
  return {
    spec,
    status: 'paused',
    stopping: false,
    workers,
    trials: [],
    total: spec.trials,
    queue: spec.enqueue,
    timeUp: false,
    roundsConfirmed: 0,
    sampler: NEW_SAMPLER_STATE,
  };
}

/**
 * A sweep as it was stored. Trials that had not ended when its process did are interrupted; the last epoch they
 * reported is judged again, since nobody knows whether it had been.
 */
export function restoreSweep(stored: SweepState): SweepState {
  const trials = stored.trials.map((trial): Trial => {
    if (hasEnded(trial)) return trial;
    const started = trial.reports.length > 0 || trial.status !== 'queued';
    const judged = Math.max(0, curveOf(trial).length - 1);
    return { ...trial, status: started ? 'interrupted' : 'queued', judged };
  });
  const open = stored.status === 'running' || stored.status === 'paused';
  return { ...stored, status: open ? 'interrupted' : stored.status, stopping: false, trials };
}
