/** Sweeps as the studio shows them: rows of their table, the leaderboard, what changes live. */

import { z } from 'zod';
import { RUN_ID_PATTERN, type RunId, type SweepId } from '../../engine/spec/ids.ts';
import type { SearchSpace, TrialParams } from '../../engine/spec/search-space.ts';
import type { Objective, SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { SweepStatus, TrialReason, TrialStatus } from '../../engine/spec/sweep-status.ts';

export const sweepIdSchema = z.custom<SweepId>((value) => typeof value === 'string' && RUN_ID_PATTERN.test(value), {
  error: 'expected a sweep id',
});

/** One row of the sweeps table. Times are UTC milliseconds, durations milliseconds. */
export interface SweepSummary {
  readonly id: SweepId;
  /** Counts up from 1; shown as "#3". */
  readonly number: number;
  readonly name: string;
  readonly status: SweepStatus;
  readonly objective: Objective;
  readonly sampler: SweepSpec['sampler']['type'];
  readonly pruner: SweepSpec['pruner']['type'];
  /** Paths of what varies. */
  readonly parameters: readonly string[];
  /** Trials in all; more than the spec says when suggestions came by hand. */
  readonly trials: number;
  /** Trials in each state; those not begun are in none. */
  readonly counts: Readonly<Record<TrialStatus, number>>;
  readonly best: { readonly trial: number; readonly params: TrialParams; readonly score: number } | null;
  /** Epochs trained so far by trials that have ended. */
  readonly epochs: number;
  readonly workers: number;
  /** Time spent searching, pauses left out. */
  readonly elapsedMs: number;
  readonly createdAt: number;
  readonly endedAt: number | null;
  /** When it went to the trash, else null. */
  readonly deletedAt: number | null;
}

/** One row of the leaderboard. The figures of its runs that do not change while they train. */
export interface TrialRow {
  readonly sweep: SweepId;
  /** Counts up from 0. */
  readonly number: number;
  readonly params: TrialParams;
  /** True for a suggestion made by hand. */
  readonly byHand: boolean;
  readonly status: TrialStatus;
  /** Mean of the repeats; of a pruned trial what it had reached; null without one. */
  readonly score: number | null;
  /** One a repeat that is done. */
  readonly scores: readonly number[];
  /** All repeats together. */
  readonly epochs: number;
  readonly reason: TrialReason | null;
  /** One a repeat that has begun; a run deleted for good leaves none. */
  readonly runs: readonly RunId[];
  /** Training time of all repeats. */
  readonly durationMs: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Rises with every trial of the sweep that ends; null while it has not. */
  readonly ended: number | null;
  /** Rows of the validation split, for the interval of a score; 0 before it has begun. */
  readonly validationRows: number;
  /** Validation losses of the first repeat, as in a run's summary. */
  readonly sparkline: Float32Array;
}

export interface SweepDetail {
  readonly summary: SweepSummary;
  readonly spec: SweepSpec;
  readonly trials: readonly TrialRow[];
  /** Suggestions by hand that have not been tried yet, the next one first. */
  readonly queue: readonly TrialParams[];
  /** What each round of narrow searches, as far as it is known; empty for other samplers. */
  readonly rounds: readonly SearchSpace[];
}
