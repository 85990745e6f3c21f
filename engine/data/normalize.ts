/** Normalisation as one scale and shift a feature, applied while rows are gathered: value·scale + shift. */

import type { DataSpec } from '../spec/run-spec.ts';
import { sizeOf } from '../spec/shapes.ts';
import type { DataSet } from './dataset.ts';

/** Both are null for values as they are. */
export interface Normalization {
  readonly scale: Float32Array | null;
  readonly shift: Float32Array | null;
}

/**
 * `unit` maps to 0..1: by the largest value the source names, else by the range of the training rows.
 * `standardize` takes the training rows to mean 0 and standard deviation 1 (of the population). Neither looks at
 * another split. Flat rows are fitted feature by feature, pictures channel by channel, flat bytes (flattened
 * pictures) all together. A feature that never changes becomes 0.
 */
export function fitNormalization(set: DataSet, train: Int32Array, how: DataSpec['normalize']): Normalization {
  if (how === 'none') return { scale: null, shift: null };
  const rowSize = sizeOf(set.shape.input);
  const scale = new Float32Array(rowSize);
  const shift = new Float32Array(rowSize);
  if (how === 'unit' && set.maximum !== null) return { scale: scale.fill(1 / set.maximum), shift };
  const width = groupWidth(set);
  const fits = how === 'unit' ? fitRanges(set, train, width) : fitMoments(set, train, width);
  for (const [group, [a, b]] of fits.entries()) {
    scale.fill(a, group * width, (group + 1) * width);
    shift.fill(b, group * width, (group + 1) * width);
  }
  return { scale, shift };
}

/** How many neighbouring features share one fit. */
function groupWidth(set: DataSet): number {
  const { input } = set.shape;
  if (input.length === 3) return sizeOf(input.slice(1));
  return set.x instanceof Uint8Array ? sizeOf(input) : 1;
}

type Fit = readonly [scale: number, shift: number];
const CONSTANT: Fit = [0, 0];

function fitRanges(set: DataSet, train: Int32Array, width: number): Fit[] {
  const groups = sizeOf(set.shape.input) / width;
  const min = new Float64Array(groups).fill(Infinity);
  const max = new Float64Array(groups).fill(-Infinity);
  forEachGroup(set, train, width, (group, from, to) => {
    for (let i = from; i < to; i++) {
      const value = set.x[i] ?? 0;
      if (value < (min[group] ?? 0)) min[group] = value;
      if (value > (max[group] ?? 0)) max[group] = value;
    }
  });
  return Array.from(min, (low, group) => {
    const range = (max[group] ?? 0) - low;
    return range > 0 ? [1 / range, -low / range] : CONSTANT;
  });
}

/** Two passes in float64: the mean first, then the squares around it. */
function fitMoments(set: DataSet, train: Int32Array, width: number): Fit[] {
  const groups = sizeOf(set.shape.input) / width;
  const count = train.length * width;
  const means = new Float64Array(groups);
  forEachGroup(set, train, width, (group, from, to) => {
    let sum = 0;
    for (let i = from; i < to; i++) sum += set.x[i] ?? 0;
    means[group] = (means[group] ?? 0) + sum / count;
  });
  const variances = new Float64Array(groups);
  forEachGroup(set, train, width, (group, from, to) => {
    const mean = means[group] ?? 0;
    let sum = 0;
    for (let i = from; i < to; i++) sum += ((set.x[i] ?? 0) - mean) ** 2;
    variances[group] = (variances[group] ?? 0) + sum / count;
  });
  return Array.from(means, (mean, group) => {
    const deviation = Math.sqrt(variances[group] ?? 0);
    // A constant feature can show a deviation of rounding error alone.
    return deviation > 1e-10 * Math.abs(mean) ? [1 / deviation, -mean / deviation] : CONSTANT;
  });
}

/** Row by row, as the values lie in memory. `from` and `to` bound the group's values in `set.x`. */
function forEachGroup(
  set: DataSet,
  rows: Int32Array,
  width: number,
  visit: (group: number, from: number, to: number) => void,
): void {
  const rowSize = sizeOf(set.shape.input);
  for (const row of rows) {
    const start = row * rowSize;
    for (let group = 0, at = start; at < start + rowSize; group++, at += width) visit(group, at, at + width);
  }
}
