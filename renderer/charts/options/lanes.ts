/** One metric of several runs over each other: a line a lane, raw points faint below it, a band where a lane has seeds. */

import { rightMargin, yToPixel, plotBox, type Size } from '../plot.ts';
import { spreadApart } from '../series/spread.ts';
import { accuracyRange, linearRange, logRange, type Range } from '../ticks.ts';
import type { CurvePoints, XScale } from '../x-axis.ts';
import { belowMarkers, percentTicks } from './accuracy.ts';
import { drawCurves, emptiness, extentOf, gapMarkers, leftMargin } from './line-model.ts';
import type { BandModel, CurveSource, DrawnCurve, EndModel, LineChartModel, MarkerModel } from './line-model.ts';
import { END_WIDTH } from './line-option.ts';
import { lossTicks, withoutSmoothed } from './loss.ts';

/** One lane's curve. */
export interface LaneCurve {
  readonly id: string;
  readonly name: string;
  /** Colour and dash, 1 to 10. */
  readonly slot: number;
  readonly dash: number;
  readonly points: CurvePoints;
  /** What the line shows: smoothed, or a mean over seeds. As long as `points`. */
  readonly values: ArrayLike<number>;
  /** Drawn faintly under the line, or null. */
  readonly raw: ArrayLike<number> | null;
  readonly band: { readonly low: ArrayLike<number>; readonly high: ArrayLike<number> } | null;
  /** Steps of one run are not those of another: each lane has its own way to the axis. */
  readonly scale: XScale;
  /** A lane that left all bounds must not flatten the others. */
  readonly diverged: boolean;
}

export interface LanesInput {
  readonly lanes: readonly LaneCurve[];
  readonly kind: 'loss' | 'accuracy';
  readonly log: boolean;
  /** Writes the labels of the x axis. */
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** The range is being moved by hand: fewer points and quicker strokes will do until it rests. */
  readonly moving?: boolean;
  readonly size: Size;
  /** Dotted line at this value, or null. */
  readonly goal: number | null;
  /** Names at the line ends. */
  readonly ends: boolean;
  readonly format: (value: number) => string;
}

const TOP = 8;
const BOTTOM = 22;
const LEFT = 52;
/** Height of a name at a line end, pixels. */
const END_HEIGHT = 14;
/** About the width of a character of it, pixels. */
const END_CHARACTER = 6.2;
/** Lanes that are drawn pixel by pixel. */
const FINE_LANES = 8;
/** How far above the other lanes a diverged one is still followed. */
const FOLLOWED = 30;

/** Names at the line ends want this width of the chart and at most this many lines. */
export function fitsEnds(size: Size, lanes: number): boolean {
  return lanes <= 6 && size.width >= 380 && size.height >= lanes * END_HEIGHT + TOP + BOTTOM;
}

export function lanesModel(input: LanesInput): LineChartModel {
  const { lanes, scale, range, size, goal } = input;
  const log = input.log && input.kind === 'loss';
  const endWidth = input.ends ? widthOfEnds(lanes, size) : 0;
  const columns = Math.max(16, Math.round(size.width - LEFT - endWidth));
  // Many lines over each other need no more than a point every other pixel, and still keep every spike.
  const coarseness = (lanes.length <= FINE_LANES ? 1 : 2) * (input.moving === true ? 2 : 1);
  const fine = Math.ceil(columns / coarseness);
  const curves = drawCurves(lanes.flatMap(sources), { scale, range, columns: fine, log });
  const bands = lanes.flatMap((lane) => bandOf(lane, range, columns, log));
  const y = input.kind === 'accuracy' ? shareRange(curves, range) : valueRange(curves, bands, lanes, log);
  const yTicks = input.kind === 'accuracy' ? percentTicks(y) : lossTicks(y, log);
  const xTicks = scale.ticks(range, columns, input.closed);
  const margins = {
    left: leftMargin(yTicks),
    right: input.ends ? endWidth : rightMargin(xTicks, range, columns),
    top: TOP,
    bottom: BOTTOM,
  };
  const markers = [...gapMarkers(withoutSmoothed(curves), y), ...belowMarkers(lines(curves), y, scale)];
  return {
    margins,
    x: { ...range, ticks: xTicks },
    y: { ...y, log, ticks: yTicks },
    lines: curves.map((curve) => curve.line),
    bands: bands.map((band) => floored(band, y, log)),
    markers: [...markers, ...aboveMarkers(lines(curves), y, scale)],
    ends: input.ends ? endsOf(curves, input, { y, log, margins }) : [],
    goal,
    moving: input.moving ?? false,
    empty: emptiness(curves),
  };
}

/** Room for the longest name and its value, but no more than a third of the chart. */
function widthOfEnds(lanes: readonly LaneCurve[], size: Size): number {
  const longest = Math.max(0, ...lanes.map((lane) => lane.name.length));
  return Math.round(Math.max(END_WIDTH, Math.min(longest * END_CHARACTER + 76, size.width / 3)));
}

function lines(curves: readonly DrawnCurve[]): DrawnCurve[] {
  return curves.filter((curve) => curve.line.role === 'line');
}

