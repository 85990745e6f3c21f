/** What is measured while a run trains, and the columns it travels in. */

import type { RunId } from './ids.ts';

/** `batch`: the one mini-batch of a step. `train`: running mean over an epoch's batches. */
export const SPLITS = ['batch', 'train', 'validation', 'test'] as const;
export type Split = (typeof SPLITS)[number];

export interface MetricDef {
  readonly id: string;
  /** Which way is better; `none` for figures that are only watched. */
  readonly direction: 'minimize' | 'maximize' | 'none';
  readonly unit: 'none' | 'fraction' | 'per-second';
}

/** Every metric a run can log. The id is the identity: labels are the renderer's business. */
export const METRICS = {
  loss: { id: 'loss', direction: 'minimize', unit: 'none' },
  accuracy: { id: 'accuracy', direction: 'maximize', unit: 'fraction' },
  'learning-rate': { id: 'learning-rate', direction: 'none', unit: 'none' },
  'samples-per-second': { id: 'samples-per-second', direction: 'none', unit: 'per-second' },
} as const satisfies Record<string, MetricDef>;
export type MetricId = keyof typeof METRICS;
export const METRIC_IDS = Object.keys(METRICS) as MetricId[];

/**
 * A stretch of one curve, in columns. `steps[i]` is the step whose value is `values[i]`; NaN and
 * infinities are ordinary values here (a chunk never passes through JSON). The arrays have equal length.
 */
export interface MetricChunk {
  readonly runId: RunId;
  readonly metric: MetricId;
  readonly split: Split;
  /** Number of steps finished when the value was taken: step 0's batch loss has 0, an epoch's figures the step count at its end. */
  readonly steps: Int32Array;
  readonly values: Float32Array;
  /** Training time (pauses left out) at the first and the last point, milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
}

/** A curve as the store gives it: whole, or reduced so that each bucket keeps its minimum and maximum. */
export interface Curve {
  readonly metric: MetricId;
  readonly split: Split;
  readonly steps: Int32Array;
  readonly values: Float32Array;
  /** Training time of each point, milliseconds. */
  readonly elapsedMs: Float32Array;
  /** Points the run logged; more than `steps.length` when the curve was reduced. */
  readonly total: number;
}
