/** What the store keeps of a sweep, and what it takes to go on with one. */

import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import type { Message } from '../../engine/spec/message.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { SearchSpace, TrialParams } from '../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { SweepStatus, TrialReason, TrialStatus } from '../../engine/spec/sweep-status.ts';
import type { PackedRows } from './packed-rows.ts';
import type { Promotion, SweepSummary, TrialRow } from './sweeps.ts';

export interface NewSweep {
  readonly id: SweepId;
  /** Complete, file paths absolute. */
  readonly spec: SweepSpec;
  readonly progress: SweepProgress;
  readonly workers: number;
  /** Kernels asked for, by name. */
  readonly kernels: string;
  readonly createdAt: number;
  readonly appVersion: string;
}

/** What the spec and the trials do not say. */
export interface SweepProgress {
  readonly total: number;
  readonly queue: readonly TrialParams[];
  readonly roundsConfirmed: number;
  readonly timeUp: boolean;
  readonly edited: Readonly<Record<number, SearchSpace>>;
}

export interface StoredTrial {
  readonly number: number;
  readonly params: TrialParams;
  readonly place: number | null;
  readonly status: TrialStatus;
  readonly scores: readonly number[];
  readonly score: number | null;
  readonly epochs: number;
  readonly reason: TrialReason | null;
  readonly exempt: boolean;
  readonly losses: number;
  readonly ended: number | null;
}

/** One transaction. Doing it twice is the same as doing it once. */
export interface SweepAppend {
  readonly id: SweepId;
  readonly status: SweepStatus;
  readonly progress: SweepProgress;
  readonly workers: number;
  readonly elapsedMs: number;
  readonly endedAt: number | null;
  /** New or changed. */
  readonly trials: readonly StoredTrial[];
}

export interface SavedSweep {
  readonly summary: SweepSummary;
  /** The rows of the append's trials. */
  readonly trials: readonly TrialRow[];
}

/** A run of a trial, as it was left. */
export interface TrialRun {
  readonly trial: number;
  readonly repeat: number;
  readonly id: RunId;
  readonly status: RunStatus;
  readonly message: Message | null;
  readonly resumable: boolean;
}

/** What every run reported, in three arrays: run i of `StoredSweep.runs` the points from `offsets[i]` to `offsets[i + 1]`. */
export interface StoredReports {
  /** One more than there are runs. */
  readonly offsets: Int32Array;
  /** Ascending for each run, counted from 1. */
  readonly epochs: Int32Array;
  /** The sweep's objective; NaN where it could not be had. */
  readonly values: Float64Array;
}

export interface StoredSweep {
  readonly id: SweepId;
  readonly status: SweepStatus;
  readonly spec: SweepSpec;
  readonly progress: SweepProgress;
  readonly workers: number;
  readonly kernels: string;
  readonly elapsedMs: number;
  readonly endedAt: number | null;
  /** By number, without gaps. */
  readonly trials: readonly StoredTrial[];
  /** Of every trial, a repeat's newest run last. */
  readonly runs: readonly TrialRun[];
  readonly reports: StoredReports;
}

/** A sweep as the store reads it for a page. */
export interface SweepContents {
  readonly summary: SweepSummary;
  readonly spec: SweepSpec;
  readonly progress: SweepProgress;
  readonly trials: PackedRows<TrialRow>;
  readonly promotions: readonly Promotion[];
}
