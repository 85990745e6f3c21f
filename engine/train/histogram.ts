/** Counting a tensor's values in fixed bins. */

import type { FloatArray } from '../math/tensor.ts';

export interface HistogramCounts {
  readonly counts: Uint32Array;
  readonly below: number;
  readonly above: number;
  readonly nonFinite: number;
  /** Over the finite values; 0 when there is none. */
  readonly mean: number;
  readonly std: number;
}

/** Bins of a tensor of `size` values: more would be empty in a small one. */
export function binCount(size: number): number {
  return size < 500 ? 48 : 96;
}

/** `bins` + 1 equally spaced edges from low to high. */
export function linearEdges(low: number, high: number, bins: number): Float32Array {
  return Float32Array.from({ length: bins + 1 }, (_, i) => low + ((high - low) * i) / bins);
}

/**
 * Counts the first `count` values. The edges rise in equal steps; bin i is [edges[i], edges[i + 1]), the last one
 * includes its upper edge.
 */
export function countValues(values: FloatArray, count: number, edges: Float32Array): HistogramCounts {
  const bins = edges.length - 1;
  const low = edges[0]!;
  const high = edges[bins]!;
  const perUnit = bins / (high - low);
  const counts = new Uint32Array(bins);
  let below = 0;
  let above = 0;
  let nonFinite = 0;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (!Number.isFinite(value)) {
      nonFinite++;
      continue;
    }
    sum += value;
    if (value < low) below++;
    else if (value > high) above++;
    else {
      // The division may land one bin off at an edge; the stored float32 edges decide.
      let bin = Math.min(bins - 1, Math.floor((value - low) * perUnit));
      if (value < edges[bin]!) bin--;
      else if (bin < bins - 1 && value >= edges[bin + 1]!) bin++;
      counts[bin]!++;
    }
  }
  const finite = count - nonFinite;
  const mean = finite === 0 ? 0 : sum / finite;
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (Number.isFinite(value)) squares += (value - mean) ** 2;
  }
  const std = finite === 0 ? 0 : Math.sqrt(squares / finite);
  return { counts, below, above, nonFinite, mean, std };
}

/** The largest magnitude among the first `count` values, non-finite ones left out. */
export function largestMagnitude(values: FloatArray, count: number): number {
  let largest = 0;
  for (let i = 0; i < count; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > largest && magnitude < Infinity) largest = magnitude;
  }
  return largest;
}
