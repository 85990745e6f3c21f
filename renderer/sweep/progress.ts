/** How far a sweep is: counts, time left, epochs a pruner saved. Pure. */

import type { SweepSummary, TrialReport, TrialRow } from '../../electron/contract/sweeps.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { SweepStatus, TrialStatus } from '../../engine/spec/sweep-status.ts';
import type { StateShapeName, StateTone } from '../components/ui/state-shapes.ts';

export function endedCount({ counts }: Pick<SweepSummary, 'counts'>): number {
  return counts.completed + counts.pruned + counts.failed;
}

/** Epochs a trial is to train, all repeats together; 0 where it is counted in steps and has not begun. */
export function plannedEpochs(row: TrialRow, { base, epochsPerTrial, seedsPerTrial }: SweepSpec): number {
  if (row.epochsPlanned > 0) return row.epochsPlanned;
  const varied = row.params['training.epochs'];
  const each = typeof varied === 'number' ? varied : (epochsPerTrial ?? base.training.epochs ?? 0);
  return each * seedsPerTrial;
}

/** Epochs of all repeats so far; the feed's reports are ahead of the row. */
export function epochsOf(row: TrialRow, report: TrialReport | undefined, spec: SweepSpec): number {
  if (report === undefined) return row.epochs;
  const each = plannedEpochs(row, spec) / spec.seedsPerTrial;
  return Math.max(row.epochs, Math.round(report.repeat * each) + report.epoch);
}

/** Fraction of its planned epochs a running trial has trained, 0 to 1. */
export function trialShare(row: TrialRow, report: TrialReport | undefined, spec: SweepSpec): number {
  const planned = plannedEpochs(row, spec);
  return planned > 0 ? Math.min(1, epochsOf(row, report, spec) / planned) : 0;
}

/**
 * Time the rest takes at the pace so far, milliseconds: running trials count by their share. null before the first
 * trial is a tenth done, and when nothing runs.
 */
export function timeLeft(
  summary: SweepSummary,
  trials: readonly TrialRow[],
  reports: ReadonlyMap<number, TrialReport>,
  spec: SweepSpec,
): number | null {
  if (summary.status !== 'running') return null;
  const running = trials.filter((row) => row.status === 'running');
  const under = running.reduce((sum, row) => sum + trialShare(row, reports.get(row.number), spec), 0);
  const done = endedCount(summary) + under;
  if (done < 0.1 || summary.elapsedMs <= 0) return null;
  return (summary.elapsedMs / done) * Math.max(0, summary.trials - done);
}

/** Share of the planned epochs that pruned trials did not have to train, 0 to 1; null where nothing was pruned. */
export function savedShare(trials: readonly TrialRow[]): number | null {
  let planned = 0;
  let trained = 0;
  let pruned = 0;
  for (const row of trials) {
    if (row.status !== 'completed' && row.status !== 'pruned') continue;
    planned += row.epochsPlanned;
    trained += row.epochs;
    if (row.status === 'pruned') pruned++;
  }
  return pruned === 0 || planned === 0 ? null : Math.max(0, 1 - trained / planned);
}

interface Mark {
  readonly shape: StateShapeName;
  readonly tone: StateTone;
}
export const TRIAL_MARKS: Readonly<Record<TrialStatus, Mark>> = {
  queued: { shape: 'dotted', tone: 'idle' },
  running: { shape: 'arc', tone: 'live' },
  interrupted: { shape: 'half', tone: 'warn' },
  completed: { shape: 'tick', tone: 'ok' },
  pruned: { shape: 'struck', tone: 'idle' },
  failed: { shape: 'octagon', tone: 'danger' },
};
export const SWEEP_MARKS: Readonly<Record<SweepStatus, Mark>> = {
  running: { shape: 'arc', tone: 'live' },
  paused: { shape: 'bars', tone: 'idle' },
  interrupted: { shape: 'half', tone: 'warn' },
  completed: { shape: 'tick', tone: 'ok' },
  stopped: { shape: 'ring', tone: 'idle' },
  failed: { shape: 'octagon', tone: 'danger' },
};

/** What a cell of the progress bar stands for. */
export type CellState = 'done' | 'pruned' | 'failed' | 'running' | 'waiting';
const CELLS: Readonly<Record<TrialStatus, CellState>> = {
  queued: 'running',
  running: 'running',
  interrupted: 'running',
  completed: 'done',
  pruned: 'pruned',
  failed: 'failed',
};
/** More trials than this are drawn as stretches, not one by one. */
const MOST_CELLS = 120;

export interface ProgressCell {
  readonly state: CellState;
  /** Trials it stands for. */
  readonly count: number;
}

/** One cell a trial in the order they began; of very many, one stretch a state. */
export function progressCells(trials: readonly TrialRow[], total: number): ProgressCell[] {
  const waiting = Math.max(0, total - trials.length);
  if (Math.max(total, trials.length) <= MOST_CELLS) {
    const begun = trials.map((row): ProgressCell => ({ state: CELLS[row.status], count: 1 }));
    return [...begun, ...Array.from({ length: waiting }, (): ProgressCell => ({ state: 'waiting', count: 1 }))];
  }
  const states: readonly CellState[] = ['done', 'pruned', 'failed', 'running'];
  const stretches = states.map((state): ProgressCell => ({
    state,
    count: trials.filter((row) => CELLS[row.status] === state).length,
  }));
  return [...stretches, { state: 'waiting' as const, count: waiting }].filter((cell) => cell.count > 0);
}
