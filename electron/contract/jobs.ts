/** Words between the main process (or the command line) and a train worker. */

import type { HealthChunk } from '../../engine/spec/health.ts';
import type { CheckpointReason } from '../../engine/spec/checkpoint-reason.ts';
import type { HistogramFrame } from '../../engine/spec/histogram.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { LoggedLosses, LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { Message } from '../../engine/spec/message.ts';
import type { MetricChunk } from '../../engine/spec/metric.ts';
import type { ModelCard } from '../../engine/spec/model-card.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { StudioError } from './outcome.ts';
import type { Fingerprints, SystemInfo } from './runs.ts';

/** Int32 words in the SharedArrayBuffer a job is controlled by, polled once a step. */
export const CONTROL = {
  /** A word of COMMAND. */
  command: 0,
  /** Single steps still to do while paused. */
  singleSteps: 1,
  /** Chunks posted and not yet taken; above a limit the recorder accumulates. */
  chunksInFlight: 2,
  /** Written by the worker: steps done. */
  step: 3,
  /** The run waits at the end of this epoch until the word is raised; 0: it does not wait. */
  epochLimit: 4,
  /** Written by the worker: counts up with every look at these words, so that a worker that hangs is noticed. */
  beats: 5,
  words: 6,
} as const;
/** `suspend`: save a checkpoint and leave the run as it is, for a process that must end. */
export const COMMAND = { run: 0, pause: 1, stop: 2, suspend: 3 } as const;

/** Int32 words a report is watched and given up by. `done` and `total` count rows, each once for its score and once for its prediction. */
export const REPORT = { cancelled: 0, done: 1, total: 2, words: 3 } as const;

/** Where a worker finds files. */
export interface JobFolders {
  /** Absolute; relative paths of the spec are resolved against it. */
  readonly baseFolder: string;
  /** The sets on board. */
  readonly datasetsFolder: string;
  /** Left out: the spec's own paths are this machine's. */
  readonly delivered?: DeliveredFiles;
}

/** What came with a job from another machine, in place of the files its spec names. */
export interface DeliveredFiles {
  /** What the data must be; a set on board of another version is refused. */
  readonly dataSha256: string;
  /** Absolute path of a packed data set; null for sets on board. */
  readonly data: string | null;
  readonly initialWeights: string | null;
}

export interface TrainJob extends JobFolders {
  readonly runId: RunId;
  readonly spec: RunSpec;
  /** CONTROL.words Int32 words. */
  readonly control: SharedArrayBuffer;
  /** A name of KERNEL_NAMES, `native`, or `auto` for the fastest that load. */
  readonly kernels: string;
  /** Bytes of the checkpoint to go on from, or null to begin. */
  readonly resumeFrom: Uint8Array | null;
  /** Another run's state to begin from. @default null */
  readonly forkFrom?: ForkStart | null;
  /** Losses logged after the checkpoint the run resumes from, or after the one it replays from. @default null */
  readonly logged?: LoggedLosses | null;
  /** An earlier checkpoint: its steps are trained again and compared before the run goes on from the last. @default null */
  readonly replayFrom?: Uint8Array | null;
  /** Training time before the resume, milliseconds. */
  readonly elapsedMs: number;
  /** First value of CONTROL.epochLimit. @default 0 */
  readonly epochLimit?: number;
  /** Whether the run's end scores the test split; `never` keeps it sealed. @default 'always' */
  readonly scoreTest?: 'always' | 'when-completed' | 'never';
}

export interface ForkStart {
  readonly checkpoint: Uint8Array;
  /** The spec that led to it. */
  readonly spec: RunSpec;
}

export interface RunStarted {
  /** Name, one of KERNEL_NAMES. */
  readonly kernels: string;
  /** For people: "native AVX-512, clang 19.1.7". */
  readonly kernelsDescription: string;
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly task: 'classification' | 'regression';
  readonly inputShape: readonly number[];
  readonly outputNames: readonly string[];
  readonly splitSizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly dataSha256: string;
  /** What its weights files say about the network; kept with the run, so that an export needs no data. */
  readonly card: ModelCard;
  /** null after a resume: they were told when the run began. */
  readonly fingerprints: Fingerprints | null;
  readonly system: SystemInfo;
  /** Best epoch so far, known after a resume; null at the start. Figures are NaN where they do not apply. */
  readonly best: {
    readonly epoch: number;
    readonly step: number;
    readonly loss: number;
    readonly accuracy: number;
  } | null;
}

export interface EpochReport {
  readonly epoch: number;
  readonly step: number;
  readonly trainLoss: number;
  /** NaN for regression. */
  readonly trainAccuracy: number;
  /** NaN without a validation split. */
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  readonly samplesPerSecond: number;
  readonly best: boolean;
  readonly elapsedMs: number;
}

export interface RunFinished {
  readonly status: 'completed' | 'stopped' | 'diverged' | 'failed';
  readonly message: Message | null;
  readonly steps: number;
  readonly epochs: number;
  readonly elapsedMs: number;
  readonly trainAccuracy: number | null;
  readonly validationAccuracy: number | null;
  readonly bestEpoch: number | null;
  readonly testLoss: number | null;
  readonly testAccuracy: number | null;
  readonly weightsSha256: string | null;
}

/** From the worker. Arrays are transferred. */
export type JobMessage =
  | { readonly type: 'started'; readonly started: RunStarted }
  | {
      readonly type: 'chunks';
      readonly chunks: readonly MetricChunk[];
      /** Null when none was measured meanwhile. */
      readonly health: HealthChunk | null;
      /** Epochs that ended meanwhile. */
      readonly epochs: readonly EpochReport[];
      readonly step: number;
      readonly elapsedMs: number;
    }
  | { readonly type: 'histograms'; readonly frames: readonly HistogramFrame[] }
  | {
      readonly type: 'checkpoint';
      readonly step: number;
      readonly epoch: number;
      readonly elapsedMs: number;
      /** True when the best epoch so far is the last one finished. */
      readonly best: boolean;
      readonly reason: CheckpointReason;
      readonly bytes: Uint8Array;
    }
  /** All logged losses have been compared. */
  | { readonly type: 'verified'; readonly comparison: LossComparison }
  | { readonly type: 'paused'; readonly step: number; readonly elapsedMs: number }
  | { readonly type: 'resumed' }
  | { readonly type: 'finished'; readonly finished: RunFinished }
  /** Saved and left unfinished, as asked. */
  | { readonly type: 'suspended'; readonly step: number; readonly elapsedMs: number }
  | { readonly type: 'failed'; readonly error: StudioError };
