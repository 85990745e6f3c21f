/** The book's simpleNet, section 4.4.2: one matrix, softmax, cross-entropy. */

import { crossEntropyError, dot, softmax } from './functions.ts';
import { numericalGradient } from './numerical-differentiation.ts';

type Matrix = readonly (readonly number[])[];

/** The cross-entropy of softmax(x·W) against the one-hot t. */
export function simpleNetLoss(w: Matrix, x: readonly number[], t: readonly number[]): number {
  return crossEntropyError(softmax(dot(x, w)), t);
}

/** ∂loss/∂W by differences, of the shape of W. */
export function simpleNetGradient(w: Matrix, x: readonly number[], t: readonly number[]): number[][] {
  const columns = w[0]?.length ?? 0;
  const rowsOf = (flat: readonly number[]): number[][] => w.map((_, i) => flat.slice(i * columns, (i + 1) * columns));
  return rowsOf(numericalGradient((flat) => simpleNetLoss(rowsOf(flat), x, t), w.flat()));
}
