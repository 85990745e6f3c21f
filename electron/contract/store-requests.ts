/** What can be asked of the store worker: one table, request → arguments and result. Both ends compile against it. */

import type { HealthChunk, HealthSamples } from '../../engine/spec/health.ts';
import type { CheckpointReason } from '../../engine/spec/checkpoint-reason.ts';
import type { HistogramFrame, HistogramKind } from '../../engine/spec/histogram.ts';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import type { LoggedLosses, LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { Curve, MetricChunk, MetricId, Split } from '../../engine/spec/metric.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Message } from '../../engine/spec/message.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { ModelCard } from '../../engine/spec/model-card.ts';
import type { CheckedRun } from './job-tasks.ts';
import type { EpochReport, RunFinished, RunStarted } from './jobs.ts';
import type { StudioError } from './outcome.ts';
import type { NewSweep, SavedSweep, StoredSweep, SweepAppend, SweepContents } from './sweep-store.ts';
import type { TrialCurves } from './sweep-requests.ts';
import type { SweepSummary, TrialSpan } from './sweeps.ts';
import type { Comparison, ComparisonChange, ComparisonId } from './comparisons.ts';
import type { PackedRows } from './packed-rows.ts';
import type {
  CheckpointInfo,
  ClockMark,
  PromotionReference,
  ResumeChange,
  RunDetail,
  RunEquality,
  RunMarks,
  RunOrigin,
  RunSummary,
  SettingValues,
  TrialReference,
} from './runs.ts';

/** Who opens the database, for the message a second process gets. */
export type StoreProgram = 'the app' | 'the command line';

export interface OpenStore {
  /** Absolute path of the database file; its folder is made when missing. */
  readonly path: string;
  readonly program: StoreProgram;
  /** True when this process had it open before and lost its worker: live runs are its own, not leftovers. @default false */
  readonly again?: boolean;
}

/** What became of a database that was found damaged when it was opened. */
export interface Recovery {
  /** Where the damaged file lies now, its log beside it. */
  readonly keptAs: string;
  /** `nothing`: neither could anything be read nor was there a sound backup; the database is new. */
  readonly source: 'salvage' | 'backup' | 'nothing';
  /** When the backup was made, UTC milliseconds; else null. */
  readonly madeAt: number | null;
  /** Runs that are there again. */
  readonly runs: number;
  /** Curves and checkpoints of these runs that could not be read whole. */
  readonly lostCurves: number;
  readonly lostCheckpoints: number;
}

export interface OpenedStore {
  readonly path: string;
  readonly schemaVersion: number;
  /** Copy made before an older database was migrated, else null. */
  readonly backupPath: string | null;
  /** Runs an earlier process left running, now marked interrupted. */
  readonly interrupted: readonly RunId[];
  /** null for a database that was sound. */
  readonly recovery: Recovery | null;
}

/** A run before its first step. The spec is complete and its file paths absolute. */
export interface NewRun extends CheckedRun {
  readonly id: RunId;
  readonly spec: RunSpec;
  readonly createdAt: number;
  readonly appVersion: string;
  readonly trial?: TrialReference;
  readonly promotedFrom?: PromotionReference;
  /** A fork gets what the other run logged up to the step; its checkpoint there is kept from now on. */
  readonly origin?: Omit<RunOrigin, 'number'>;
}

export interface NewCheckpoint {
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  /** True when the best epoch so far is the last one finished. */
  readonly best: boolean;
  readonly reason: CheckpointReason;
  readonly savedAt: number;
  readonly bytes: Uint8Array;
}

/**
 * Everything a run has to write at one moment: one transaction. Doing it twice is the same as doing it once, so
 * it can be repeated after an error that left open whether it was committed.
 */
export interface RunAppend {
  readonly id: RunId;
  readonly status?: RunStatus;
  readonly message?: Message | null;
  readonly step?: number;
  readonly elapsedMs?: number;
  readonly started?: { readonly at: number; readonly report: RunStarted };
  readonly chunks?: readonly MetricChunk[];
  readonly health?: readonly HealthChunk[];
  readonly clock?: ClockMark;
  readonly histograms?: readonly HistogramFrame[];
  readonly epochs?: readonly EpochReport[];
  /** Of a trial's run, in order. */
  readonly spans?: readonly SpanChange[];
  /** Rising in step. */
  readonly checkpoints?: readonly NewCheckpoint[];
  /** Of the run's last resume. */
  readonly verified?: LossComparison;
  readonly ended?: { readonly at: number; readonly report: RunFinished | null };
}

/** A worker begins to train (its name), or lets go of the run (null). */
export interface SpanChange {
  readonly at: number;
  readonly worker: string | null;
}

export interface ResumePoint {
  readonly summary: RunSummary;
  readonly spec: RunSpec;
  readonly step: number;
  readonly epoch: number;
  readonly elapsedMs: number;
  /** null for a run that never got as far as its first checkpoint: it begins again. */
  readonly bytes: Uint8Array | null;
  /** Kernels the run started with, by name; resuming with others is not exact. */
  readonly kernels: string | null;
  /** `Kernels.description` of those, which names the compiler of native ones. */
  readonly kernelsDescription: string | null;
  /** null for a run that never started. */
  readonly dataSha256: string | null;
  /** ENGINE_VERSION it began with; null when that was not noted. */
  readonly engine: number | null;
  /** null for a run that never started. */
  readonly card: ModelCard | null;
}

/** A run taken back to its last checkpoint. */
export interface RewoundRun extends ResumePoint {
  /** What was logged after the checkpoint in `replayFrom`, else after the last; null when there is nothing to compare. */
  readonly logged: LoggedLosses | null;
  /** Where to train from to see the logged losses again; null: from the last checkpoint on. */
  readonly replayFrom: Uint8Array | null;
}

/** How a run goes on. */
export interface Resume {
  readonly id: RunId;
  readonly at: number;
  readonly kernels: string;
  readonly appVersion: string;
  readonly changes: readonly ResumeChange[];
}

/** Both ends included. */
export interface StepRange {
  readonly from: number;
  readonly to: number;
}

export interface DatabaseInfo {
  readonly path: string;
  readonly schemaVersion: number;
  readonly sqliteVersion: string;
  /** Database and write-ahead log together. */
  readonly sizeBytes: number;
}

export interface StoreRequests {
  open: { args: OpenStore; result: OpenedStore };
  'run:create': { args: NewRun; result: RunSummary };
  'run:append': { args: RunAppend; result: RunSummary };
  'run:list': { args: { readonly trash: boolean }; result: PackedRows<RunSummary> };
  'run:get': { args: { readonly id: RunId }; result: RunDetail };
  'run:rename': { args: { readonly id: RunId; readonly name: string }; result: RunSummary };
  'run:trash': { args: { readonly ids: readonly RunId[]; readonly at: number }; result: RunSummary[] };
  'run:restore': { args: { readonly ids: readonly RunId[] }; result: RunSummary[] };
  'run:purge': { args: { readonly ids: readonly RunId[] }; result: { readonly freedBytes: number } };
  'run:mark': {
    args: { readonly ids: readonly RunId[]; readonly marks: RunMarks; readonly at: number };
    result: RunSummary[];
  };
  'comparison:list': { args: null; result: Comparison[] };
  'comparison:get': { args: { readonly id: ComparisonId }; result: Comparison };
  'comparison:create': { args: Comparison; result: Comparison };
  /** Makes a deleted one again, with the runs that still are there. */
  'comparison:restore': { args: Comparison; result: Comparison };
  'comparison:change': { args: { readonly id: ComparisonId; readonly change: ComparisonChange }; result: Comparison };
  'comparison:delete': { args: { readonly id: ComparisonId }; result: null };
  /**
   * Drops what was logged after the last checkpoint, but for the losses, which stay until they were compared; marks
   * the run queued and returns what to go on from.
   */
  'run:rewind': { args: Resume; result: RewoundRun };
  /** Whether two runs logged the same and have the same weights. */
  'run:equality': { args: { readonly id: RunId; readonly other: RunId }; result: RunEquality };
  /** A checkpoint, without touching anything: the last one, or the one of a step. */
  'checkpoint:read': { args: { readonly id: RunId; readonly step?: number | undefined }; result: ResumePoint };
  /** Those that are kept, oldest first. */
  'checkpoint:list': { args: { readonly id: RunId }; result: CheckpointInfo[] };
  /** Keeps a checkpoint for good, or lets it go with the others again. */
  'checkpoint:keep': { args: { readonly id: RunId; readonly step: number; readonly kept: boolean }; result: RunDetail };
  /** Counts a look at the run's test split; returns how many there were. */
  'test:open': { args: { readonly id: RunId; readonly at: number; readonly step: number }; result: number };
  'test:openings': { args: { readonly id: RunId }; result: number };
  /** One setting of every run that has it, by its dotted path in the spec. */
  'setting-values:read': { args: { readonly path: string }; result: SettingValues };
  'curve:read': {
    args: {
      readonly id: RunId;
      readonly metric: MetricId;
      readonly split: Split;
      readonly maxPoints: number | null;
      readonly steps?: StepRange | undefined;
    };
    result: Curve;
  };
  'health:read': { args: { readonly id: RunId; readonly maxSamples: number | null }; result: HealthSamples };
  'histogram:read': {
    args: { readonly id: RunId; readonly kind: HistogramKind; readonly maxSteps: number | null };
    result: HistogramFrame[];
  };
  'sweep:create': { args: NewSweep; result: SweepSummary };
  'sweep:append': { args: SweepAppend; result: SavedSweep };
  'sweep:list': { args: { readonly trash: boolean }; result: SweepSummary[] };
  'sweep:summary': { args: { readonly id: SweepId }; result: SweepSummary };
  'sweep:get': { args: { readonly id: SweepId }; result: SweepContents };
  /** The objective of many trials; see `sweep:curves` of the window's requests. */
  'sweep:curves': {
    args: { readonly id: SweepId; readonly trials: readonly number[] | null; readonly maxPoints: number };
    result: TrialCurves;
  };
  'sweep:timeline': { args: { readonly id: SweepId }; result: PackedRows<TrialSpan> };
  'sweep:rename': { args: { readonly id: SweepId; readonly name: string }; result: SweepSummary };
  /** Everything it takes to go on with it. */
  'sweep:load': { args: { readonly id: SweepId }; result: StoredSweep };
  'sweep:trash': { args: { readonly ids: readonly SweepId[]; readonly at: number }; result: SweepSummary[] };
  'sweep:restore': { args: { readonly ids: readonly SweepId[] }; result: SweepSummary[] };
  /** With all its runs. */
  'sweep:purge': { args: { readonly ids: readonly SweepId[] }; result: { readonly freedBytes: number } };
  /** A small JSON value by key, null when it was never set. */
  'database:info': { args: null; result: DatabaseInfo };
  /** Moves the write-ahead log into the database and empties it. */
  'database:tidy': { args: null; result: null };
  /** Tidies, closes and gives the lock back. Nothing can be asked afterwards. */
  close: { args: null; result: null };
}
export type StoreRequestType = keyof StoreRequests;

export type StoreRequestMessage = {
  [T in StoreRequestType]: { readonly request: number; readonly type: T; readonly args: StoreRequests[T]['args'] };
}[StoreRequestType];

export type StoreResponseMessage =
  | { readonly request: number; readonly ok: true; readonly value: unknown }
  | { readonly request: number; readonly ok: false; readonly error: StudioError };
