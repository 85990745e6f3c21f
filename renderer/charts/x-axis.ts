/** The horizontal axis all charts of a page share: steps, epochs, samples, time, and the way from one to the other. */

import type { ClockMark, RunDetail } from '../../electron/contract/runs.ts';
import { formatCount } from '../text/format.ts';
import { formatSeconds, formatTick } from './format.ts';
import { linearTicks, timeTicks, withEnd, type Range } from './ticks.ts';
import { dateLabel, dateLabels, dateTicks, elapsedAt, wallAt } from './wall-clock.ts';

/** `time` is training time, pauses left out; `wall` is when it was, in UTC seconds. */
export const X_UNITS = ['step', 'epoch', 'samples', 'time', 'wall'] as const;
export type XUnit = (typeof X_UNITS)[number];

/** The points of a curve as an axis needs them. */
export interface CurvePoints {
  readonly steps: ArrayLike<number>;
  readonly elapsedMs: ArrayLike<number>;
  readonly length: number;
}

/** About the width of a character of an axis label, pixels. */
export const CHARACTER = 6.6;

export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** Training rows a step sees, on average: rows drawn with replacement fill every batch, an epoch's last one may be smaller. */
export function samplesPerStep(detail: RunDetail | null, stepsPerEpoch: number): number {
  if (detail === null) return 1;
  const { sampling, batchSize } = detail.spec.training;
  return sampling === 'replacement' ? batchSize : detail.splitSizes.train / Math.max(1, stepsPerEpoch);
}

/** When a run's training clock was started; runs from before that was kept began it once. */
export function clockMarks(detail: RunDetail | null): readonly ClockMark[] {
  if (detail === null || detail.clock.length > 0) return detail?.clock ?? [];
  const { startedAt } = detail.summary;
  return startedAt === null ? [] : [{ elapsedMs: 0, at: startedAt }];
}

/** Columns of moments, kept while the points they were made of stay the same. */
const moments = new WeakMap<object, { readonly key: string; readonly xs: Float64Array }>();

/** Converts between steps and the unit on the axis. Times are in seconds and come from the points of one curve. */
export class XScale {
  readonly unit: XUnit;
  /** `#units` units of the axis for every `#steps` steps; unused for time. */
  readonly #units: number;
  readonly #steps: number;
  readonly #clock: CurvePoints | null;
  readonly #marks: readonly ClockMark[];

  /**
   * @param clock the curve with the most points; gives the training time of steps between its points too
   * @param rowsPerStep training rows a step sees, on average over an epoch
   * @param marks when the training clock was started, for the clock on the wall
   */
  constructor(
    unit: XUnit,
    stepsPerEpoch: number,
    clock: CurvePoints | null,
    rowsPerStep = 1,
    marks: readonly ClockMark[] = [],
  ) {
    this.unit = unit;
    this.#units = unit === 'samples' ? rowsPerStep : 1;
    this.#steps = unit === 'epoch' ? Math.max(1, stepsPerEpoch) : 1;
    this.#clock = clock;
    this.#marks = marks;
  }

  /** Column of a buffer that holds x, and the factor that makes it x. */
  column(buffer: CurvePoints): { readonly xs: ArrayLike<number>; readonly scale: number } {
    if (this.unit === 'time') return { xs: buffer.elapsedMs, scale: 1 / 1000 };
    if (this.unit === 'wall') return { xs: this.#momentsOf(buffer), scale: 1 };
    return { xs: buffer.steps, scale: this.#units / this.#steps };
  }

  fromStep(step: number): number {
    if (this.#counts) return (step * this.#units) / this.#steps;
    const clock = this.#clock;
    const elapsed = clock === null || clock.length === 0 ? 0 : interpolate(clock.steps, clock.elapsedMs, step);
    return (this.unit === 'wall' ? wallAt(this.#marks, elapsed) : elapsed) / 1000;
  }

  /** The step at x; between two points of the clock in proportion. */
  toStep(x: number): number {
    if (this.#counts) return (x * this.#steps) / this.#units;
    const clock = this.#clock;
    if (clock === null || clock.length === 0) return 0;
    const elapsed = this.unit === 'wall' ? elapsedAt(this.#marks, x * 1000) : x * 1000;
    return interpolate(clock.elapsedMs, clock.steps, elapsed);
  }

  /** Where the axis begins: 0, or when training began. */
  get start(): number {
    return this.unit === 'wall' ? this.fromStep(0) : 0;
  }

  /** Steps are counted; times are read off a curve. */
  get #counts(): boolean {
    return this.unit !== 'time' && this.unit !== 'wall';
  }

  #momentsOf(buffer: CurvePoints): Float64Array {
    const { elapsedMs, length } = buffer;
    const key = `${length} ${elapsedMs[length - 1] ?? 0} ${this.#marks.map(({ at }) => at).join(' ')}`;
    const known = moments.get(buffer);
    if (known?.key === key) return known.xs;
    const xs = Float64Array.from({ length }, (_, i) => wallAt(this.#marks, elapsedMs[i] ?? 0) / 1000);
    moments.set(buffer, { key, xs });
    return xs;
  }

  /** @param closed the range ends where the run ended: its end is a label of its own */
  ticks(range: Range, width: number, closed: boolean): Tick[] {
    if (this.unit === 'wall') return wallTicks(range, width);
    const longest = this.label(range.max).length;
    const count = Math.max(2, Math.min(5, Math.floor(width / (longest * CHARACTER + 24))));
    const round = this.unit === 'time' ? timeTicks(range, count) : linearTicks(range, count);
    const usable =
      this.unit === 'step' || this.unit === 'samples' ? round.filter((value) => Number.isInteger(value)) : round;
    const room = (longest * CHARACTER + 10) / width;
    const values = closed && !usable.includes(range.max) ? withEnd(usable, range, Math.max(0.1, room)) : usable;
    const short = this.unit === 'time' && range.max - range.min < 5;
    return values.map((value) => ({ value, label: short ? secondsText(value) : this.label(value) }));
  }

  label(value: number): string {
    if (this.unit === 'wall') return dateLabel(value, 0, true);
    if (this.unit === 'time') return formatSeconds(Number.isInteger(value) ? value : Math.round(value * 10) / 10);
    return this.unit === 'epoch' ? formatTick(Math.round(value * 100) / 100) : formatCount(value);
  }
}

/** The date stands at the first tick, so that has room for it. */
function wallTicks(range: Range, width: number): Tick[] {
  const span = range.max - range.min;
  const longest = dateLabel(range.max, span, true).length * CHARACTER + 16;
  const values = dateTicks(range, Math.max(1, Math.min(5, Math.floor(width / longest))));
  const labels = dateLabels(values, span);
  return values.map((value, i) => ({ value, label: labels[i] ?? '' }));
}

/** Below five seconds a clock's figures would all be the same. */
function secondsText(value: number): string {
  return `${formatTick(Math.round(value * 1000) / 1000)} s`;
}

/** Value of the piecewise linear function through (from[i], to[i]) at x; ends are extended flat. `from` rises. */
export function interpolate(from: ArrayLike<number>, to: ArrayLike<number>, x: number): number {
  let low = 0;
  let high = from.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((from[middle] ?? 0) <= x) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return to[0] ?? 0;
  if (low === from.length) return to[from.length - 1] ?? 0;
  const x0 = from[low - 1] ?? 0;
  const x1 = from[low] ?? 0;
  const y0 = to[low - 1] ?? 0;
  const y1 = to[low] ?? 0;
  return x1 === x0 ? y1 : y0 + ((x - x0) / (x1 - x0)) * (y1 - y0);
}
