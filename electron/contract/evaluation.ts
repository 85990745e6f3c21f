/** How a run's network does on a split, class by class and sample by sample. */

import type { RunId } from '../../engine/spec/ids.ts';

export interface Evaluation {
  readonly runId: RunId;
  readonly split: 'validation' | 'test';
  /** Weights it was computed with. */
  readonly weights: 'live' | 'best' | 'last';
  readonly step: number;
  readonly epoch: number;
  readonly rows: number;
  readonly loss: number;
  /** null for regression. */
  readonly accuracy: number | null;
  readonly classes: readonly string[];
  /** (true × predicted) counts, row-major; empty for regression. */
  readonly confusion: Uint32Array;
  /** Misclassified samples, surest first (at most 60); for regression the largest residuals. */
  readonly mistakes: EvaluationSamples;
  /** A fixed handful of samples of the split (at most 20), right or wrong. */
  readonly examples: EvaluationSamples;
}

export interface EvaluationSamples {
  /** Row numbers in the data set. */
  readonly rows: Int32Array;
  /** True class, or real target (first column). */
  readonly truth: Float32Array;
  /** Predicted class, or output (first column). */
  readonly predicted: Float32Array;
  /** Probability of the predicted class; residual for regression. */
  readonly confidence: Float32Array;
  /** (count × row size) inputs scaled to 0..1. */
  readonly inputs: Float32Array;
  readonly inputShape: readonly number[];
}
