/** What the runs service offers to the window's IPC, the live feed and the command line. Types only. */

import type { SavedFile } from '../../contract/invoke.ts';
import type { CheckedRun, JobTasks } from '../../contract/job-tasks.ts';
import type { EpochReport, RunFinished, RunStarted } from '../../contract/jobs.ts';
import type { StudioError } from '../../contract/outcome.ts';
import type { PackedRows } from '../../contract/packed-rows.ts';
import type {
  PromotionReference,
  RunDetail,
  RunEquality,
  RunMarks,
  RunProgress,
  RunSummary,
  SettingValues,
  TrialReference,
} from '../../contract/runs.ts';
import type { StepRange } from '../../contract/store-requests.ts';
import type { LiveTaskName } from '../hosts/train-host-types.ts';
import type { BeginAt } from './beginnings.ts';
import type { HealthChunk, HealthSamples } from '../../../engine/spec/health.ts';
import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import type { LossComparison } from '../../../engine/spec/loss-comparison.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import type { Curve, MetricChunk, MetricId, Split } from '../../../engine/spec/metric.ts';

/** What a listener hears, keyed by event. Arrays are shared between listeners: read, never write or transfer them. */
export interface RunEvents {
  /** A row is new or changed: status, name, figures, trash. */
  summary: RunSummary;
  /** A run is gone for good. */
  purged: RunId;
  /** Where a live run stands; at most ten a second for each run. */
  progress: RunProgress;
  /** New points, before they are committed (`RunProgress.savedStep` says what is). */
  chunks: readonly MetricChunk[];
  health: HealthChunk;
  histograms: readonly HistogramFrame[];
  started: { readonly id: RunId; readonly started: RunStarted };
  epoch: { readonly id: RunId; readonly report: EpochReport };
  /** A run that went on has trained the logged steps again, and what came of it is committed. */
  verified: { readonly summary: RunSummary; readonly comparison: LossComparison };
  /** The run left its worker: `finished` is null when the worker died or the run was suspended. */
  ended: { readonly summary: RunSummary; readonly finished: RunFinished | null };
  /** False while metrics wait for the store (a full disk, say), true again once everything is committed. */
  saved: boolean;
  /** Something a person should read; the run goes on, paused or ended as its row says. */
  problem: { readonly id: RunId | null; readonly error: StudioError };
}

export type RunAction = 'pause' | 'resume' | 'stop' | 'step';

export interface StartOptions {
  /** Folder relative paths of the spec are read from. */
  readonly baseFolder: string;
  /** Folder tried next, where the spec file lies. @default none */
  readonly specFolder?: string;
  /** Kernels by name, or `auto` for the fastest that load. @default the service's */
  readonly kernels?: string;
  /** Another run it begins at. Data, kernels and engine are then that run's. @default none */
  readonly from?: BeginAt | undefined;
  /** With `from`: go on although data, kernels or engine have changed since. @default false */
  readonly inexact?: boolean | undefined;
  /** Makes it a trial's run. @default none */
  readonly trial?: TrialReference;
  /** Makes it the retraining of a trial: its test split is scored only when it gets to its end. @default none */
  readonly promotedFrom?: PromotionReference;
  /** The run waits after this epoch until `allowEpochs`; null: it does not wait. @default null */
  readonly epochLimit?: number | null;
}

export interface ContinueOptions {
  /** @default those it began with: only they reproduce the run */
  readonly kernels?: string | undefined;
  readonly epochLimit?: number | null;
  /** Go on although data, kernels or engine have changed, and say so ever after. @default false */
  readonly inexact?: boolean | undefined;
  /** Said by the sweep a trial's run belongs to: nobody else may go on with it. @default false */
  readonly bySweep?: boolean;
}

/** Whose weights: the best epoch's or the last ones, or the last ones of the checkpoint at a step. Left out: what the spec says. */
export interface WeightsAt {
  readonly weights?: 'best' | 'last' | undefined;
  readonly step?: number | undefined;
}

export interface ExportRequest extends WeightsAt {
  readonly id: RunId;
  /** Absolute path; the format is its extension. */
  readonly path: string;
}

