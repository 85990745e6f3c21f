/** The horizontal axis all charts of a page share: step, epoch or training time, and the way from one to the other. */

import { formatCount } from '../text/format.ts';
import { formatSeconds, formatTick } from './format.ts';
import { linearTicks, timeTicks, withEnd, type Range } from './ticks.ts';

export const X_UNITS = ['step', 'epoch', 'time'] as const;
/** Where runs with other batch sizes stand side by side. */
export const COMPARED_UNITS = ['step', 'epoch', 'samples', 'time'] as const;
export type XUnit = (typeof COMPARED_UNITS)[number];

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

/** Converts between steps and the unit on the axis. Time is in seconds and comes from the points of one curve. */
export class XScale {
  readonly unit: XUnit;
  /** `#units` units of the axis for every `#steps` steps; unused for time. */
  readonly #units: number;
  readonly #steps: number;
  readonly #clock: CurvePoints | null;

  /**
   * @param clock the curve with the most points; gives the training time of steps between its points too
   * @param samplesPerStep training rows a step sees, on average over an epoch
   */
  constructor(unit: XUnit, stepsPerEpoch: number, clock: CurvePoints | null, samplesPerStep = 1) {
    this.unit = unit;
    this.#units = unit === 'samples' ? samplesPerStep : 1;
    this.#steps = unit === 'epoch' ? Math.max(1, stepsPerEpoch) : 1;
    this.#clock = clock;
  }

  /** Column of a buffer that holds x, and the factor that makes it x. */
  column(buffer: CurvePoints): { readonly xs: ArrayLike<number>; readonly scale: number } {
    if (this.unit === 'time') return { xs: buffer.elapsedMs, scale: 1 / 1000 };
    return { xs: buffer.steps, scale: this.#units / this.#steps };
  }

  fromStep(step: number): number {
    if (this.unit !== 'time') return (step * this.#units) / this.#steps;
    const clock = this.#clock;
    return clock === null || clock.length === 0 ? 0 : interpolate(clock.steps, clock.elapsedMs, step) / 1000;
  }

  /** The step at x; between two points of the clock in proportion. */
  toStep(x: number): number {
    if (this.unit !== 'time') return (x * this.#steps) / this.#units;
    const clock = this.#clock;
    return clock === null || clock.length === 0 ? 0 : interpolate(clock.elapsedMs, clock.steps, x * 1000);
  }

  /** @param closed the range ends where the run ended: its end is a label of its own */
  ticks(range: Range, width: number, closed: boolean): Tick[] {
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
    if (this.unit === 'time') return formatSeconds(Number.isInteger(value) ? value : Math.round(value * 10) / 10);
    return this.unit === 'epoch' ? formatTick(Math.round(value * 100) / 100) : formatCount(value);
  }
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
