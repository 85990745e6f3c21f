/** The loss chart: training loss smoothed over its raw line, validation loss dashed, log by default. */

import type { SeriesBuffer } from '../../feed/series-buffer.ts';
import { formatTick } from '../format.ts';
import { rightMargin } from '../plot.ts';
import { linearRange, linearTicks, logRange, logTicks, type Range } from '../ticks.ts';
import type { Tick, XScale } from '../x-axis.ts';
import { drawCurves, emptiness, extentOf, gapMarkers, leftMargin } from './line-model.ts';
import type { CurveSource, DrawnCurve, LineChartModel, MarkerModel } from './line-model.ts';

export const TRAIN_SLOT = 1;
export const VALIDATION_SLOT = 2;

export interface LossInput {
  /** Every mini-batch. */
  readonly batch: SeriesBuffer;
  /** Smoothed values of `batch`, or its own values when smoothing is off. */
  readonly smoothed: ArrayLike<number>;
  readonly smoothing: boolean;
  /** Mean of each epoch; drawn only when there is no batch curve. */
  readonly train: SeriesBuffer;
  readonly validation: SeriesBuffer;
  readonly log: boolean;
  readonly scale: XScale;
  readonly range: Range;
  readonly closed: boolean;
  /** Marks where the training loss of a diverged run ends. */
  readonly diverged?: boolean;
  /** Width of the chart, pixels. */
  readonly width: number;
  /** Ids of lines that are hidden. */
  readonly hidden: ReadonlySet<string>;
}

export function lossModel(input: LossInput): LineChartModel {
  const { range, scale, log } = input;
  const columns = Math.max(16, Math.round(input.width - 52));
  const curves = drawCurves(sources(input), { scale, range, columns, log });
  const extent = extentOf(curves);
  const y = extent === null ? { min: log ? 0.1 : 0, max: 1 } : (log ? logRange : linearRange)(extent.low, extent.high);
  const ticks = lossTicks(y, log);
  const xTicks = scale.ticks(range, input.width, input.closed);
  return {
    margins: { left: leftMargin(ticks), right: rightMargin(xTicks, range, input.width - 52), top: 8, bottom: 22 },
    x: { ...range, ticks: xTicks },
    y: { ...y, log, ticks },
    lines: curves.map((curve) => curve.line),
    markers: [...gapMarkers(withoutSmoothed(curves), y), ...endMarker(input, y)],
    empty: emptiness(curves),
  };
}

/** A smoothed line has the gaps of its raw one: they are marked once. */
export function withoutSmoothed(curves: readonly DrawnCurve[]): DrawnCurve[] {
  const raw = new Set(curves.filter((curve) => curve.line.role === 'raw').map((curve) => curve.line.slot));
  return curves.filter((curve) => curve.line.role === 'raw' || !raw.has(curve.line.slot));
}

/** The octagon at the last training loss of a diverged run; one that is not finite has its own. */
function endMarker({ batch, diverged, hidden, scale, range, log }: LossInput, y: Range): MarkerModel[] {
  const last = batch.length - 1;
  const value = batch.values[last];
  const step = batch.steps[last];
  if (diverged !== true || hidden.has('train') || value === undefined || step === undefined) return [];
  if (!Number.isFinite(value) || (log && value <= 0)) return [];
  const { xs, scale: xScale } = scale.column(batch);
  const x = (xs[last] ?? 0) * xScale;
  if (x < range.min || x > range.max) return [];
  return [{ kind: 'stopped', slot: TRAIN_SLOT, x, y: Math.min(y.max, Math.max(y.min, value)), step, count: 1 }];
}

/** Decades on a log axis, round numbers on a linear one. */
export function lossTicks(y: Range, log: boolean): Tick[] {
  return (log ? logTicks(y) : linearTicks(y, 4)).map((value) => ({ value, label: formatTick(value) }));
}

function sources(input: LossInput): CurveSource[] {
  const { batch, train, validation, hidden } = input;
  const list: CurveSource[] = [];
  if (!hidden.has('train')) {
    if (batch.length === 0) {
      list.push({ id: 'train', slot: TRAIN_SLOT, role: 'line', buffer: train, values: train.values });
    } else if (input.smoothing) {
      list.push({ id: 'batch', slot: TRAIN_SLOT, role: 'raw', buffer: batch, values: batch.values });
      list.push({ id: 'train', slot: TRAIN_SLOT, role: 'line', buffer: batch, values: input.smoothed });
    } else {
      list.push({ id: 'train', slot: TRAIN_SLOT, role: 'line', buffer: batch, values: batch.values });
    }
  }
  if (validation.length > 0 && !hidden.has('validation')) {
    list.push({
      id: 'validation',
      slot: VALIDATION_SLOT,
      role: 'line',
      buffer: validation,
      values: validation.values,
    });
  }
  return list;
}
