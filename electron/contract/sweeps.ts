/** Sweeps as the studio shows them: rows of their table, the leaderboard, what changes live. */

import { z } from 'zod';
import { RUN_ID_PATTERN, type RunId, type SweepId } from '../../engine/spec/ids.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { SearchSpace, TrialParams } from '../../engine/spec/search-space.ts';
import type { Objective, SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { SweepStatus, TrialReason, TrialStatus } from '../../engine/spec/sweep-status.ts';
import { unpackRows, type PackedRows } from './packed-rows.ts';

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
  /** How often its test split has been opened: each promotion's score, and each look at a promoted run's test split. */
  readonly testOpenings: number;
}

/**
 * One row of the leaderboard: what does not change with every epoch. Curves come from `sweep:curves` for the rows that
 * are looked at, what a running trial has reached from the feed (`FeedFrame.reports`, `FeedFrame.progress` of its run).
 */
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
  /** Trained so far, all repeats together. */
  readonly epochs: number;
  /** Of the repeats that have begun. */
  readonly epochsPlanned: number;
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
}

/** The objective after an epoch of a running trial. After a resume an epoch may come again, with the same value. */
export interface TrialReport {
  readonly sweep: SweepId;
  readonly trial: number;
  /** Counted from 0. */
  readonly repeat: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** NaN where it could not be had. */
  readonly value: number;
}

/** A stretch of time a worker trained a trial without a break. */
export interface TrialSpan {
  readonly trial: number;
  /** Counted from 0. */
  readonly repeat: number;
  /** A lane of the timeline: "1", "2" on this computer, a worker's name elsewhere. */
  readonly worker: string;
  /** UTC milliseconds. */
  readonly from: number;
  /** null while it goes on; when it was last heard of for one whose program was killed. */
  readonly to: number | null;
}

/** A trial retrained on train and validation rows and scored on the test split. */
export interface Promotion {
  readonly trial: number;
  readonly run: RunId;
  readonly status: RunStatus;
  readonly createdAt: number;
  /** null until its score is known, and where it does not apply. */
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
}

/** A sweep's page as it travels: ten thousand trials in a few columns. */
export type PackedSweepDetail = Omit<SweepDetail, 'trials'> & { readonly trials: PackedRows<TrialRow> };

export function unpackSweep(packed: PackedSweepDetail): SweepDetail {
  return { ...packed, trials: unpackRows(packed.trials) };
}

export interface SweepDetail {
  readonly summary: SweepSummary;
  readonly spec: SweepSpec;
  /** By number; those that have not begun are not there yet. */
  readonly trials: readonly TrialRow[];
  /** Newest first; a promoted run deleted for good is not among them, its opening still counts. */
  readonly promotions: readonly Promotion[];
  /** Suggestions by hand that have not been tried yet, the next one first. */
  readonly queue: readonly TrialParams[];
  /** What each round of narrow searches, as far as it is known; empty for other samplers. */
  readonly rounds: readonly SearchSpace[];
}
