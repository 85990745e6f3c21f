/** A figure of every layer over the steps: gradient norms on a log axis, shares from 0 to 100%, spreads. */

import { rightMargin } from '../plot.ts';
import { linearRange, logRange, type Range } from '../ticks.ts';
import type { XScale } from '../x-axis.ts';
import { percentTicks } from './accuracy.ts';
import { leftMargin, type LineChartModel, type MarkerModel } from './line-model.ts';
import { lossTicks } from './loss.ts';

export interface NormCurve {
  readonly id: string;
  readonly slot: number;
  readonly steps: ArrayLike<number>;
  readonly norms: ArrayLike<number>;
}

export interface NormsInput {
  readonly curves: readonly NormCurve[];
  /** `share` is an axis from 0 to 100%. @default 'log' */
  readonly axis?: 'log' | 'linear' | 'share';
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** Width of the chart, pixels. */
  readonly width: number;
  readonly hidden: ReadonlySet<string>;
}

/**
 * A value that is not finite breaks its line and gets the octagon, on a log axis one that is 0 the triangle at the
 * bottom. NaN is what was not measured: it has no mark.
 */
export function normsModel(input: NormsInput): LineChartModel {
  const curves = input.curves.filter((curve) => !input.hidden.has(curve.id));
  const axis = input.axis ?? 'log';
  const log = axis === 'log';
  const y = axis === 'share' ? { min: 0, max: 1 } : valueRange(curves, log);
  const ticks = axis === 'share' ? percentTicks(y) : lossTicks(y, log);
  const xTicks = input.scale.ticks(input.range, input.width, input.closed);
  const markers: MarkerModel[] = [];
  const lines = curves.map((curve) => {
    const { points, marks } = drawn(curve, input.scale, y, log);
    markers.push(...marks);
    return { id: curve.id, slot: curve.slot, role: 'line' as const, points };
  });
  return {
    margins: { left: leftMargin(ticks), right: rightMargin(xTicks, input.range, input.width - 52), top: 8, bottom: 22 },
    x: { ...input.range, ticks: xTicks },
    y: { ...y, log, ticks },
    lines,
    markers,
    empty: input.curves.some((curve) => curve.steps.length > 0) ? 'no' : 'none',
  };
}

function valueRange(curves: readonly NormCurve[], log: boolean): Range {
  let low = Infinity;
  let high = -Infinity;
  for (const { norms } of curves) {
    for (let i = 0; i < norms.length; i++) {
      const norm = norms[i] ?? Number.NaN;
      if (!Number.isFinite(norm) || (log && norm <= 0)) continue;
      low = Math.min(low, norm);
      high = Math.max(high, norm);
    }
  }
  if (low > high) return { min: log ? 0.1 : 0, max: 1 };
  return log ? logRange(low, high) : linearRange(low, high);
}

function drawn(
  curve: NormCurve,
  scale: XScale,
  y: Range,
  log: boolean,
): { readonly points: Float64Array; readonly marks: MarkerModel[] } {
  const points = new Float64Array(2 * curve.steps.length);
  const marks: MarkerModel[] = [];
  let last = y.max;
  for (let i = 0; i < curve.steps.length; i++) {
    const step = curve.steps[i] ?? 0;
    const x = scale.fromStep(step);
    const norm = curve.norms[i] ?? Number.NaN;
    const drawable = Number.isFinite(norm) && (norm > 0 || !log);
    points[2 * i] = x;
    points[2 * i + 1] = drawable ? norm : Number.NaN;
    if (drawable) last = norm;
    else if (!Number.isNaN(norm)) {
      const kind = Number.isFinite(norm) ? 'not-positive' : 'not-finite';
      marks.push({ kind, slot: curve.slot, x, y: kind === 'not-finite' ? last : y.min, step, count: 1 });
    }
  }
  return { points, marks };
}
