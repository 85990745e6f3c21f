/** Outputs of a regression against their targets, with the line on which they are equal. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import { formatTick } from '../format.ts';
import type { PlotMargins } from '../plot.ts';
import { linearRange, linearTicks, type Range } from '../ticks.ts';
import { leftMargin } from './line-model.ts';
import { xAxisOption, yAxisOption } from './line-option.ts';

export interface PredictionsModel {
  readonly margins: PlotMargins;
  /** The same on both axes. */
  readonly range: Range;
  /** (target, output) pairs. */
  readonly points: readonly (readonly [number, number])[];
}

/** @param low,high extent of targets and outputs together */
export function predictionsModel(
  points: readonly (readonly [number, number])[],
  low: number,
  high: number,
): PredictionsModel {
  const range = linearRange(low, high);
  const labels = linearTicks(range, 4).map((value) => ({ value, label: formatTick(value) }));
  return { margins: { left: leftMargin(labels), right: 12, top: 8, bottom: 22 }, range, points };
}

export function predictionsOption(model: PredictionsModel, theme: ChartTheme): ChartOption {
  const ticks = linearTicks(model.range, 4).map((value) => ({ value, label: formatTick(value) }));
  const { min, max } = model.range;
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    xAxis: { ...xAxisOption(ticks, theme), min, max },
    yAxis: { ...yAxisOption(ticks, theme), min, max },
    series: [
      {
        id: 'equal',
        type: 'line',
        silent: true,
        animation: false,
        showSymbol: false,
        data: [
          [min, min],
          [max, max],
        ],
        lineStyle: { color: theme.axis, width: 1, type: [4, 3] },
      },
      {
        id: 'points',
        type: 'scatter',
        silent: true,
        animation: false,
        symbolSize: 6,
        data: model.points.map(([x, y]) => [x, y]),
        itemStyle: { color: theme.runs[1] ?? theme.text2, opacity: 0.75 },
      },
    ],
  };
}
