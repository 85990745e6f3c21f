/** From network outputs to classes: what was taken for what, and how surely. */

import { classOf } from '../losses/zero-one.ts';
import type { Prediction } from './trainer-types.ts';

export interface Classification {
  /** Class of each row: the largest output, the first of equals; with one output, its side of the threshold. */
  readonly predicted: Int32Array;
  /**
   * How sure that is: the probability where the outputs are probabilities, else the output of the class; with one
   * output its distance to the threshold.
   */
  readonly confidence: Float32Array;
}

export function classify({ outputs, columns, probabilities, threshold }: Prediction): Classification {
  const rows = outputs.length / columns;
  const predicted = new Int32Array(rows);
  const confidence = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = classOf(outputs, row, columns, threshold);
    predicted[row] = label;
    if (columns > 1) confidence[row] = outputs[row * columns + label]!;
    else if (probabilities) confidence[row] = label === 1 ? outputs[row]! : 1 - outputs[row]!;
    else confidence[row] = Math.abs(outputs[row]! - threshold);
  }
  return { predicted, confidence };
}

/** counts[actual·classes + predicted], (classes × classes). Throws a RangeError for a label outside the classes. */
export function confusionMatrix(labels: Int32Array, predicted: Int32Array, classes: number): Uint32Array {
  const counts = new Uint32Array(classes * classes);
  for (let row = 0; row < labels.length; row++) {
    const actual = labels[row]!;
    const taken = predicted[row]!;
    if (!(actual >= 0 && actual < classes && taken >= 0 && taken < classes)) {
      throw new RangeError(`row ${row}: expected classes from 0 to ${classes - 1}, got ${actual} taken for ${taken}`);
    }
    counts[actual * classes + taken]!++;
  }
  return counts;
}
