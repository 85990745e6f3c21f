/** What a line chart shows, before any drawing: axes with their labels, lines, markers. Pure, so it can be tested. */

import type { PlotMargins } from '../plot.ts';
import { joinGaps, reduceCurve, type Gap } from '../series/reduce.ts';
import type { Range } from '../ticks.ts';
import type { CurvePoints, Tick, XScale } from '../x-axis.ts';

export interface LineModel {
  /** "train", "validation", "batch". */
  readonly id: string;
  /** 1 to 10; picks colour and dash. */
  readonly slot: number;
  /** 1 to 10, where the dash is not the colour's own: the eleventh run and those after it. */
  readonly dash?: number;
  /** `raw` is the faint line under a smoothed one. */
  readonly role: 'line' | 'raw';
  /** x, y, x, y …; NaN breaks the line. */
  readonly points: Float64Array;
}

/** The area between two curves: several seeds of one lane around their mean. */
export interface BandModel {
  readonly id: string;
  readonly slot: number;
  /** x, low, high, x, low, high …; NaN breaks the band. */
  readonly points: Float64Array;
}

/** A name at the end of a line, in place of a legend. */
export interface EndModel {
  readonly id: string;
  readonly slot: number;
  readonly name: string;
  /** Value of the line's last point in range. */
  readonly text: string;
  /** Where the line ends, pixels of the chart. */
  readonly y: number;
  /** Where the name stands, pixels: apart from the other names. */
  readonly at: number;
}

/**
 * A point that cannot be drawn where it is: not finite, not positive on a log axis, or outside of the axis. `stopped`
 * is where a diverged run ended.
 */
export interface MarkerModel {
  readonly kind: 'not-finite' | 'stopped' | 'not-positive' | 'below' | 'above';
  readonly slot: number;
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly count: number;
}

export interface LineChartModel {
  readonly margins: PlotMargins;
  readonly x: Range & { readonly ticks: readonly Tick[] };
  readonly y: Range & { readonly log: boolean; readonly ticks: readonly Tick[] };
  readonly lines: readonly LineModel[];
  readonly markers: readonly MarkerModel[];
  /** Below the lines. */
  readonly bands?: readonly BandModel[];
  /** Right of the plot. */
  readonly ends?: readonly EndModel[];
  /** A value asked for, as a dotted line; null for none. */
  readonly goal?: number | null;
  /** The range is being moved by hand: strokes that are quick to draw will do until it rests. @default false */
  readonly moving?: boolean;
  /** `none`: nothing logged yet. `range`: points, but none in the zoomed range. */
  readonly empty: 'no' | 'none' | 'range';
}

/** One curve to draw: where it is, and what of it is drawn (itself or its smoothed values). */
export interface CurveSource {
  readonly id: string;
  readonly slot: number;
  readonly dash?: number;
  readonly role: 'line' | 'raw';
  readonly buffer: CurvePoints;
  /** Values to draw in place of the buffer's own, same length. */
  readonly values: ArrayLike<number>;
  /** The curve's own axis, where curves of several runs are drawn together. @default the view's */
  readonly scale?: XScale;
}

export interface DrawnCurve {
  readonly line: LineModel;
  readonly gaps: readonly Gap[];
  readonly low: number | null;
  readonly high: number | null;
  readonly inRange: number;
  readonly source: CurveSource;
}

/** Reduces each curve to the columns of the plot. */
export function drawCurves(
  sources: readonly CurveSource[],
  view: { readonly scale: XScale; readonly range: Range; readonly columns: number; readonly log: boolean },
): DrawnCurve[] {
  return sources.map((source) => {
    const { xs, scale } = (source.scale ?? view.scale).column(source.buffer);
    const reduced = reduceCurve({
      xs,
      xScale: scale,
      ys: source.values,
      from: view.range.min,
      to: view.range.max,
      columns: view.columns,
      positiveOnly: view.log,
    });
    return {
      line: {
        id: source.id,
        slot: source.slot,
        role: source.role,
        points: reduced.points,
        ...(source.dash === undefined ? {} : { dash: source.dash }),
      },
      gaps: joinGaps(reduced.gaps, ((view.range.max - view.range.min) / view.columns) * 10),
      low: reduced.low,
      high: reduced.high,
      inRange: reduced.inRange,
      source,
    };
  });
}

/** Lowest and highest value of all curves, null when nothing can be drawn. */
export function extentOf(curves: readonly DrawnCurve[]): { readonly low: number; readonly high: number } | null {
  let low = Infinity;
  let high = -Infinity;
  for (const curve of curves) {
    if (curve.low !== null) low = Math.min(low, curve.low);
    if (curve.high !== null) high = Math.max(high, curve.high);
  }
  return low <= high ? { low, high } : null;
}

export function emptiness(curves: readonly DrawnCurve[]): LineChartModel['empty'] {
  if (curves.some((curve) => curve.inRange > 0)) return 'no';
  return curves.some((curve) => curve.source.buffer.length > 0) ? 'range' : 'none';
}

/** Octagons where a value is not finite, at the height of the last finite one; triangles at the bottom for values at or below 0. */
export function gapMarkers(curves: readonly DrawnCurve[], y: Range): MarkerModel[] {
  const markers: MarkerModel[] = [];
  for (const { gaps, line, source } of curves) {
    for (const gap of gaps) {
      const height = gap.lastValue === null ? y.max : Math.min(y.max, Math.max(y.min, gap.lastValue));
      markers.push({
        kind: gap.kind,
        slot: line.slot,
        x: gap.x,
        y: gap.kind === 'not-finite' ? height : y.min,
        step: source.buffer.steps[gap.index] ?? 0,
        count: gap.count,
      });
    }
  }
  return markers;
}

/** Room for the y labels: at least 40 px, more for long numbers. */
export function leftMargin(ticks: readonly Tick[]): number {
  return Math.max(40, ...ticks.map((tick) => 14 + tick.label.length * 7));
}
