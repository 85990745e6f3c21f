/** Distributions of one tensor over the steps: oldest at the back, the step looked at in front. Bins are fixed for the run. */

import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import { formatCount } from '../../text/format.ts';
import type { ChartTheme } from '../chart-theme.ts';
import type { ChartOption } from '../echarts.ts';
import { formatTick } from '../format.ts';
import type { PlotMargins } from '../plot.ts';
import { valueTicks, type Range } from '../ticks.ts';
import type { Tick } from '../x-axis.ts';
import { xAxisOption } from './line-option.ts';

/** How far a line may rise over the lines behind it, in line distances. */
const OVERLAP = 2.6;
/** Exponent that lifts thin tails a little. */
const LIFT = 0.8;

/** How much taller than the step looked at a line may be drawn. */
const MOST_OVER_NOW = 3;

/** A distribution at one step: as it was counted, or counted again in other bins. */
export type DistributionFrame = Omit<HistogramFrame, 'counts'> & { readonly counts: Uint32Array | Float64Array };

export interface RidgeLine {
  readonly step: number;
  /** Height of each bin, 0 to 1 of the tallest; bins of equal width. */
  readonly heights: Float64Array;
}

export interface RidgelineModel {
  readonly margins: PlotMargins;
  readonly range: Range;
  readonly ticks: readonly Tick[];
  /** Oldest first; the last one is the step looked at. */
  readonly lines: readonly RidgeLine[];
  /** Values of the step looked at that lie outside the bins, and that are not finite. */
  readonly below: number;
  readonly above: number;
  readonly nonFinite: number;
}

/** Most lines: 8 in a window below 900 px, 16 above. */
export function ridgeLimit(windowHeight: number): number {
  return windowHeight >= 900 ? 16 : 8;
}

/**
 * Chooses the frames to draw: the first, the one looked at, and between them frames spaced a little closer at the
 * start, where most happens. `frames` rise in step; frames after `step` are left out.
 */
export function pickRidges<T extends { readonly step: number }>(
  frames: readonly T[],
  step: number,
  limit: number,
): T[] {
  const usable = frames.filter((frame) => frame.step <= step);
  const first = frames[0];
  if (usable.length === 0) return first === undefined ? [] : [first];
  if (usable.length <= limit) return usable;
  const start = usable[0]?.step ?? 0;
  const end = usable[usable.length - 1]?.step ?? 0;
  const picked: number[] = [];
  for (let i = 0; i < limit; i++) {
    const target = start + (end - start) * (i / (limit - 1)) ** 1.7;
    const least = (picked[picked.length - 1] ?? -1) + 1;
    const most = usable.length - (limit - i);
    let index = least;
    while (
      index < most &&
      Math.abs((usable[index + 1]?.step ?? 0) - target) <= Math.abs((usable[index]?.step ?? 0) - target)
    )
      index++;
    picked.push(index);
  }
  return picked.map((index) => usable[index]).filter((frame) => frame !== undefined);
}

/** null without frames. */
export function ridgelineModel(frames: readonly DistributionFrame[]): RidgelineModel | null {
  const now = frames[frames.length - 1];
  if (now === undefined) return null;
  const range = { min: now.edges[0] ?? 0, max: now.edges[now.edges.length - 1] ?? 1 };
  const peak = sharedPeak(frames);
  const lines = frames.map((frame) => ({
    step: frame.step,
    heights: Float64Array.from(frame.counts, (count) => Math.min(1, count / peak) ** LIFT),
  }));
  const ticks = valueTicks(range).map((value) => ({ value, label: formatTick(value) }));
  const longest = Math.max(...lines.map((line) => formatCount(line.step).length));
  const margins = { left: Math.max(40, 12 + longest * 6.6), right: 10, top: 6, bottom: 20 };
  return { margins, range, ticks, lines, below: now.below, above: now.above, nonFinite: now.nonFinite };
}

