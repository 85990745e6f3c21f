/** Norm of each layer's gradient over the steps, on a log axis: where a divergence began. */

import { rightMargin } from '../plot.ts';
import type { Range } from '../ticks.ts';
import { logRange } from '../ticks.ts';
import type { XScale } from '../x-axis.ts';
import { leftMargin, type LineChartModel, type MarkerModel } from './line-model.ts';
import { lossTicks } from './loss.ts';

export interface NormCurve {
  readonly id: string;
  readonly slot: number;
  readonly steps: readonly number[];
  readonly norms: readonly number[];
}

export interface NormsInput {
  readonly curves: readonly NormCurve[];
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** Width of the chart, pixels. */
  readonly width: number;
  readonly hidden: ReadonlySet<string>;
}

/** A norm that is not finite breaks its line and gets the octagon, one that is 0 the triangle at the bottom. */
export function normsModel(input: NormsInput): LineChartModel {
  const curves = input.curves.filter((curve) => !input.hidden.has(curve.id));
  let low = Infinity;
  let high = -Infinity;
  for (const { norms } of curves) {
    for (const norm of norms) {
      if (!Number.isFinite(norm) || norm <= 0) continue;
      low = Math.min(low, norm);
      high = Math.max(high, norm);
    }
  }
  const y = low <= high ? logRange(low, high) : { min: 0.1, max: 1 };
  const ticks = lossTicks(y, true);
  const xTicks = input.scale.ticks(input.range, input.width, input.closed);
  const markers: MarkerModel[] = [];
  const lines = curves.map((curve) => {
    const points = new Float64Array(2 * curve.steps.length);
    let last = y.max;
    curve.steps.forEach((step, i) => {
      const x = input.scale.fromStep(step);
      const norm = curve.norms[i] ?? Number.NaN;
      const drawable = Number.isFinite(norm) && norm > 0;
      points[2 * i] = x;
      points[2 * i + 1] = drawable ? norm : Number.NaN;
      if (drawable) {
        last = norm;
        return;
      }
      const kind = Number.isFinite(norm) ? 'not-positive' : 'not-finite';
      markers.push({ kind, slot: curve.slot, x, y: kind === 'not-finite' ? last : y.min, step, count: 1 });
    });
    return { id: curve.id, slot: curve.slot, role: 'line' as const, points };
  });
  return {
    margins: { left: leftMargin(ticks), right: rightMargin(xTicks, input.range, input.width - 52), top: 8, bottom: 22 },
    x: { ...input.range, ticks: xTicks },
    y: { ...y, log: true, ticks },
    lines,
    markers,
    empty: input.curves.some((curve) => curve.steps.length > 0) ? 'no' : 'none',
  };
}
