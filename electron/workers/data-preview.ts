/** A look at a data set for the form: a few rows of each class, counts, ranges. */

import type { DataSet } from '../../engine/data/dataset.ts';
import { sizeOf } from '../../engine/spec/shapes.ts';
import type { DataPreview } from '../contract/data.ts';
import type { LoadedData } from './data-source.ts';

const PICTURES_PER_CLASS = 8;
const MAX_PICTURES = 200;
/** Rows of flat sets: enough for a scatter plot of the small ones. */
const MAX_FLAT_ROWS = 400;
const MAX_FLAT_VALUES = 100_000;
const MAX_RANGES = 64;

/** Samples and ranges are of the rows the set trains with; of its own test split only the class counts know. */
export function previewDataSet({ dataset, title, licence }: LoadedData): DataPreview {
  const rowSize = sizeOf(dataset.shape.input);
  const ranges = featureRanges(dataset, rowSize);
  const rows = sampleRows(dataset, rowSize);
  return {
    title,
    rows: dataset.rows,
    shape: dataset.shape,
    outputNames: dataset.outputNames,
    featureNames: dataset.featureNames,
    header: dataset.header ?? null,
    licence,
    testRows: dataset.rows - dataset.testFrom,
    classCounts: dataset.labels === null ? null : classCounts(dataset.labels, dataset.shape.outputs),
    samples: scaledRows(dataset, rows, rowSize, ranges),
    sampleLabels: Int32Array.from(dataset.labels === null ? [] : rows.map((row) => dataset.labels?.[row] ?? -1)),
    sampleTargets: sampleTargets(dataset, rows),
    featureRanges: ranges.slice(0, MAX_RANGES),
  };
}

/** Pictures: the first few of each class, class by class. Flat rows: evenly spaced over the set. */
function sampleRows(set: DataSet, rowSize: number): number[] {
  if (set.labels === null || set.shape.input.length === 1) {
    const most = Math.max(1, Math.min(MAX_FLAT_ROWS, Math.floor(MAX_FLAT_VALUES / rowSize)));
    const count = Math.min(set.testFrom, most);
    return Array.from({ length: count }, (_, i) => Math.floor((i * set.testFrom) / count));
  }
  const perClass = Math.max(1, Math.min(PICTURES_PER_CLASS, Math.floor(MAX_PICTURES / set.shape.outputs)));
  const found = Array.from({ length: Math.min(set.shape.outputs, MAX_PICTURES) }, (): number[] => []);
  let missing = found.length * perClass;
  for (let row = 0; row < set.testFrom && missing > 0; row++) {
    const ofClass = found[set.labels[row] ?? -1];
    if (ofClass === undefined || ofClass.length === perClass) continue;
    ofClass.push(row);
    missing--;
  }
  return found.flat();
}

function classCounts(labels: Int32Array, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  return counts;
}

/** Smallest and largest value of each feature. */
function featureRanges(set: DataSet, rowSize: number): [number, number][] {
  const min = new Float64Array(rowSize).fill(Infinity);
  const max = new Float64Array(rowSize).fill(-Infinity);
  for (let row = 0, at = 0; row < set.testFrom; row++) {
    for (let j = 0; j < rowSize; j++, at++) {
      const value = set.x[at] ?? 0;
      if (value < (min[j] ?? 0)) min[j] = value;
      if (value > (max[j] ?? 0)) max[j] = value;
    }
  }
  return Array.from(min, (low, j) => [low, max[j] ?? low]);
}

/** To 0..1: by the largest value the source names, pictures by the range of all pixels, flat rows feature by feature. */
function scaledRows(
  set: DataSet,
  rows: readonly number[],
  rowSize: number,
  ranges: readonly (readonly [number, number])[],
): Float32Array {
  const samples = new Float32Array(rows.length * rowSize);
  const whole = ranges.reduce(([a, b], [low, high]) => [Math.min(a, low), Math.max(b, high)], [Infinity, -Infinity]);
  const together = set.shape.input.length === 3 || set.x instanceof Uint8Array;
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < rowSize; j++) {
      const [low, high] = set.maximum !== null ? [0, set.maximum] : ((together ? whole : ranges[j]) ?? [0, 1]);
      const value = (set.x[row * rowSize + j] ?? 0) - low;
      samples[i * rowSize + j] = high > low ? value / (high - low) : 0;
    }
  }
  return samples;
}

function sampleTargets(set: DataSet, rows: readonly number[]): Float32Array {
  const { targets } = set;
  if (targets === null) return new Float32Array(0);
  const { outputs } = set.shape;
  return Float32Array.from(rows.flatMap((row) => [...targets.subarray(row * outputs, (row + 1) * outputs)]));
}
