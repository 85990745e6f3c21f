/** Samples of an evaluation one by one, as pictures or rows. No Vue here. */

import type { Evaluation, EvaluationSamples } from '../../../electron/contract/evaluation.ts';
import { formatNumber, formatPercent } from '../../text/format.ts';

export interface Sample {
  /** Row number in the data set. */
  readonly row: number;
  /** Class, or target. */
  readonly truth: number;
  readonly predicted: number;
  /** How sure the network was of the predicted class; residual for regression. */
  readonly confidence: number;
  /** Inputs scaled to 0..1: a view of the evaluation's array. */
  readonly inputs: Float32Array;
  /** Features of a flat row as the data have them, where they were read. */
  readonly values?: Float32Array;
}

export function samplesOf(list: EvaluationSamples): Sample[] {
  const size = list.inputShape.reduce((product, n) => product * n, 1);
  return Array.from(list.rows, (row, i) => ({
    row,
    truth: list.truth[i] ?? Number.NaN,
    predicted: list.predicted[i] ?? Number.NaN,
    confidence: list.confidence[i] ?? Number.NaN,
    inputs: list.inputs.subarray(i * size, (i + 1) * size),
  }));
}

/** "93%" of a probability, "2.41" of any other score. */
export function confidenceText(confidence: number, probabilities: boolean): string {
  return probabilities ? `${formatPercent(confidence, 0)}%` : formatNumber(confidence, 3);
}

/** True when a sample can be shown as a picture: (channels, height, width) with 1 or 3 channels. */
export function isPicture(shape: readonly number[]): boolean {
  const [channels, height = 0, width = 0] = shape;
  return shape.length === 3 && (channels === 1 || channels === 3) && height > 1 && width > 1;
}

/** Largest residual of a regression's samples, and the range of targets and outputs together. */
export function predictionRange(evaluation: Evaluation): { readonly low: number; readonly high: number } {
  let low = Infinity;
  let high = -Infinity;
  for (const list of [evaluation.mistakes, evaluation.examples]) {
    for (const values of [list.truth, list.predicted]) {
      for (const value of values) {
        if (!Number.isFinite(value)) continue;
        low = Math.min(low, value);
        high = Math.max(high, value);
      }
    }
  }
  return low <= high ? { low, high } : { low: 0, high: 1 };
}
