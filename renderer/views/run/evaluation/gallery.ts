/** Which rows of a report are looked at, and in which order. No Vue here. */

import type { ClassificationReport, RegressionReport } from '../../../../electron/contract/evaluation.ts';

/** A cell of the confusion matrix, or all mistakes of a row or column of it. */
export interface CellFilter {
  readonly truth: number | null;
  readonly predicted: number | null;
}

export type GalleryOrder = 'surest' | 'unsurest';

/** Positions in the report. Without a filter all mistakes; a cell of the diagonal gives what was right. */
export function galleryPositions(
  { truth, predicted, confidence }: ClassificationReport,
  filter: CellFilter | null,
  order: GalleryOrder,
): number[] {
  const cell = filter !== null && filter.truth !== null && filter.predicted !== null;
  const found: number[] = [];
  for (let i = 0; i < truth.length; i++) {
    if (filter !== null && filter.truth !== null && truth[i] !== filter.truth) continue;
    if (filter !== null && filter.predicted !== null && predicted[i] !== filter.predicted) continue;
    if (!cell && truth[i] === predicted[i]) continue;
    found.push(i);
  }
  const sign = order === 'surest' ? 1 : -1;
  return found.sort((a, b) => sign * ((confidence[b] ?? 0) - (confidence[a] ?? 0)) || a - b);
}

/** target − output of a row's output. */
export function residualAt({ targets, predictions, outputs }: RegressionReport, row: number, output: number): number {
  const at = row * outputs.length + output;
  return (targets[at] ?? Number.NaN) - (predictions[at] ?? Number.NaN);
}

/** Positions in the report, the largest residual first; one that is not finite before all others. */
export function worstPositions(report: RegressionReport, output: number): number[] {
  const sizes = Float64Array.from(report.sampleRows, (_, row) => {
    const size = Math.abs(residualAt(report, row, output));
    return Number.isNaN(size) ? Infinity : size;
  });
  const difference = (a: number, b: number): number => {
    const [first = 0, second = 0] = [sizes[a], sizes[b]];
    return first === second ? a - b : second - first;
  };
  return Array.from(sizes.keys()).sort(difference);
}
