/** Counts in bins as bars; two kinds of counts stand back to back, each to its own scale, because one may be a hundred times the other. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import { formatTick } from '../format.ts';
import { formatCount } from '../../text/format.ts';
import { rightMargin, type PlotMargins } from '../plot.ts';
import { linearTicks, type Range } from '../ticks.ts';
import type { Tick } from '../x-axis.ts';
import { leftMargin } from './line-model.ts';
import { xAxisOption, yAxisOption } from './line-option.ts';

export interface BarsModel {
  readonly margins: PlotMargins;
  readonly x: Range & { readonly ticks: readonly Tick[] };
  /** From −1 (with counts below the axis) or 0 to 1, as shares of the largest count of each side. */
  readonly y: Range & { readonly ticks: readonly Tick[] };
  /** Left end, right end and height of every bar that has a count; below the axis negative. */
  readonly bars: readonly (readonly [low: number, high: number, height: number])[];
}

/** @param width of the chart, pixels */
export function barsModel(
  edges: Float64Array,
  above: Uint32Array,
  below: Uint32Array | null,
  width: number,
): BarsModel {
  const range = { min: edges[0] ?? 0, max: edges[edges.length - 1] ?? 1 };
  const most = (counts: Uint32Array | null): number => Math.max(0, ...(counts ?? []));
  const [top, bottom] = [most(above), most(below)];
  const bars: [number, number, number][] = [];
  const add = (counts: Uint32Array, scale: number): void => {
    counts.forEach((count, i) => {
      if (count > 0) bars.push([edges[i] ?? 0, edges[i + 1] ?? 0, count / scale]);
    });
  };
  add(above, Math.max(1, top));
  if (below !== null) add(below, -Math.max(1, bottom));
  const xTicks = linearTicks(range, 5).map((value) => ({ value, label: formatTick(value) }));
  const yTicks = [
    ...(below === null || bottom === 0 ? [] : [{ value: -1, label: formatCount(bottom) }]),
    { value: 0, label: '0' },
    ...(top === 0 ? [] : [{ value: 1, label: formatCount(top) }]),
  ];
  const margins = {
    left: leftMargin(yTicks),
    right: rightMargin(xTicks, range, width - 52),
    top: 10,
    bottom: 22,
  };
  return {
    margins,
    x: { ...range, ticks: xTicks },
    y: { min: below === null ? 0 : -1, max: 1, ticks: yTicks },
    bars,
  };
}

export function barsOption(model: BarsModel, theme: ChartTheme): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    xAxis: { ...xAxisOption(model.x.ticks, theme), min: model.x.min, max: model.x.max },
    yAxis: { ...yAxisOption(model.y.ticks, theme), min: model.y.min, max: model.y.max },
    series: [
      {
        id: 'bars',
        type: 'custom',
        silent: true,
        animation: false,
        clip: true,
        data: model.bars.map((bar) => [...bar]),
        renderItem: (_params, api) => {
          const height = Number(api.value(2));
          const [left = 0, end = 0] = api.coord([api.value(0), height]);
          const [right = 0, zero = 0] = api.coord([api.value(1), 0]);
          // A single row among thousands still shows.
          const size = Math.max(1.5, Math.abs(zero - end));
          const shape = {
            x: left + 0.5,
            y: height > 0 ? zero - size : zero,
            width: Math.max(1, right - left - 1),
            height: size,
          };
          const fill = height > 0 ? (theme.ramp[5] ?? theme.text2) : theme.danger;
          return { type: 'rect', shape, style: { fill } };
        },
      },
    ],
  };
}