export interface RunsLoad {
  readonly running: number;
  readonly queued: number;
  readonly workers: number;
  readonly saved: boolean;
}

/**
 * Orchestration of runs: everything the window and the command line do with them. No SQL, no maths. Methods reject
 * with a StudioFailure.
 */
export interface RunsService {
  /** Checks the spec (any JSON value) and its data, adds the row and queues the job. Field errors come as `issues`. */
  start(spec: unknown, options: StartOptions): Promise<RunId>;
  /** What `start` checks first, for whoever wants to know before. Gives the spec with its file paths absolute. */
  check(spec: unknown, options: StartOptions): Promise<{ readonly spec: RunSpec; readonly checked: CheckedRun }>;
  control(id: RunId, action: RunAction): Promise<void>;
  /**
   * Goes on from the last checkpoint; what was logged after it is dropped first, so no step comes twice, and compared
   * when it is trained again. Rejects with `not_exact` when that cannot give the same numbers.
   */
  continueRun(id: RunId, options?: ContinueOptions): Promise<void>;
  /** How many epochs a live run may finish before it waits; null: all. */
  allowEpochs(id: RunId, limit: number | null): void;

  list(query: { readonly trash: boolean }): Promise<RunSummary[]>;
  /** The same for a window, which they reach sooner in this form. */
  listPacked(query: { readonly trash: boolean }): Promise<PackedRows<RunSummary>>;
  get(id: RunId): Promise<RunDetail>;
  rename(id: RunId, name: string): Promise<RunSummary>;
  /** Stars, tags, notes, archive. */
  mark(ids: readonly RunId[], marks: RunMarks): Promise<RunSummary[]>;
  /** To the trash. Live runs are refused. */
  remove(ids: readonly RunId[]): Promise<void>;
  restore(ids: readonly RunId[]): Promise<void>;
  /** Deletes for good, from the trash or not. */
  purge(ids: readonly RunId[]): Promise<{ readonly freedBytes: number }>;

  /** Keeps a checkpoint for good, or lets it go with the others again. */
  keepCheckpoint(id: RunId, step: number, kept: boolean): Promise<RunDetail>;
  /** Whether two runs are the same, number for number. */
  equality(id: RunId, other: RunId): Promise<RunEquality>;
  readCurve(query: CurveQuery): Promise<Curve>;
  readHealth(query: HealthQuery): Promise<HealthSamples>;
  readHistograms(query: HistogramQuery): Promise<HistogramFrame[]>;
  /** One setting of every run, by its dotted path in the spec. */
  settingValues(path: string): Promise<SettingValues>;
  /** Asks the worker that trains the run; null when none does. */
  askLive<T extends LiveTaskName>(id: RunId, task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']> | null;
  /** Of a live run the weights as they are between two steps, of any other those of its last checkpoint. */
  exportWeights(request: ExportRequest): Promise<SavedFile>;

  /** Live runs, for a feed that starts in the middle. */
  progress(): RunProgress[];
  load(): RunsLoad;
  /** Returns the function that ends the subscription. */
  on<E extends keyof RunEvents>(event: E, listener: (value: RunEvents[E]) => void): () => void;
  /** After a full disk: tries to save what waits; runs go on when it works, else this rejects with the reason. */
  retrySave(): Promise<void>;
  /** How many workers train at once from now on. */
  setWorkers(count: number): void;
  /** Ends every live run (`suspend`: checkpoint now, resumable; `stop`: as if stopped by hand), commits and resolves. */
  shutdown(how: 'suspend' | 'stop'): Promise<void>;
}

export interface CurveQuery {
  readonly id: RunId;
  readonly metric: MetricId;
  readonly split: Split;
  readonly maxPoints: number | null;
  /** Left out: all points. */
  readonly steps?: StepRange | undefined;
}

export interface HealthQuery {
  readonly id: RunId;
  readonly maxSamples: number | null;
}

export interface HistogramQuery {
  readonly id: RunId;
  readonly kind: HistogramKind;
  readonly maxSteps: number | null;
}
