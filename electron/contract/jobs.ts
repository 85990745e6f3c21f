/** Words between the main process (or the command line) and a train worker. */

import type { HistogramFrame } from '../../engine/spec/histogram.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import type { MetricChunk } from '../../engine/spec/metric.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { Evaluation } from './evaluation.ts';
import type { StudioError } from './outcome.ts';

/** Int32 words in the SharedArrayBuffer a job is controlled by, polled once a step. */
export const CONTROL = {
  /** 0 run, 1 pause, 2 stop. */
  command: 0,
  /** Single steps still to do while paused. */
  singleSteps: 1,
  /** Chunks posted and not yet taken; above a limit the recorder accumulates. */
  chunksInFlight: 2,
  /** Written by the worker: steps done. */
  step: 3,
  words: 4,
} as const;
export const COMMAND = { run: 0, pause: 1, stop: 2 } as const;

export interface TrainJob {
  readonly runId: RunId;
  readonly spec: RunSpec;
  /** CONTROL.words Int32 words. */
  readonly control: SharedArrayBuffer;
  /** Absolute; relative paths of the spec are resolved against it. */
  readonly baseFolder: string;
  readonly datasetsFolder: string;
  readonly kernels: string;
  /** Bytes of the checkpoint to go on from, or null to begin. */
  readonly resumeFrom: Uint8Array | null;
  /** Training time before the resume, milliseconds. */
  readonly elapsedMs: number;
}

export interface RunStarted {
  readonly kernels: string;
  readonly parameters: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  readonly task: 'classification' | 'regression';
  readonly inputShape: readonly number[];
  readonly outputNames: readonly string[];
  readonly splitSizes: { readonly train: number; readonly validation: number; readonly test: number };
  readonly dataSha256: string;
  /** Best epoch so far, known after a resume; null at the start. Figures are NaN where they do not apply. */
  readonly best: { readonly epoch: number; readonly loss: number; readonly accuracy: number } | null;
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
  readonly message: string | null;
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
      readonly step: number;
      readonly elapsedMs: number;
    }
  | { readonly type: 'histograms'; readonly frames: readonly HistogramFrame[] }
  | { readonly type: 'epoch'; readonly report: EpochReport }
  | {
      readonly type: 'checkpoint';
      readonly step: number;
      readonly epoch: number;
      readonly elapsedMs: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'paused'; readonly step: number; readonly elapsedMs: number }
  | { readonly type: 'resumed' }
  | { readonly type: 'answer'; readonly request: number; readonly value: Evaluation }
  | { readonly type: 'failed-request'; readonly request: number; readonly error: StudioError }
  | { readonly type: 'finished'; readonly finished: RunFinished }
  | { readonly type: 'failed'; readonly error: StudioError };

/** To the worker, besides the control words. */
export type JobRequest = { readonly type: 'evaluate'; readonly request: number; readonly split: 'validation' | 'test' };
