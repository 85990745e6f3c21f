/** Distributions of one tensor as columns over the steps, each as wide as its stretch of the x axis. Colour is the share of values in a bin. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import { formatTick } from '../format.ts';
import { rightMargin, type PlotMargins } from '../plot.ts';
import type { Range } from '../ticks.ts';
import type { Tick, XScale } from '../x-axis.ts';
import { xAxisOption, yAxisOption } from './line-option.ts';
import { leftMargin } from './line-model.ts';
import type { DistributionFrame } from './ridgeline.ts';

/** Share at the dark end of the ramp; the scale is the square root, so that tails show. */
export const FULL_SHARE = 0.2;

export interface HeatColumn {
  readonly from: number;
  readonly to: number;
  /** Share of all values of the tensor, those outside the bins included, for each bin. */
  readonly shares: Float64Array;
}

export interface HeatMapModel {
  readonly margins: PlotMargins;
  readonly x: Range & { readonly ticks: readonly Tick[] };
  readonly y: Range & { readonly ticks: readonly Tick[] };
  readonly columns: readonly HeatColumn[];
}

/** Ramp colour of a share: 0 is the panel itself, 1 to 7 the ramp. */
export function rampLevel(share: number): number {
  if (!(share > 0)) return 0;
  return Math.min(7, Math.max(1, Math.floor(Math.sqrt(Math.min(1, share / FULL_SHARE)) * 6.999 + 0.5)));
}

export interface HeatMapInput {
  /** Rising in step; at least one. */
  readonly frames: readonly DistributionFrame[];
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** Last step of the run, where the last column ends. */
  readonly lastStep: number;
  /** Width of the chart, pixels. */
  readonly width: number;
}

/** null without frames. Frames that share a column of pixels become one, with their mean. */
export function heatMapModel(input: HeatMapInput): HeatMapModel | null {
  const { frames, scale, range } = input;
  const first = frames[0];
  if (first === undefined) return null;
  const low = first.edges[0] ?? 0;
  const high = first.edges[first.edges.length - 1] ?? 1;
  const values = low < 0 && high > 0 ? [low, 0, high] : [low, high];
  const ticks = scale.ticks(range, input.width, input.closed);
  const yTicks = values.map((value) => ({ value, label: formatTick(Number(value.toPrecision(2))) }));
  const left = leftMargin(yTicks);
  return {
    margins: { left, right: rightMargin(ticks, range, input.width - left - 10), top: 8, bottom: 20 },
    x: { ...range, ticks },
    y: { min: low, max: high, ticks: yTicks },
    columns: heatColumns(input),
  };
}

function heatColumns({ frames, scale, range, lastStep, width }: HeatMapInput): HeatColumn[] {
  const pixel = (range.max - range.min) / Math.max(16, width - 54);
  const columns: HeatColumn[] = [];
  let from = 0;
  let gathered: DistributionFrame[] = [];
  frames.forEach((frame, i) => {
    if (gathered.length === 0) from = scale.fromStep(frame.step);
    gathered.push(frame);
    const next = frames[i + 1];
    const to = scale.fromStep(next?.step ?? Math.max(lastStep, frame.step));
    if (next !== undefined && to - from < pixel) return;
    // The last picture of a run is taken at its last step: give it a column's width all the same.
    const end = to > from ? to : from + pixel;
    if (end > range.min && from < range.max) {
      columns.push({ from: Math.max(from, range.min), to: Math.min(end, range.max), shares: meanShares(gathered) });
    }
    gathered = [];
  });
  return columns;
}

function meanShares(frames: readonly DistributionFrame[]): Float64Array {
  const shares = new Float64Array(frames[0]?.counts.length ?? 0);
  for (const frame of frames) {
    let total = frame.below + frame.above + frame.nonFinite;
    for (const count of frame.counts) total += count;
    frame.counts.forEach((count, i) => {
      shares[i] = (shares[i] ?? 0) + count / Math.max(1, total) / frames.length;
    });
  }
  return shares;
}

export function heatMapOption(model: HeatMapModel, theme: ChartTheme): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    xAxis: { ...xAxisOption(model.x.ticks, theme), min: model.x.min, max: model.x.max },
    yAxis: { ...yAxisOption(model.y.ticks, theme), min: model.y.min, max: model.y.max },
    series: [
      {
        id: 'cells',
        type: 'custom',
        silent: true,
        animation: false,
        coordinateSystem: 'cartesian2d',
        data: [[model.x.min, model.y.min]],
        renderItem: (params) => {
          const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
          return { type: 'group', children: cells(model, box, theme) } as never;
        },
      },
    ],
  };
}

/** One shape for each colour of the ramp. */
function cells(model: HeatMapModel, box: { x: number; y: number; width: number; height: number }, theme: ChartTheme) {
  const levels: number[][] = Array.from({ length: 8 }, () => []);
  const across = box.width / (model.x.max - model.x.min || 1);
  for (const column of model.columns) {
    const x = box.x + (column.from - model.x.min) * across;
    // A little overlap closes the hairlines between neighbours.
    const width = Math.max(1, (column.to - column.from) * across) + 0.3;
    const height = box.height / column.shares.length;
    column.shares.forEach((share, bin) => {
      const level = rampLevel(share);
      if (level > 0) levels[level]?.push(x, box.y + box.height - (bin + 1) * height, width, height + 0.3);
    });
  }
  return levels.flatMap((list, level) =>
    list.length === 0
      ? []
      : [{ type: 'cells', shape: { cells: new Float32Array(list) }, style: { fill: theme.ramp[level] } }],
  );
}
