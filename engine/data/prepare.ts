/** From a data set to what the trainer takes: split, then normalised by the training rows. */

import type { DataSpec } from '../spec/run-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { DataSet, PreparedData } from './dataset.ts';
import { fitNormalization } from './normalize.ts';
import { splitRows } from './split.ts';

/** Splits and normalises as the run spec asks. The values themselves are not copied. Throws a DataError for an empty split. */
export function prepareData(set: DataSet, spec: DataSpec): PreparedData {
  const rows = splitRows(set, spec);
  return {
    shape: set.shape,
    rowSize: sizeOf(set.shape.input),
    x: set.x,
    ...fitNormalization(set, rows.train, spec.normalize),
    labels: set.labels,
    targets: set.targets,
    ...(set.targetsNote === undefined ? {} : { targetsNote: set.targetsNote }),
    ...rows,
    outputNames: set.outputNames,
    featureNames: set.featureNames,
  };
}
