/** A confusion matrix as the panel shows it: tints, shares, and the pairs most often confused. No Vue here. */

import type { ClassificationReport } from '../../../electron/contract/evaluation.ts';

/** What is known of who was taken for whom. */
export type ConfusionCounts = Pick<ClassificationReport, 'classes' | 'confusion'>;

/** Up to this many classes are drawn as a matrix; above, the most confused pairs are listed. */
export const MATRIX_CLASSES = 26;

/** How a cell looks: the diagonal in ink, one mistake in a light tint, several in a strong one, none empty. */
export type CellTone = 'none' | 'right' | 'few' | 'many';

export interface ConfusionCellModel {
  readonly truth: number;
  readonly predicted: number;
  readonly count: number;
  /** Share of the row, 0 to 1. */
  readonly share: number;
  /** Share of the column, 0 to 1. */
  readonly columnShare: number;
  readonly tone: CellTone;
}

/** Rows are true classes, columns predicted ones. */
export function confusionRows(evaluation: ConfusionCounts): ConfusionCellModel[][] {
  const n = evaluation.classes.length;
  const columns = Array.from({ length: n }, (_, predicted) => {
    let total = 0;
    for (let truth = 0; truth < n; truth++) total += evaluation.confusion[truth * n + predicted] ?? 0;
    return total;
  });
  return Array.from({ length: n }, (_, truth) => {
    const row = Array.from({ length: n }, (__, predicted) => evaluation.confusion[truth * n + predicted] ?? 0);
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total;
      const columnShare = count === 0 ? 0 : count / (columns[predicted] ?? 1);
      return { truth, predicted, count, share, columnShare, tone: toneOf(count, share, truth === predicted) };
    });
  });
}

/** A mistake is marked strongly from 2 on, and only if it is at least a twentieth of its row. */
function toneOf(count: number, share: number, right: boolean): CellTone {
  if (count === 0) return 'none';
  if (right) return 'right';
  return count > 1 && share >= 0.05 ? 'many' : 'few';
}

export function rightCount(evaluation: ConfusionCounts): number {
  const n = evaluation.classes.length;
  let right = 0;
  for (let i = 0; i < n; i++) right += evaluation.confusion[i * n + i] ?? 0;
  return right;
}

/** Mistakes only, the most frequent first. */
export function confusedPairs(evaluation: ConfusionCounts, most: number): ConfusionCellModel[] {
  return confusionRows(evaluation)
    .flat()
    .filter((cell) => cell.truth !== cell.predicted && cell.count > 0)
    .sort((a, b) => b.count - a.count)
    .slice(0, most);
}

/**
 * Names as a matrix writes them. Classes without a name of their own ("class 3", "class_3" at index 3) are their
 * number, which would stand there twice otherwise.
 */
export function matrixNames(classes: readonly string[]): readonly string[] {
  const unnamed = classes.every((name, i) => name.toLowerCase().replace('_', ' ') === `class ${i}`);
  return unnamed ? classes.map((_, i) => String(i)) : classes;
}

/** True when names are short enough to stand above a column: digits, letters, A1. */
export function shortNames(classes: readonly string[]): boolean {
  return classes.every((name) => [...name].length <= 2);
}
