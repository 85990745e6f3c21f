/** Class labels as files hold them: whole numbers counted from 0. */

import { say, type Message } from '../spec/message.ts';
import { DataError, type DataSet } from './dataset.ts';

/** Labels of this size and above are refused; no network here has more outputs. */
export const MAX_CLASSES = 100_000;

/** Values as labels. Throws at the first that is not a whole number from 0, naming its row. */
export function wholeLabels(values: ArrayLike<number>, name: string): Int32Array {
  const labels = new Int32Array(values.length);
  for (let row = 0; row < labels.length; row++) {
    const value = values[row] ?? NaN;
    if (!Number.isInteger(value) || value < 0 || value >= MAX_CLASSES) {
      throw new DataError(
        say`${name}, row ${row}: expected a class, a whole number from 0 to ${MAX_CLASSES - 1}, got ${value}`,
      );
    }
    labels[row] = value;
  }
  return labels;
}

/** One more than the largest label. */
export function countClasses(labels: Int32Array): number {
  return labels.reduce((max, label) => Math.max(max, label), 0) + 1;
}

/** Throws at the first label outside 0..classes − 1. `whose` says where the number of classes is from. */
export function checkClasses(labels: Int32Array, classes: number, name: string, whose: Message): void {
  const row = labels.findIndex((label) => label < 0 || label >= classes);
  if (row < 0) return;
  throw new DataError(
    say`${name}, row ${row}: expected a class from 0 to ${classes - 1} (${whose}), got ${labels[row]}`,
  );
}

/**
 * For labels that are to be learned. Throws a DataError when more than half of the classes have no training row, which is a
 * stray label or numbers that are no classes, not a rare class that happens to be missing.
 */
export function checkGaps({ labels, shape, testFrom }: DataSet, name: string): void {
  if (labels === null) return;
  const train = labels.subarray(0, testFrom);
  const present = [...new Set(train)].sort((a, b) => a - b);
  if (2 * present.length >= shape.outputs) return;
  // Behind the widest gap is the label that does not belong.
  let before = -1;
  let after = present[0] ?? 0;
  for (const [i, label] of present.entries()) {
    const last = present[i - 1] ?? -1;
    if (label - last <= after - before) continue;
    before = last;
    after = label;
  }
  const missing = after - before === 2 ? String(before + 1) : `${before + 1}…${after - 1}`;
  throw new DataError(
    say`${name}: row ${train.indexOf(after)} has label ${after}, and no row has ${missing}; labels must be 0…k−1 without a gap`,
  );
}
