/** The accuracy chart: epoch means of the training rows, and the validation split. Starts where the data does. */

import type { SeriesBuffer } from '../../feed/series-buffer.ts';
import { formatPercent } from '../../text/format.ts';
import { rightMargin } from '../plot.ts';
import { accuracyRange, linearTicks, type Range } from '../ticks.ts';
import type { Tick, XScale } from '../x-axis.ts';
import { drawCurves, emptiness, gapMarkers } from './line-model.ts';
import type { DrawnCurve, LineChartModel, MarkerModel } from './line-model.ts';
import { TRAIN_SLOT, VALIDATION_SLOT } from './loss.ts';

export interface AccuracyInput {
  readonly train: SeriesBuffer;
  readonly validation: SeriesBuffer;
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** Width of the chart, pixels. */
  readonly width: number;
  readonly hidden: ReadonlySet<string>;
}

export function accuracyModel(input: AccuracyInput): LineChartModel {
  const { range, scale, train, validation } = input;
  const columns = Math.max(16, Math.round(input.width - 52));
  const list = [
    { id: 'train', slot: TRAIN_SLOT, role: 'line', buffer: train, values: train.values } as const,
    { id: 'validation', slot: VALIDATION_SLOT, role: 'line', buffer: validation, values: validation.values } as const,
  ].filter((source) => source.buffer.length > 0 && !input.hidden.has(source.id));
  const curves = drawCurves(list, { scale, range, columns, log: false });
  const y = accuracyRange(valuesInRange(curves));
  const xTicks = scale.ticks(range, input.width, input.closed);
  return {
    margins: { left: 40, right: rightMargin(xTicks, range, input.width - 52), top: 8, bottom: 22 },
    x: { ...range, ticks: xTicks },
    y: { ...y, log: false, ticks: percentTicks(y) },
    lines: curves.map((curve) => curve.line),
    markers: [...gapMarkers(curves, y), ...belowMarkers(curves, y, scale)],
    empty: curves.length === 0 ? 'none' : emptiness(curves),
  };
}

/** The unit is written once, at the top: 70, 80, 90, 100%. */
export function percentTicks(y: Range): Tick[] {
  const values = linearTicks(y, 5);
  return values.map((value, i) => ({
    value,
    label: formatPercent(value, y.max - y.min < 0.03 ? 1 : 0) + (i === values.length - 1 ? '%' : ''),
  }));
}

/** All values in order of x, so that "the first tenth" means the start of every curve alike. */
function valuesInRange(curves: readonly DrawnCurve[]): number[] {
  const points: { x: number; y: number }[] = [];
  for (const { line } of curves) {
    for (let i = 0; i < line.points.length; i += 2) points.push({ x: line.points[i] ?? 0, y: line.points[i + 1] ?? 0 });
  }
  return points.sort((a, b) => a.x - b.x).map((point) => point.y);
}

/** One triangle a curve for the points below the axis, with their number. */
export function belowMarkers(curves: readonly DrawnCurve[], y: Range, scale: XScale): MarkerModel[] {
  return curves.flatMap(({ line }) => {
    const xs: number[] = [];
    for (let i = 0; i < line.points.length; i += 2) {
      if ((line.points[i + 1] ?? 0) < y.min - 1e-6) xs.push(line.points[i] ?? 0);
    }
    const x = xs[xs.length - 1];
    if (x === undefined) return [];
    return [
      { kind: 'below', slot: line.slot, x, y: y.min, step: Math.round(scale.toStep(x)), count: xs.length } as const,
    ];
  });
}
