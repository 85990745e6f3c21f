/** Precision, recall and F1 from a confusion matrix, with the averages and conventions of scikit-learn's report. */

import type { AverageScores, ClassScores, ConfidenceHistogram } from '../spec/scores.ts';

/** @param confusion counts[truth·classes + predicted] */
export function classScores(confusion: Uint32Array, classes: number): ClassScores {
  const support = new Uint32Array(classes);
  const taken = new Uint32Array(classes);
  for (let truth = 0; truth < classes; truth++) {
    for (let predicted = 0; predicted < classes; predicted++) {
      const count = confusion[truth * classes + predicted]!;
      support[truth]! += count;
      taken[predicted]! += count;
    }
  }
  const right = (i: number): number => confusion[i * classes + i]!;
  const precision = Float64Array.from(taken, (n, i) => right(i) / n);
  const recall = Float64Array.from(support, (n, i) => right(i) / n);
  const f1 = Float64Array.from(support, (n, i) => (2 * right(i)) / (n + taken[i]!));
  const occurs = Float64Array.from(support, (n, i) => (n + taken[i]! > 0 ? 1 : 0));
  const average = (weights: ArrayLike<number>): AverageScores => ({
    precision: weightedMean(precision, weights),
    recall: weightedMean(recall, weights),
    f1: weightedMean(f1, weights),
  });
  return { support, taken, precision, recall, f1, macro: average(occurs), weighted: average(support) };
}

/** NaN counts as 0; NaN when all weights are 0. */
function weightedMean(values: Float64Array, weights: ArrayLike<number>): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    sum += weights[i]! * (Number.isNaN(value) ? 0 : value);
    total += weights[i]!;
  }
  return sum / total;
}

/**
 * Counts confidences in equal bins. Probabilities have bins from 0 to 1, other scores from 0 to the largest one.
 *
 * @param right 1 where the row was classified right
 */
export function confidenceHistogram(
  confidence: Float32Array,
  right: Uint8Array,
  probabilities: boolean,
  bins: number,
): ConfidenceHistogram {
  let low = 0;
  let high = 1;
  if (!probabilities) {
    const finite = confidence.filter((value) => Number.isFinite(value));
    low = finite.reduce((least, value) => Math.min(least, value), 0);
    high = finite.reduce((most, value) => Math.max(most, value), low);
    if (high === low) high = low + 1;
  }
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
  const counts = [new Uint32Array(bins), new Uint32Array(bins)] as const;
  for (let row = 0; row < confidence.length; row++) {
    const value = confidence[row]!;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, Math.floor(((value - low) / (high - low)) * bins)));
    counts[right[row] === 1 ? 0 : 1][bin]!++;
  }
  return { edges, right: counts[0], wrong: counts[1] };
}