function sources(lane: LaneCurve): CurveSource[] {
  const common = { id: lane.id, slot: lane.slot, dash: lane.dash, buffer: lane.points, scale: lane.scale };
  const line = { ...common, role: 'line', values: lane.values } as const;
  return lane.raw === null ? [line] : [{ ...common, role: 'raw', values: lane.raw }, line];
}

/** One area a lane, as many points as columns: the lowest and the highest value of each. */
function bandOf(lane: LaneCurve, range: Range, columns: number, log: boolean): BandModel[] {
  if (lane.band === null) return [];
  const { xs, scale } = lane.scale.column(lane.points);
  const { low, high } = lane.band;
  const width = (range.max - range.min) / columns || 1;
  const points: number[] = [];
  let column = -Infinity;
  for (let i = 0; i < lane.points.length; i++) {
    const x = (xs[i] ?? 0) * scale;
    if (x < range.min - width || x > range.max + width) continue;
    const from = low[i] ?? Number.NaN;
    const to = high[i] ?? Number.NaN;
    if (log && !(to > 0)) continue;
    const at = Math.floor((x - range.min) / width);
    const last = points.length - 3;
    if (at === column && !Number.isNaN(from) && !Number.isNaN(points[last + 1] ?? 0)) {
      points[last + 1] = Math.min(points[last + 1] ?? from, from);
      points[last + 2] = Math.max(points[last + 2] ?? to, to);
    } else {
      points.push(x, from, to);
      column = at;
    }
  }
  return [{ id: lane.id, slot: lane.slot, points: Float64Array.from(points) }];
}

/** On a log axis a band may reach below 0: it is drawn down to the axis. */
function floored(band: BandModel, y: Range, log: boolean): BandModel {
  if (!log) return band;
  const points = band.points.map((value, i) => (i % 3 === 1 && value < y.min ? y.min : value));
  return { ...band, points };
}

/** The first third of the axis may lie below: otherwise every race would be drawn from nothing up. */
function shareRange(curves: readonly DrawnCurve[], range: Range): Range {
  const settled = range.min + (range.max - range.min) * 0.3;
  const late: number[] = [];
  const all: number[] = [];
  for (const { line } of curves) {
    for (let i = 0; i < line.points.length; i += 2) {
      const value = line.points[i + 1] ?? Number.NaN;
      all.push(value);
      if ((line.points[i] ?? 0) >= settled) late.push(value);
    }
  }
  return accuracyRange(late.some(Number.isFinite) ? late : all);
}

function valueRange(
  curves: readonly DrawnCurve[],
  bands: readonly BandModel[],
  lanes: readonly LaneCurve[],
  log: boolean,
): Range {
  const left = new Set(lanes.filter((lane) => lane.diverged).map((lane) => lane.id));
  const calm = extentOf(curves.filter((curve) => !left.has(curve.line.id)));
  const all = extentOf(curves);
  if (all === null) return { min: log ? 0.1 : 0, max: 1 };
  let { low, high } = calm ?? all;
  for (const band of bands) {
    for (let i = 0; i < band.points.length; i += 3) {
      const from = band.points[i + 1] ?? low;
      if (from < low && (!log || from > low / 10)) low = from;
      high = Math.max(high, band.points[i + 2] ?? high);
    }
  }
  // A lane that diverged is followed a little way out of the others' range; its last points are marked at the border.
  const most = Math.min(all.high, high * FOLLOWED);
  return (log ? logRange : linearRange)(
    Math.min(low, Math.max(all.low, low / FOLLOWED)),
    Math.max(high, log ? most : high),
  );
}

/** One triangle a lane for the points above the axis, with their number. */
function aboveMarkers(curves: readonly DrawnCurve[], y: Range, scale: XScale): MarkerModel[] {
  return curves.flatMap(({ line, source }) => {
    let count = 0;
    let x = 0;
    for (let i = 0; i < line.points.length; i += 2) {
      if (!((line.points[i + 1] ?? 0) > y.max)) continue;
      count++;
      x = line.points[i] ?? 0;
    }
    if (count === 0) return [];
    const step = Math.round((source.scale ?? scale).toStep(x));
    return [{ kind: 'above', slot: line.slot, x, y: y.max, step, count } as const];
  });
}

function endsOf(
  curves: readonly DrawnCurve[],
  { lanes, size, format }: LanesInput,
  plot: { readonly y: Range; readonly log: boolean; readonly margins: LineChartModel['margins'] },
): EndModel[] {
  const box = plotBox(size, plot.margins);
  const ends = lines(curves).flatMap(({ line, source }) => {
    for (let i = line.points.length - 1; i > 0; i -= 2) {
      const value = line.points[i] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const y = yToPixel(box, plot.y, plot.log, Math.min(plot.y.max, Math.max(plot.y.min, value)));
      const name = lanes.find((lane) => lane.id === line.id)?.name ?? line.id;
      return [{ id: source.id, slot: line.slot, name, text: format(value), y }];
    }
    return [];
  });
  const places = spreadApart(
    ends.map((end) => end.y),
    END_HEIGHT,
    box.y + 6,
    box.y + box.height - 6,
  );
  return ends.map((end, i) => ({ ...end, at: places[i] ?? end.y }));
}
