import type { FloatArray } from '../math/tensor.ts';

/**
 * The 0-1 loss as a metric, book section 4.2.5 on why it is not one to train by: 1 for a row classified wrong, else 0.
 * Its mean over rows is 1 − accuracy. The class is the largest output (the first of equals); with one output it is
 * 1 above the threshold, else 0.
 * outputs (rows, columns), labels (rows); returns the number of rows classified right.
 */
export function countRight(
  outputs: FloatArray,
  labels: Int32Array,
  rows: number,
  columns: number,
  threshold: number,
): number {
  let right = 0;
  for (let row = 0; row < rows; row++) {
    if (classOf(outputs, row, columns, threshold) === labels[row]) right++;
  }
  return right;
}

export function classOf(outputs: FloatArray, row: number, columns: number, threshold: number): number {
  const start = row * columns;
  if (columns === 1) return outputs[start]! > threshold ? 1 : 0;
  let best = 0;
  for (let k = 1; k < columns; k++) if (outputs[start + k]! > outputs[start + best]!) best = k;
  return best;
}
