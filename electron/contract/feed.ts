/** The live feed of a window: at most five numbered frames a second. A gap in the numbers means: read again from the store. */

import type { HealthChunk } from '../../engine/spec/health.ts';
import type { HistogramFrame } from '../../engine/spec/histogram.ts';
import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { RunId, SweepId } from '../../engine/spec/ids.ts';
import type { Message } from '../../engine/spec/message.ts';
import type { MetricChunk } from '../../engine/spec/metric.ts';
import type { RunStatus } from '../../engine/spec/run-status.ts';
import type { SweepStatus } from '../../engine/spec/sweep-status.ts';
import type { StudioErrorCode } from './outcome.ts';
import type { RunProgress, RunSummary } from './runs.ts';
import type { SweepSummary, TrialReport, TrialRow } from './sweeps.ts';

export interface FeedFrame {
  /** Counts up by one from 1 for each subscription. */
  readonly seq: number;
  /** Rows that are new or changed (status, name, best accuracy, trash); of trials only those of watched sweeps and runs. */
  readonly runs: readonly RunSummary[];
  /** Runs that are gone for good. */
  readonly purged: readonly RunId[];
  readonly progress: readonly RunProgress[];
  /** New points of every live run. */
  readonly chunks: readonly MetricChunk[];
  /** New samples of the layers' health of watched runs. */
  readonly health: readonly HealthChunk[];
  /**
   * New histogram frames of watched runs (see FeedCommand). When more steps come than can be looked at, some are left
   * out (all tensors of a step together); the store has them all.
   */
  readonly histograms: readonly HistogramFrame[];
  /** Rows of the sweeps table that are new or changed. */
  readonly sweeps: readonly SweepSummary[];
  /** Sweeps that are gone for good. */
  readonly purgedSweeps: readonly SweepId[];
  /** Rows of leaderboards that are new or changed, of watched sweeps (`watch-sweeps`). */
  readonly trials: readonly TrialRow[];
  /** What running trials of watched sweeps have reached, in order. */
  readonly reports: readonly TrialReport[];
  readonly notices: readonly Notice[];
  /** How the process is doing, once a second. */
  readonly system: SystemLoad | null;
}

export interface SystemLoad {
  /** Share of all cores in use by the app, 0..1. */
  readonly cpu: number;
  readonly memoryBytes: number;
  readonly running: number;
  readonly queued: number;
  readonly workers: number;
  /** False while a run or a sweep waits for the store. */
  readonly saved: boolean;
}

/** Something that happened and is worth a toast, a wish from the menu, or a question only a person can answer. */
export type Notice =
  /** The window shows its question, says so at once with the command `close-asked`, and answers with `app:close`. */
  | {
      readonly kind: 'close-requested';
      /** Runs and trials that train or wait for a worker. */
      readonly running: number;
      /** Sweeps that run; they may have trials to come. */
      readonly sweeps: number;
    }
  /** A page was chosen in the native menu. */
  | { readonly kind: 'open-page'; readonly page: 'runs' | 'new-run' | 'data' | 'settings' }
  | { readonly kind: 'run-ended'; readonly id: RunId; readonly name: string; readonly status: RunStatus }
  /** A sweep has nothing left to do. What happens to its trials makes no notices. */
  | { readonly kind: 'sweep-ended'; readonly id: SweepId; readonly name: string; readonly status: SweepStatus }
  /** A run that went on has trained the logged steps again. */
  | { readonly kind: 'run-verified'; readonly id: RunId; readonly comparison: LossComparison }
  /** Something went wrong outside any request; `id` when it concerns one run. `disk_full` can be answered with `store:retry`. */
  | ({
      readonly kind: 'problem';
      readonly code: StudioErrorCode;
      readonly id: RunId | null;
      /** When it concerns one sweep. */
      readonly sweep?: SweepId;
    } & Message);

/** What a window tells the feed. */
export type FeedCommand =
  /** Chunks and histograms are sent for these runs only; progress and rows for all. */
  | { readonly type: 'watch'; readonly runs: readonly RunId[] }
  /** Trials and their reports are sent for these sweeps only; rows of the sweeps table for all. Replaces what was watched before. */
  | { readonly type: 'watch-sweeps'; readonly sweeps: readonly SweepId[] }
  /** The question of `close-requested` is on the screen; without this the main process asks with the system's dialog. */
  | { readonly type: 'close-asked' };

/** What the preload script puts on `window.studio`. */
export interface StudioBridge {
  invoke(channel: string, argument: unknown): Promise<unknown>;
  /** Opens the feed; frames arrive at the callback until the returned function is called. */
  openFeed(onFrame: (frame: FeedFrame) => void): {
    readonly send: (command: FeedCommand) => void;
    readonly close: () => void;
  };
}
