/** Between the state machine's words and the store's. */

import { word } from '../../../engine/spec/message.ts';
import type { Objective } from '../../../engine/spec/sweep-spec.ts';
import { restoreSweep } from '../../../engine/sweep/stored-sweep.ts';
import type { RunOutcome, SweepState } from '../../../engine/sweep/sweep-types.ts';
import { NEW_SAMPLER_STATE } from '../../../engine/sweep/sampler.ts';
import { epochsOf, hasEnded, type Trial } from '../../../engine/sweep/trial.ts';
import type { EpochReport } from '../../contract/jobs.ts';
import type { StoredReports, StoredSweep, StoredTrial, SweepProgress, TrialRun } from '../../contract/sweep-store.ts';
import type { KnownRun } from './sweeps-types.ts';

export interface RestoredSweep {
  readonly state: SweepState;
  /** Runs there are already, by trial and repeat (`runKey`). */
  readonly known: ReadonlyMap<string, KnownRun>;
  /** Runs that had ended before their trial was told. */
  readonly ended: readonly { readonly trial: number; readonly outcome: RunOutcome }[];
}

export function runKey(trial: number, repeat: number): string {
  return `${trial}/${repeat}`;
}

/** What the sweep is decided by, from an epoch's figures. */
export function objectiveValue(
  { metric, split }: Objective,
  report: Pick<EpochReport, 'trainLoss' | 'trainAccuracy' | 'validationLoss' | 'validationAccuracy'>,
): number {
  if (split === 'train') return metric === 'loss' ? report.trainLoss : report.trainAccuracy;
  return metric === 'loss' ? report.validationLoss : report.validationAccuracy;
}

export function restoredSweep(stored: StoredSweep): RestoredSweep {
  const newest = new Map<string, TrialRun>();
  const curves = new Map<string, number[]>();
  for (const [i, run] of stored.runs.entries()) {
    const key = runKey(run.trial, run.repeat);
    newest.set(key, run);
    curves.set(key, curveAt(stored.reports, i));
  }
  const trials = stored.trials.map((trial): Trial => {
    const { epochs: _epochs, ...rest } = trial;
    return { ...rest, judged: 0, reports: reportsOf(trial.number, curves) };
  });
  const { total, queue, roundsConfirmed, timeUp, edited } = stored.progress;
  const state = restoreSweep({
    spec: stored.spec,
    status: stored.status,
    stopping: false,
    workers: stored.workers,
    trials,
    total,
    queue,
    timeUp,
    roundsConfirmed,
    sampler: { ...NEW_SAMPLER_STATE, edited },
  });
  const known = new Map([...newest].map(([key, { id, resumable }]) => [key, { id, resumable }]));
  return { state, known, ended: endedRuns(state, newest) };
}

/** Of one run, from epoch 1; NaN for an epoch nothing was reported of. */
function curveAt({ offsets, epochs, values }: StoredReports, run: number): number[] {
  const curve: number[] = [];
  for (let i = offsets[run] ?? 0; i < (offsets[run + 1] ?? 0); i++) {
    while (curve.length < (epochs[i] ?? 1) - 1) curve.push(NaN);
    curve.push(values[i] ?? NaN);
  }
  return curve;
}

function reportsOf(trial: number, curves: ReadonlyMap<string, number[]>): number[][] {
  const reports: number[][] = [];
  for (let repeat = 0; ; repeat++) {
    const curve = curves.get(runKey(trial, repeat));
    if (curve === undefined) return reports;
    reports.push(curve);
  }
}

function endedRuns(state: SweepState, newest: ReadonlyMap<string, TrialRun>): RestoredSweep['ended'] {
  return state.trials.flatMap((trial) => {
    if (hasEnded(trial) || trial.status !== 'interrupted') return [];
    const run = newest.get(runKey(trial.number, trial.scores.length));
    const outcome = run === undefined ? null : outcomeOf(run);
    return outcome === null ? [] : [{ trial: trial.number, outcome }];
  });
}

function outcomeOf({ status, message }: TrialRun): RunOutcome | null {
  switch (status) {
    case 'completed':
    case 'stopped':
      return { how: status };
    case 'diverged':
    case 'failed':
      return { how: status, ...(message ?? word('')) };
    case 'queued':
    case 'running':
    case 'paused':
    case 'interrupted':
      return null;
  }
}

export function storedTrial(trial: Trial): StoredTrial {
  const { number, params, place, status, scores, score, reason, exempt, losses, ended } = trial;
  return { number, params, place, status, scores, score, epochs: epochsOf(trial), reason, exempt, losses, ended };
}

export function progressOf({ total, queue, roundsConfirmed, timeUp, sampler }: SweepState): SweepProgress {
  return { total, queue, roundsConfirmed, timeUp, edited: sampler.edited };
}
