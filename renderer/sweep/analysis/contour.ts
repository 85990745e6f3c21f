/** The score over two parameters: a mean of nearby trials where there are any, nothing where there are none. */

import type { Shape } from '../../charts/options/shapes.ts';
import { plotBox, type PlotBox, type Size } from '../../charts/plot.ts';
import type { TrialAxis } from './axis.ts';
import { cloudOf, dotShapes, PLOT_MARGINS, pointing, type TrialDrawing } from './drawing.ts';
import { leftFor, ticksThatFit } from './scatter.ts';
import type { TrialTable } from './trial-table.ts';

/** Fewer scored trials than this make no surface. */
export const FEWEST_FOR_CONTOUR = 10;
/** Cells along an axis of numbers. */
const CELLS = 48;
/**
 * Least sum of weights in a cell: that of one trial 1.5 bandwidths away. What lies further from every trial stays blank.
 */
const LEAST_WEIGHT = Math.exp(-(1.5 ** 2) / 2);
const LEVELS = 8;

export interface Surface {
  readonly columns: number;
  readonly rows: number;
  /** Position of the mean score on the score's axis, row after row from the bottom; NaN where no trial is near. */
  readonly values: Float64Array;
  /** Standard deviation of the kernel along an axis of numbers, as a share of it. */
  readonly bandwidth: number;
}

/** Scott's rule for a uniform spread in two dimensions: σ n^(−1/6), σ = 1/√12; between 4 and 15 % of the axis. */
export function bandwidthFor(trials: number): number {
  return Math.min(0.15, Math.max(0.04, trials ** (-1 / 6) / Math.sqrt(12)));
}

/**
 * Kernel regression (Nadaraya 1964, Watson 1964) with a Gaussian kernel along numbers; values of a choice are not mixed.
 * Trials without one of the two parameters or without a score are left out.
 */
export function surfaceOf(table: TrialTable, x: TrialAxis, y: TrialAxis): Surface {
  const [across, up, score] = [table.positions(x), table.positions(y), table.positions(table.score)];
  const columns = x.choices?.length ?? CELLS;
  const rows = y.choices?.length ?? CELLS;
  const sums = new Float64Array(columns * rows);
  const counts = new Float64Array(columns * rows);
  let trials = 0;
  for (let i = 0; i < score.length; i++) {
    const [u = Number.NaN, v = Number.NaN, s = Number.NaN] = [across[i], up[i], score[i]];
    if (Number.isNaN(u + v + s) || table.rows[i]?.status !== 'completed') continue;
    const cell = cellOf(v, rows) * columns + cellOf(u, columns);
    sums[cell] = (sums[cell] ?? 0) + s;
    counts[cell] = (counts[cell] ?? 0) + 1;
    trials++;
  }
  const bandwidth = bandwidthFor(trials);
  const kernelX = kernel(x, columns, bandwidth);
  const kernelY = kernel(y, rows, bandwidth);
  const smooth = (values: Float64Array): Float64Array =>
    convolve(convolve(values, columns, kernelX), columns, kernelY, true);
  const [weighted, weights] = [smooth(sums), smooth(counts)];
  return {
    columns,
    rows,
    bandwidth,
    values: weighted.map((sum, i) => ((weights[i] ?? 0) < LEAST_WEIGHT ? Number.NaN : sum / (weights[i] ?? 1))),
  };
}

function cellOf(position: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(position * count)));
}

/** Weights by distance in cells; only the own cell of a choice. */
function kernel(axis: TrialAxis, count: number, bandwidth: number): Float64Array {
  if (axis.choices !== null) return Float64Array.of(1);
  const reach = Math.ceil(3 * bandwidth * count);
  return Float64Array.from({ length: reach + 1 }, (_, cells) => Math.exp(-((cells / count / bandwidth) ** 2) / 2));
}

/** Sums neighbours by their weights, along the rows of a grid or, `upwards`, along its columns. */
function convolve(values: Float64Array, columns: number, weights: Float64Array, upwards = false): Float64Array {
  const result = new Float64Array(values.length);
  const step = upwards ? columns : 1;
  const count = upwards ? values.length / columns : columns;
  values.forEach((value, cell) => {
    if (value === 0) return;
    const at = upwards ? Math.floor(cell / columns) : cell % columns;
    for (let by = Math.max(-at, 1 - weights.length); by < Math.min(count - at, weights.length); by++) {
      const target = cell + by * step;
      result[target] = (result[target] ?? 0) + value * (weights[Math.abs(by)] ?? 0);
    }
  });
  return result;
}

export function contourDrawing(
  table: TrialTable,
  x: TrialAxis,
  y: TrialAxis,
  direction: 'maximize' | 'minimize',
  size: Size,
): TrialDrawing {
  const box = plotBox(size, { ...PLOT_MARGINS, left: leftFor(y.ticks) });
  const cloud = cloudOf(box, table.positions(x), table.positions(y));
  return {
    axes: [{ box, x: ticksThatFit(x.ticks, box.width, 12), y: y.ticks }],
    brushes: [{ box, x, y }],
    below: cellShapes(surfaceOf(table, x, y), direction, box),
    above: [],
    trials: (which, faded) => dotShapes(table, [cloud], which, { faded, colored: false, outlined: true }),
    ...pointing([cloud]),
  };
}

/** One shape for each level of the ramp, better scores darker. */
function cellShapes({ columns, rows, values }: Surface, direction: 'maximize' | 'minimize', box: PlotBox): Shape[] {
  const levels: number[][] = Array.from({ length: LEVELS }, () => []);
  const [width, height] = [box.width / columns, box.height / rows];
  values.forEach((value, cell) => {
    if (Number.isNaN(value)) return;
    const goodness = direction === 'maximize' ? value : 1 - value;
    const level = Math.min(LEVELS - 1, Math.floor(goodness * LEVELS));
    const [column, row] = [cell % columns, Math.floor(cell / columns)];
    // A little overlap closes the hairlines between neighbours.
    levels[level]?.push(box.x + column * width, box.y + box.height - (row + 1) * height, width + 0.3, height + 0.3);
  });
  return levels.flatMap((cells, level) =>
    cells.length === 0 ? [] : [{ kind: 'cells' as const, cells: Float32Array.from(cells), fill: level }],
  );
}
