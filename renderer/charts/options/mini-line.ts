/** A curve in a cell of a table: its path, the places of values that cannot be drawn, and the range all cells share. */

import { yToPixel, xToPixel, type PlotBox, type Size } from '../plot.ts';
import { joinGaps, reduceCurve, type Gap } from '../series/reduce.ts';
import { linearRange, logRange, type Range } from '../ticks.ts';
import type { CurvePoints, XScale } from '../x-axis.ts';

export type MiniAxis = 'log' | 'linear' | 'share';

export interface MiniCurve extends CurvePoints {
  readonly values: ArrayLike<number>;
}

export interface MiniMark {
  readonly kind: Gap['kind'];
  readonly x: number;
  readonly y: number;
  readonly step: number;
  readonly count: number;
}

export interface MiniLine {
  readonly box: PlotBox;
  /** SVG path data; '' when nothing can be drawn. */
  readonly path: string;
  /** The area between the curve and what it spreads by; '' without one. */
  readonly band: string;
  /** Where values are not finite or, on a log axis, not above 0; pixels. */
  readonly marks: readonly MiniMark[];
}

/** Room around the plot for the line's own width. */
const INSET = 2;
/** Marks nearer than this are one, pixels. */
const MARK_DISTANCE = 10;

export function miniBox({ width, height }: Size): PlotBox {
  return { x: INSET, y: INSET, width: Math.max(1, width - 2 * INSET), height: Math.max(1, height - 2 * INSET) };
}

/** The range of all curves of one measure: layers can only be told apart on one scale. */
export function sharedRange(curves: readonly MiniCurve[], axis: MiniAxis): Range {
  if (axis === 'share') return { min: 0, max: 1 };
  let low = Infinity;
  let high = -Infinity;
  for (const { values } of curves) {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value) || (axis === 'log' && value <= 0)) continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  if (low > high) return axis === 'log' ? { min: 0.1, max: 1 } : { min: 0, max: 1 };
  return axis === 'log' ? logRange(low, high) : linearRange(low, high);
}

export interface MiniInput {
  readonly curve: MiniCurve;
  /** Values the curve spreads by to either side, as long as it. */
  readonly spread?: ArrayLike<number> | undefined;
  readonly scale: XScale;
  readonly range: Range;
  readonly y: Range;
  readonly axis: MiniAxis;
  readonly size: Size;
}

export function miniLine({ curve, spread, scale, range, y, axis, size }: MiniInput): MiniLine {
  const box = miniBox(size);
  const log = axis === 'log';
  const { xs, scale: xScale } = scale.column(curve);
  const reduced = reduceCurve({
    xs,
    xScale,
    ys: curve.values,
    from: range.min,
    to: range.max,
    columns: Math.round(box.width),
    positiveOnly: log,
  });
  const px = (x: number): number => round(xToPixel(box, range, x));
  const py = (value: number): number => {
    return round(yToPixel(box, y, log, Math.min(y.max, Math.max(y.min, value))));
  };
  let path = '';
  let drawing = false;
  const upper: string[] = [];
  const lower: string[] = [];
  for (let i = 0; i < reduced.indices.length; i++) {
    const value = reduced.points[2 * i + 1] ?? Number.NaN;
    if (Number.isNaN(value)) {
      drawing = false;
      continue;
    }
    const x = px(reduced.points[2 * i] ?? 0);
    path += `${drawing ? 'L' : 'M'}${x} ${py(value)}`;
    drawing = true;
    const by = spread?.[reduced.indices[i] ?? 0] ?? Number.NaN;
    if (!Number.isFinite(by)) continue;
    upper.push(`${x} ${py(value + by)}`);
    lower.push(`${x} ${py(value - by)}`);
  }
  // NaN is what was not measured, as before the first update.
  const gaps = reduced.gaps.filter((gap) => !Number.isNaN(curve.values[gap.index] ?? Number.NaN));
  const apart = ((range.max - range.min) / box.width) * MARK_DISTANCE;
  const marks = joinGaps(gaps, apart).map(({ kind, x, lastValue, index, count }) => {
    const height = kind === 'not-positive' ? box.y + box.height : py(lastValue ?? y.max);
    return { kind, x: px(x), y: height, step: curve.steps[index] ?? 0, count };
  });
  const band = upper.length > 1 ? `M${upper.join('L')}L${lower.reverse().join('L')}Z` : '';
  return { box, path, band, marks };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
