/**
 * The loop that train worker and command line share: types only. A session owns no thread, no timer and no clock:
 * its host calls `advance` again and again and does its own work (messages, disk) in between.
 */

import type { Clock } from '../math/clock.ts';
import type { HealthChunk } from '../spec/health.ts';
import type { CheckpointReason } from '../spec/checkpoint-reason.ts';
import type { HistogramFrame } from '../spec/histogram.ts';
import type { RunId } from '../spec/ids.ts';
import type { MetricChunk } from '../spec/metric.ts';
import type { RunSpec } from '../spec/run-spec.ts';
import type { PreparedData } from '../data/dataset.ts';
import type { BestEpoch, Divergence, EpochResult, Score, StepResult, Trainer } from './trainer-types.ts';

/** What the host wants, polled once a step; a word in shared memory, say. Both methods must not allocate. */
export interface SessionControl {
  read(): 'run' | 'pause' | 'stop';
  /** True once for every single step asked for while paused; the question uses the request up. */
  takeSingleStep(): boolean;
  /** The session waits when this many epochs are finished, until the number is raised; 0 or left out: it does not wait. */
  epochLimit?(): number;
}

/** How a run ended. */
export interface FinishedResult {
  readonly status: 'completed' | 'stopped' | 'diverged';
  /** Steps and epochs finished over the whole run, earlier sessions included. */
  readonly steps: number;
  readonly epochs: number;
  /** Training time over the whole run, pauses left out, milliseconds. */
  readonly elapsedMs: number;
  /** Figures of the last finished epoch; null when no epoch was finished. */
  readonly train: Score | null;
  readonly validation: Score | null;
  readonly bestEpoch: BestEpoch | null;
  /** Which weights the test split was scored with, and which an export should write. */
  readonly evaluated: 'best' | 'last';
  /** null without a test split, when the session was told not to read it, and for a diverged run. */
  readonly test: Score | null;
  /** True when the stop policy, not the length of the run, ended it. */
  readonly earlyStopped: boolean;
  readonly divergence: Divergence | null;
}

/**
 * What a session tells, in this order: the chunks that hold a step always come before the checkpoint taken after
 * it, and `finished` comes last. Arrays belong to the receiver: they may be transferred to another thread.
 */
export type SessionEvent =
  | { readonly type: 'chunk'; readonly chunk: MetricChunk }
  /** Right after the metric chunks of the same steps. */
  | { readonly type: 'health'; readonly chunk: HealthChunk }
  | { readonly type: 'histograms'; readonly step: number; readonly frames: readonly HistogramFrame[] }
  | {
      readonly type: 'epoch';
      readonly result: EpochResult;
      /**
       * Rows trained a second, over all of this epoch's training time (validation, histograms and checkpoints too, pauses
       * left out); over at least the last 200 ms where the epoch was shorter.
       */
      readonly samplesPerSecond: number;
      readonly elapsedMs: number;
    }
  | {
      readonly type: 'checkpoint';
      readonly reason: CheckpointReason;
      readonly step: number;
      readonly epoch: number;
      readonly elapsedMs: number;
      /** True when the best epoch so far is the last one finished, so a reader may keep this one. */
      readonly best: boolean;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'paused'; readonly step: number }
  | { readonly type: 'resumed'; readonly step: number }
  | { readonly type: 'finished'; readonly result: FinishedResult };

export interface SessionSink {
  event(event: SessionEvent): void;
  /** Called after every step with the trainer's own, reused result: copy what you keep. Must not call the session. */
  step?(result: StepResult): void;
  /** False while chunks pile up on the other side: the session then lets them grow, it never drops a point. Default true. */
  ready?(): boolean;
}

export interface SessionOptions {
  readonly runId: RunId;
  readonly spec: RunSpec;
  readonly data: PreparedData;
  /** Made from the same spec and data. */
  readonly trainer: Trainer;
  readonly clock: Clock;
  readonly control: SessionControl;
  readonly sink: SessionSink;
  /** Training time of earlier sessions of this run, from its last checkpoint. @default 0 */
  readonly elapsedMs?: number;
  /** Whether the run's end scores the test split; `never` keeps it sealed. @default 'always' */
  readonly scoreTest?: 'always' | 'when-completed' | 'never';
  /** True for a fork: its first state is saved before its first step, as that of a new run. @default false */
  readonly forked?: boolean;
}

/**
 * `running`: the deadline came first. `waiting`: the epoch limit is reached. `paused` and `finished` stay until the
 * control word changes, or for good.
 */
export type SessionState = 'running' | 'waiting' | 'paused' | 'finished';

export interface Session {
  readonly state: SessionState;
  /** Training time of the whole run so far, pauses left out, milliseconds. */
  readonly elapsedMs: number;
  readonly result: FinishedResult | null;
  /**
   * Runs steps until the clock reaches `untilMs`, the control word asks for a pause or a stop, or the run ends. At
   * least one step is made when the control says run and the epoch limit allows it. The first call of a new run emits the `start` checkpoint and
   * the step-0 histograms.
   */
  advance(untilMs: number): SessionState;
  /** For a host that must leave (a signal, the app quitting): emits what is recorded and a `suspend` checkpoint. The run stays unfinished. */
  suspend(): void;
}
