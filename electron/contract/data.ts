/** Data sets as the form and the data page show them. */

import type { DataShape } from '../../engine/spec/shapes.ts';
import type { BuiltInSource } from '../../engine/spec/run-spec.ts';

export interface DataSetInfo {
  readonly source: BuiltInSource;
  readonly title: string;
  readonly rows: number;
  readonly shape: DataShape;
  readonly outputNames: readonly string[];
  readonly licence: string;
  /** Where it is from, one line. */
  readonly origin: string;
  /** Rows of its own test split, 0 when it has none. */
  readonly testRows: number;
}

/** A look at a data set: a few rows of each class, counts, ranges. */
export interface DataPreview {
  readonly title: string;
  readonly rows: number;
  readonly shape: DataShape;
  readonly outputNames: readonly string[];
  readonly featureNames: readonly string[] | null;
  /** Of a CSV: whether its first line was read as names of the columns; null for others. */
  readonly header: boolean | null;
  readonly licence: string | null;
  readonly testRows: number;
  /** Rows per class, null for regression. */
  readonly classCounts: readonly number[] | null;
  /** Sample rows, (samples × row size), values scaled to 0..1 by the set's range. */
  readonly samples: Float32Array;
  /** Class of each sample; for regression empty. */
  readonly sampleLabels: Int32Array;
  /** Real targets of the samples (samples × outputs); for classification empty. */
  readonly sampleTargets: Float32Array;
  /** Smallest and largest value of each feature (at most 64 features). */
  readonly featureRanges: readonly (readonly [number, number])[];
}