/**
 * The count that is drawn at full height. Frames whose values nearly all share one bin (biases before the first
 * step are all 0) would flatten every other line, so they do not set the scale unless all frames are like that.
 */
function sharedPeak(frames: readonly DistributionFrame[]): number {
  let peak = 0;
  let spike = 1;
  for (const frame of frames) {
    let total = 0;
    let highest = 0;
    for (const count of frame.counts) {
      total += count;
      if (count > highest) highest = count;
    }
    if (highest > 0.6 * total && frame.counts.length > 4) spike = Math.max(spike, highest);
    else peak = Math.max(peak, highest);
  }
  const now = frames[frames.length - 1];
  const tallestNow = now === undefined ? 0 : Math.max(...now.counts);
  // Weights that begin in a narrow heap and spread out would leave nothing to see of the step looked at: older lines
  // may be cut off at three times its height.
  if (tallestNow > 0 && peak > MOST_OVER_NOW * tallestNow) return MOST_OVER_NOW * tallestNow;
  return peak > 0 ? peak : spike;
}

export function ridgelineOption(model: RidgelineModel, theme: ChartTheme): ChartOption {
  const x = xAxisOption(model.ticks, theme);
  return {
    animation: false,
    textStyle: { fontFamily: theme.fontFamily, fontSize: theme.fontSize },
    grid: { ...model.margins, containLabel: false, outerBoundsMode: 'none' },
    xAxis: {
      ...x,
      min: model.range.min,
      max: model.range.max,
      splitLine: { show: true, lineStyle: { color: theme.grid } },
      axisTick: { ...x.axisTick, length: 0 },
      axisLabel: { ...x.axisLabel, fontSize: theme.fontSize },
    },
    yAxis: { type: 'value', min: 0, max: 1, show: false },
    series: [
      {
        id: 'ridges',
        type: 'custom',
        silent: true,
        animation: false,
        coordinateSystem: 'cartesian2d',
        data: model.lines.map((_, i) => [0, i]),
        renderItem: (params) => {
          const box = params.coordSys as unknown as { x: number; y: number; width: number; height: number };
          return ridge(model, params.dataIndex, box, theme) as never;
        },
      },
    ],
  };
}

/** One line with its filling and its step number. */
function ridge(
  model: RidgelineModel,
  index: number,
  box: { x: number; y: number; width: number; height: number },
  theme: ChartTheme,
) {
  const line = model.lines[index];
  if (line === undefined) return null;
  const now = index === model.lines.length - 1;
  const distance = box.height / (model.lines.length - 1 + OVERLAP);
  const base = box.y + distance * (OVERLAP + index);
  const bins = line.heights.length;
  const points: number[][] = [[box.x, base]];
  line.heights.forEach((height, i) => {
    points.push([box.x + ((i + 0.5) / bins) * box.width, base - height * distance * OVERLAP]);
  });
  points.push([box.x + box.width, base]);
  const z2 = 2 * index;
  const color = now ? theme.ridgeNow : theme.ridgeLine;
  const filling = now ? { fill: theme.ridgeNow, opacity: 0.16 } : { fill: theme.ridgeFill, opacity: 0.9 };
  return {
    type: 'group',
    // The same kinds in the same order for every line: the library updates children by their place, and one that turned
    // from a text into a line when the line in front became another was not drawn.
    children: [
      { type: 'polygon', z2, shape: { points }, style: filling },
      {
        type: 'polyline',
        z2: z2 + 1,
        shape: { points },
        style: { fill: 'none', stroke: color, lineWidth: now ? 1.75 : 1, lineJoin: 'round' },
      },
      {
        type: 'text',
        z2,
        x: box.x - 6,
        y: base,
        style: {
          text: formatCount(line.step),
          align: 'right',
          verticalAlign: 'middle',
          fill: now ? theme.text1 : theme.label,
          font: `${now ? 600 : 400} ${theme.fontSize}px ${theme.fontFamily}`,
        },
      },
    ],
  };
}
