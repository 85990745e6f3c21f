/** Fewer points of a curve without losing what a person looks for: spikes, ends, and values that are not finite. */

export interface CurveColumns {
  readonly steps: Int32Array<ArrayBuffer>;
  readonly values: Float32Array<ArrayBuffer>;
  readonly elapsedMs: Float32Array<ArrayBuffer>;
}

/**
 * At most `maxPoints` points: buckets of equally many points, each giving its smallest and largest finite value and
 * its first value that is not finite, in the order of their steps; the first and the last point are always kept.
 */
export function reduceCurve(curve: CurveColumns, maxPoints: number): CurveColumns {
  return curve.values.length <= maxPoints ? curve : pick(curve, thinPositions(curve.values, maxPoints));
}

/** The positions `reduceCurve` keeps, ascending: all of a curve that is short enough. */
export function thinPositions(values: Float32Array | Float64Array, maxPoints: number): readonly number[] {
  const n = values.length;
  if (n <= maxPoints) return [...values.keys()];
  const perBucket = values.every(Number.isFinite) ? 2 : 3;
  const buckets = Math.max(1, Math.floor((maxPoints - 2) / perBucket));
  const kept: number[] = [0];
  for (let b = 0; b < buckets; b++) {
    const from = 1 + Math.floor((b * (n - 2)) / buckets);
    const to = 1 + Math.floor(((b + 1) * (n - 2)) / buckets);
    kept.push(...extremes(values, from, to));
  }
  kept.push(n - 1);
  return kept;
}

/** Positions of minimum, maximum and first non-finite value in [from, to), ascending, each once. */
function extremes(values: Float32Array | Float64Array, from: number, to: number): number[] {
  let min = -1;
  let max = -1;
  let odd = -1;
  for (let i = from; i < to; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) {
      if (odd < 0) odd = i;
    } else {
      if (min < 0 || value < (values[min] as number)) min = i;
      if (max < 0 || value > (values[max] as number)) max = i;
    }
  }
  return [...new Set([min, max, odd])].filter((i) => i >= 0).sort((a, b) => a - b);
}

function pick(curve: CurveColumns, positions: readonly number[]): CurveColumns {
  const steps = new Int32Array(positions.length);
  const values = new Float32Array(positions.length);
  const elapsedMs = new Float32Array(positions.length);
  for (const [to, from] of positions.entries()) {
    steps[to] = curve.steps[from] as number;
    values[to] = curve.values[from] as number;
    elapsedMs[to] = curve.elapsedMs[from] as number;
  }
  return { steps, values, elapsedMs };
}
