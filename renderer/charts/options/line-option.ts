/** From a line chart's model to what ECharts draws. Values are shown in the legend, never in a floating box. */

import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import type { Tick } from '../x-axis.ts';
import { curveSeries, FADED } from './curve-series.ts';
import type { BandModel, EndModel, LineChartModel, MarkerModel } from './line-model.ts';

/** The stop sign of a diverged run. */
const OCTAGON = 'path://M3.7 .6h4.6l3.1 3.1v4.6l-3.1 3.1H3.7L.6 8.3V3.7z';
const BAND_OPACITY = 0.16;
/** Least room for names and values right of the plot, pixels. */
export const END_WIDTH = 136;

/** @param highlight id of the line that stands out, null for none */
export function lineChartOption(model: LineChartModel, theme: ChartTheme, highlight: string | null): ChartOption {
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    // Nothing logged yet: an axis without figures, so that nothing is claimed.
    xAxis: { ...xAxisOption(model.empty === 'none' ? [] : model.x.ticks, theme), min: model.x.min, max: model.x.max },
    yAxis: {
      ...yAxisOption(model.empty === 'none' ? [] : model.y.ticks, theme, model.y.log),
      min: model.y.min,
      max: model.y.max,
    },
    series: [
      ...(model.bands ?? []).map((band) => bandSeries(band, theme, highlight)),
      ...curveSeries(model, 'raw', theme, highlight),
      ...curveSeries(model, 'line', theme, highlight),
      ...goalSeries(model, theme),
      markerSeries(model.markers, theme),
    ] as never,
  };
}

/** For pictures, which have no page around them: the same with the names at the line ends drawn in. */
export function figureOption(model: LineChartModel, theme: ChartTheme): ChartOption {
  const option = lineChartOption(model, theme, null);
  const ends = model.ends ?? [];
  if (ends.length === 0) return option;
  return { ...option, series: [...(option.series as object[]), endSeries(model, ends, theme)] as never };
}

function labels(ticks: readonly Tick[]): (value: number) => string {
  return (value) => ticks.find((tick) => Math.abs(tick.value - value) <= Math.abs(value) * 1e-9)?.label ?? '';
}

export function xAxisOption(ticks: readonly Tick[], theme: ChartTheme) {
  const values = ticks.map((tick) => tick.value);
  return {
    type: 'value' as const,
    splitLine: { show: false },
    axisLine: { show: true, onZero: false, lineStyle: { color: theme.axis, width: 1 } },
    axisTick: { show: true, length: 3, lineStyle: { color: theme.axis }, customValues: values },
    axisLabel: { ...labelStyle(theme), formatter: labels(ticks), customValues: values, hideOverlap: true },
  };
}

export function yAxisOption(ticks: readonly Tick[], theme: ChartTheme, log = false) {
  const values = ticks.map((tick) => tick.value);
  return {
    type: log ? ('log' as const) : ('value' as const),
    splitLine: { show: true, lineStyle: { color: theme.grid, width: 1 } },
    axisLine: { show: false },
    // Not shown, but grid lines stand where ticks would.
    axisTick: { show: false, customValues: values },
    axisLabel: { ...labelStyle(theme), formatter: labels(ticks), customValues: values },
  };
}

function labelStyle(theme: ChartTheme) {
  return { color: theme.label, fontSize: theme.fontSize, fontFamily: theme.fontFamily, margin: 6 };
}

/** The area as one polygon a stretch: up along the high values, back along the low ones. */
function bandSeries(band: BandModel, theme: ChartTheme, highlight: string | null) {
  const faded = highlight !== null && band.id !== highlight;
  return {
    id: `band-${band.id}`,
    type: 'custom' as const,
    coordinateSystem: 'cartesian2d' as const,
    silent: true,
    animation: false,
    clip: true,
    z: 1,
    data: [[0, 0]],
    renderItem: (_params: unknown, api: { coord: (at: number[]) => number[] }) => ({
      type: 'group' as const,
      children: stretches(band.points).map((points) => ({
        type: 'polygon' as const,
        shape: { points: points.map((point) => api.coord(point)) },
        style: { fill: theme.runs[band.slot - 1] ?? theme.text2, opacity: BAND_OPACITY * (faded ? FADED : 1) },
      })),
    }),
  } as never;
}

function stretches(points: Float64Array): number[][][] {
  const found: number[][][] = [];
  let upper: number[][] = [];
  let lower: number[][] = [];
  const close = (): void => {
    if (upper.length > 1) found.push([...upper, ...lower.reverse()]);
    upper = [];
    lower = [];
  };
  for (let i = 0; i < points.length; i += 3) {
    const [x = 0, low = Number.NaN, high = Number.NaN] = points.subarray(i, i + 3);
    if (Number.isNaN(low) || Number.isNaN(high)) {
      close();
      continue;
    }
    upper.push([x, high]);
    lower.push([x, low]);
  }
  close();
  return found;
}

function goalSeries(model: LineChartModel, theme: ChartTheme) {
  const { goal } = model;
  if (goal === null || goal === undefined || goal < model.y.min || goal > model.y.max) return [];
  return [
    {
      id: 'goal',
      type: 'line' as const,
      data: [
        [model.x.min, goal],
        [model.x.max, goal],
      ],
      showSymbol: false,
      silent: true,
      animation: false,
      z: 2,
      lineStyle: { width: 1, color: theme.label, type: [2, 3] },
    },
  ];
}

function endSeries(model: LineChartModel, ends: readonly EndModel[], theme: ChartTheme) {
  const font = `500 11px ${theme.fontFamily}`;
  return {
    id: 'ends',
    type: 'custom' as const,
    coordinateSystem: 'cartesian2d' as const,
    silent: true,
    animation: false,
    clip: false,
    z: 5,
    data: [[model.x.max, model.y.max]],
    renderItem: (_params: unknown, api: { coord: (at: number[]) => number[] }) => {
      const x = api.coord([model.x.max, model.y.max])[0] ?? 0;
      return {
        type: 'group' as const,
        children: ends.flatMap((end) => [
          {
            type: 'line' as const,
            shape: { x1: x + 2, y1: end.y, x2: x + 8, y2: end.at },
            style: { stroke: theme.runs[end.slot - 1] ?? theme.text2, lineWidth: 1 },
          },
          {
            type: 'text' as const,
            style: { x: x + 10, y: end.at, text: end.name, fill: theme.text2, font, verticalAlign: 'middle' as const },
          },
          {
            type: 'text' as const,
            style: {
              x: x + model.margins.right - 10,
              y: end.at,
              text: end.text,
              fill: theme.text1,
              font,
              align: 'right' as const,
              verticalAlign: 'middle' as const,
            },
          },
        ]),
      };
    },
  };
}

function markerSeries(markers: readonly MarkerModel[], theme: ChartTheme) {
  return {
    id: 'markers',
    type: 'scatter' as const,
    silent: true,
    animation: false,
    clip: false,
    z: 5,
    data: markers.map((marker) => {
      const stop = marker.kind === 'not-finite' || marker.kind === 'stopped';
      const down = marker.kind === 'below';
      const outside = down || marker.kind === 'above';
      return {
        value: [marker.x, marker.y],
        symbol: stop ? OCTAGON : 'triangle',
        symbolSize: stop ? 12 : 7,
        symbolRotate: down ? 180 : 0,
        symbolOffset: stop ? [0, 0] : [0, outside && !down ? 4 : -4],
        itemStyle: { color: stop ? theme.danger : (theme.runs[marker.slot - 1] ?? theme.text2), opacity: 1 },
      };
    }),
  };
}
