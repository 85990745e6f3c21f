/** Residuals of a regression against its targets or outputs: a good fit is a band around 0 without a shape of its own. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import { formatTick } from '../format.ts';
import { rightMargin, type PlotMargins } from '../plot.ts';
import { linearRange, valueTicks, type Range } from '../ticks.ts';
import { leftMargin } from './line-model.ts';
import { xAxisOption, yAxisOption } from './line-option.ts';

export interface ResidualsModel {
  readonly margins: PlotMargins;
  readonly x: Range;
  /** As far below 0 as above. */
  readonly y: Range;
  /** Pairs x, residual, one after the other; only finite ones. */
  readonly points: Float64Array;
}

/** Above this many points single ones are drawn without an element of their own. */
const MANY_POINTS = 3000;

/** Of (x, residual) pairs. @param width of the chart, pixels */
export function residualsModel(x: Float64Array, residuals: Float64Array, width: number): ResidualsModel {
  const points: number[] = [];
  let low = Infinity;
  let high = -Infinity;
  let reach = 0;
  for (let i = 0; i < x.length; i++) {
    const [at = Number.NaN, residual = Number.NaN] = [x[i], residuals[i]];
    if (!Number.isFinite(at) || !Number.isFinite(residual)) continue;
    points.push(at, residual);
    low = Math.min(low, at);
    high = Math.max(high, at);
    reach = Math.max(reach, Math.abs(residual));
  }
  const range = low <= high ? linearRange(low, high) : { min: 0, max: 1 };
  const around = linearRange(-(reach || 1), reach || 1);
  const margins = {
    left: leftMargin(labels(around)),
    right: rightMargin(labels(range), range, width - 52),
    top: 8,
    bottom: 22,
  };
  return { margins, x: range, y: around, points: Float64Array.from(points) };
}

function labels(range: Range): { readonly value: number; readonly label: string }[] {
  return valueTicks(range).map((value) => ({ value, label: formatTick(value) }));
}

export function residualsOption(model: ResidualsModel, theme: ChartTheme): ChartOption {
  const { x, y } = model;
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    xAxis: { ...xAxisOption(labels(x), theme), ...x },
    yAxis: { ...yAxisOption(labels(y), theme), ...y },
    series: [
      {
        id: 'zero',
        type: 'line',
        silent: true,
        animation: false,
        showSymbol: false,
        data: [
          [x.min, 0],
          [x.max, 0],
        ],
        lineStyle: { color: theme.axis, width: 1, type: [4, 3] },
      },
      {
        id: 'points',
        type: 'scatter',
        silent: true,
        animation: false,
        large: model.points.length > 2 * MANY_POINTS,
        symbolSize: model.points.length > 2 * MANY_POINTS ? 3 : 6,
        // Flat x, y pairs: what the type does not know, the library reads as long as the dimensions are named.
        data: model.points as unknown as number[],
        dimensions: ['x', 'y'],
        itemStyle: { color: theme.runs[1] ?? theme.text2, opacity: 0.6 },
      },
    ],
  };
}
