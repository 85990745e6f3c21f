/** What the sweeps service offers to the window's IPC and the command line, and what it needs to train. Types only. */

import type { Message } from '../../../engine/spec/message.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import type { RunSpec, SpecIssue } from '../../../engine/spec/run-spec.ts';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import type { EpochReport } from '../../contract/jobs.ts';
import type { StudioError } from '../../contract/outcome.ts';
import type { PackedRows } from '../../contract/packed-rows.ts';
import type { StoreRequests } from '../../contract/store-requests.ts';
import type { StartedSweep, TrialCurves } from '../../contract/sweep-requests.ts';
import type {
  PackedSweepDetail,
  SweepDetail,
  SweepSummary,
  TrialReport,
  TrialRow,
  TrialSpan,
} from '../../contract/sweeps.ts';

/** What a listener hears, keyed by event. Everything told is committed already. */
export interface SweepEvents {
  /** A row of the sweeps table is new or changed. */
  summary: SweepSummary;
  /** Rows of a leaderboard that are new or changed. */
  trials: readonly TrialRow[];
  /** What a running trial has reached, before it is committed. */
  report: TrialReport;
  /** The sweep has nothing left to do: completed, stopped or failed. */
  ended: SweepSummary;
  /** A sweep is gone for good. */
  purged: SweepId;
  /** Something a person should read. `disk_full`: the sweep waits until `retrySave` works. */
  problem: { readonly id: SweepId; readonly error: StudioError };
}

export interface StartSweepOptions {
  /** Folder relative paths of the base spec are read from. */
  readonly baseFolder: string;
  /** Folder tried next, where the spec file lies. @default none */
  readonly specFolder?: string;
  /** Kernels by name, or `auto`. @default 'auto' */
  readonly kernels?: string;
  /** Trials at once. */
  readonly workers: number;
}

/** What can be said about a sweep spec without its data. */
export interface SweepCheck {
  /** What must be put right first; empty for a spec that can be started as far as it alone shows. */
  readonly issues: readonly SpecIssue[];
  /** What a person should know before starting: the size of a large grid, combinations that will repeat. */
  readonly warnings: readonly SpecIssue[];
  /** With every default filled in; null while there are issues. */
  readonly spec: SweepSpec | null;
  /** Cells of the grid, for a grid whose space is right; null for other samplers. */
  readonly cells: number | null;
}

/**
 * Everything the window and the command line do with sweeps. Orders resolve once what follows from them is committed;
 * methods reject with a StudioFailure.
 */
export interface SweepsService {
  /** Checks the spec (any JSON value) and its base on its data, and begins. Field errors come as `issues`. */
  start(spec: unknown, options: StartSweepOptions): Promise<StartedSweep>;
  /** What `start` checks without reading data. Never rejects for what is wrong with the spec. */
  check(spec: unknown): SweepCheck;
  /**
   * Goes on with a sweep that is interrupted or paused, its trials from their checkpoints, or with the rest of one that
   * was stopped: the trials it ended stay pruned until they are retried.
   */
  resume(id: SweepId, workers?: number): Promise<void>;
  /** `pause` keeps running trials in memory; `stop` ends them where they are. */
  control(id: SweepId, action: 'pause' | 'stop'): Promise<void>;
  /** `retry` lets a pruned or failed trial go on to its end, past the pruner; it wakes a sweep that was over. */
  controlTrial(id: SweepId, trial: number, action: 'stop' | 'retry'): Promise<void>;
  /** Adds a trial by hand, tried next; parameters left out are drawn at random. Wakes a sweep that was over. */
  enqueue(id: SweepId, params: TrialParams): Promise<void>;
  /** The waiting suggestions in a new order: indices into the queue as it was seen. Left-out ones are dropped. */
  reorderQueue(id: SweepId, seen: readonly TrialParams[], order: readonly number[]): Promise<void>;
  /** What a round of narrow that has not begun will search. */
  editRanges(id: SweepId, round: number, space: Readonly<Record<string, unknown>>): Promise<void>;
  setWorkers(id: SweepId, count: number): Promise<void>;

  list(query: { readonly trash: boolean }): Promise<SweepSummary[]>;
  get(id: SweepId): Promise<SweepDetail>;
  /** The same as it comes from the store, for a window. */
  getPacked(id: SweepId): Promise<PackedSweepDetail>;
  readCurves(query: TrialCurvesQuery): Promise<TrialCurves>;
  readTimeline(id: SweepId): Promise<PackedRows<TrialSpan>>;
  rename(id: SweepId, name: string): Promise<SweepSummary>;
  /** Retrains a completed trial, null the best one, with all rows and opens the test split once. Gives the new run. */
  promote(id: SweepId, trial: number | null): Promise<RunId>;
  /** To the trash. Live sweeps are refused. */
  remove(ids: readonly SweepId[]): Promise<void>;
  restore(ids: readonly SweepId[]): Promise<void>;
  /** Deletes for good, with all runs. */
  purge(ids: readonly SweepId[]): Promise<{ readonly freedBytes: number }>;

  /** Returns the function that ends the subscription. */
  on<E extends keyof SweepEvents>(event: E, listener: (value: SweepEvents[E]) => void): () => void;
  /** After a full disk: tries to save what waits. */
  retrySave(): Promise<void>;
  /** False while a sweep waits for the store, for a full disk say. */
  saved(): boolean;
  /** A person has opened the test split of a run, and it has been counted. */
  testOpened(run: RunId): Promise<void>;
  /** Sweeps that have trials running or to come. */
  running(): number;
  /** First half of closing: nothing starts any more. The runs are then ended by the runs service. */
  prepareShutdown(how: 'suspend' | 'stop'): Promise<void>;
  /** Second half, after the runs have ended and before the store closes: everything is committed. */
  settle(): Promise<void>;
}

export type TrialCurvesQuery = StoreRequests['sweep:curves']['args'];

/** A run of a trial to be trained, anew or from where it was left. */
export interface TrialJob {
  readonly sweep: SweepId;
  readonly trial: number;
  readonly repeat: number;
  readonly spec: RunSpec;
  readonly kernels: string;
  /** The run to go on with, when there is one already. */
  readonly known: KnownRun | null;
  /** The run waits after this epoch until it is allowed more; null: it does not wait. */
  readonly until: number | null;
}

export interface KnownRun {
  readonly id: RunId;
  /** False for one that has to begin anew. */
  readonly resumable: boolean;
}

export interface TrialEnding {
  readonly how: 'completed' | 'stopped' | 'diverged' | 'failed' | 'lost' | 'suspended';
  readonly message: Message;
  readonly resumable: boolean;
}

export interface TrialListener {
  /** A worker has it; from now on it can be paused. */
  started(): void;
  epoch(report: EpochReport): void;
  /** Nothing more will come. */
  ended(ending: TrialEnding): void;
}

/** A trial's run on its worker. Orders to one that has just ended are ignored: `ended` says so anyway. */
export interface TrialHandle {
  readonly run: RunId;
  allow(until: number | null): void;
  stop(): void;
  pause(): void;
  resume(): void;
}

/**
 * What carries out a sweep's decisions. LocalTrials makes every trial a run of the runs service, wherever that has its
 * runs trained (TrainHost: threads, or workers on other machines that read a queue). A sweep never has more jobs there
 * than its workers.
 */
export interface TrialRunner {
  /** Resolves once the run is known to the store. Rejects with a StudioFailure when it cannot begin. */
  begin(job: TrialJob, listener: TrialListener): Promise<TrialHandle>;
}
