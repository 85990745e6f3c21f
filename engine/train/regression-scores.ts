/** How far a regression's outputs are from their targets. */

import type { RegressionScores } from '../spec/scores.ts';

/**
 * Of one column of (rows × columns) targets and outputs. Sums are taken in float64; the mean target is subtracted before
 * it is squared, so that large targets lose no digits. The histogram has 2·rows^(1/3) bins (Rice's rule), made even.
 */
export function regressionScores(
  targets: Float32Array,
  outputs: Float32Array,
  columns: number,
  column: number,
): RegressionScores {
  const rows = targets.length / columns;
  const bins = 2 * Math.ceil(Math.cbrt(rows));
  const residuals = new Float64Array(rows);
  let finite = 0;
  let squares = 0;
  let sizes = 0;
  let sum = 0;
  let targetSum = 0;
  for (let row = 0; row < rows; row++) {
    const target = targets[row * columns + column]!;
    const residual = target - outputs[row * columns + column]!;
    residuals[row] = residual;
    if (!Number.isFinite(residual)) continue;
    finite++;
    squares += residual * residual;
    sizes += Math.abs(residual);
    sum += residual;
    targetSum += target;
  }
  const mean = targetSum / finite;
  let spread = 0;
  for (let row = 0; row < rows; row++) {
    if (Number.isFinite(residuals[row])) spread += (targets[row * columns + column]! - mean) ** 2;
  }
  return {
    rmse: Math.sqrt(squares / finite),
    mae: sizes / finite,
    r2: spread === 0 ? Number.NaN : 1 - squares / spread,
    bias: sum / finite,
    ...residualHistogram(residuals, bins),
  };
}

/** Equal bins around 0, an even number of them, so that one edge is exactly 0 and the rest mirrors it. */
function residualHistogram(
  residuals: Float64Array,
  bins: number,
): Pick<RegressionScores, 'edges' | 'counts' | 'notFinite'> {
  const finite = residuals.filter((value) => Number.isFinite(value));
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const reach = largest === 0 ? 1 : largest;
  const edges = Float64Array.from({ length: bins + 1 }, (_, i) => reach * ((2 * i) / bins - 1));
  const counts = new Uint32Array(bins);
  for (const value of finite) {
    const bin = Math.floor(((value / reach + 1) / 2) * bins);
    counts[Math.min(bins - 1, bin)]!++;
  }
  return { edges, counts, notFinite: residuals.length - finite.length };
}
