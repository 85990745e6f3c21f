/** Smoothing of a curve for drawing. The data is never changed; the raw line stays visible under the smoothed one. */

import type { SeriesBuffer } from '../../feed/series-buffer.ts';
import { WindowMean } from './window-mean.ts';

/**
 * How a curve is smoothed. 0: not at all. Below 1: an exponential moving average with that β. From 2 on: the plain mean
 * of the points of the last so many steps.
 */
export type Smoothing = number;

/** Debiased exponential or plain moving average of one buffer, extended as the buffer grows. */
export class Smoother {
  readonly smoothing: Smoothing;
  readonly #buffer: SeriesBuffer;
  #smoothed = new Float32Array(256);
  #length = 0;
  #generation = -1;
  #average: Average;

  constructor(buffer: SeriesBuffer, smoothing: Smoothing) {
    this.#buffer = buffer;
    this.smoothing = smoothing;
    this.#average = averageOf(smoothing);
  }

  /** One smoothed value for each point of the buffer. A view: valid until the buffer's next change. */
  values(): Float32Array {
    const { values, length, generation } = this.#buffer;
    if (this.smoothing === 0) return values;
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#length = 0;
      this.#average = averageOf(this.smoothing);
    }
    if (length > this.#smoothed.length) {
      const grown = new Float32Array(Math.max(length, this.#smoothed.length * 2));
      grown.set(this.#smoothed.subarray(0, this.#length));
      this.#smoothed = grown;
    }
    this.#average.extend(this.#buffer, this.#length, this.#smoothed);
    this.#length = length;
    return this.#smoothed.subarray(0, length);
  }
}

interface Average {
  /** Writes the smoothed values of the points from `from` on. Points that are not finite give NaN and do not count. */
  readonly extend: (buffer: SeriesBuffer, from: number, into: Float32Array) => void;
}

function averageOf(smoothing: Smoothing): Average {
  return smoothing < 1 ? new ExponentialAverage(smoothing) : new PlainAverage(smoothing);
}

/**
 * m ← β·m + (1 − β)·v,  w ← β·w + (1 − β),  smoothed = m / w
 *
 * A reduced curve has gaps: where d steps lie between two of its points, β becomes β^d, so that the average looks back
 * over as many steps as on the whole curve.
 *
 * Dividing by w takes out the pull towards the start value, so a constant stays exactly constant (Kingma and Ba,
 * Adam, section 3, use the same correction).
 */
class ExponentialAverage implements Average {
  readonly #beta: number;
  #mean = 0;
  #weight = 0;

  constructor(beta: number) {
    this.#beta = beta;
  }

  extend({ values, steps, length, complete }: SeriesBuffer, from: number, into: Float32Array): void {
    for (let i = from; i < length; i++) {
      const value = values[i] ?? Number.NaN;
      const gap = complete || i === 0 ? 1 : (steps[i] ?? 0) - (steps[i - 1] ?? 0);
      const beta = gap > 1 ? this.#beta ** gap : this.#beta;
      if (!Number.isFinite(value)) {
        into[i] = Number.NaN;
        continue;
      }
      this.#mean = beta * this.#mean + (1 - beta) * value;
      this.#weight = beta * this.#weight + (1 - beta);
      into[i] = this.#mean / this.#weight;
    }
  }
}

/** The mean of the points of the last n steps, fewer at the start. */
class PlainAverage implements Average {
  readonly #steps: number;
  #oldest = 0;
  readonly #window = new WindowMean();

  constructor(steps: number) {
    this.#steps = steps;
  }

  extend(buffer: SeriesBuffer, from: number, into: Float32Array): void {
    const { values, steps, length } = buffer;
    const window = this.#window;
    // The buffer may have moved to a larger array; the points are the same.
    window.readFrom(values);
    for (let i = from; i < length; i++) {
      window.push();
      const first = (steps[i] ?? 0) - this.#steps;
      while ((steps[this.#oldest] ?? 0) <= first) this.#oldest++;
      window.dropBefore(this.#oldest);
      into[i] = Number.isFinite(values[i] ?? Number.NaN) ? window.mean : Number.NaN;
    }
  }
}

/** β of the exponential averages a person can choose; 0 is off. */
export const SMOOTHING_CHOICES = [0, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999] as const;

/** Steps of the plain averages a person can choose; 0 is off. */
export const AVERAGE_CHOICES = [0, 5, 10, 30, 100, 300, 1000] as const;

/** How many steps back a smoothed value still depends on. */
export function smoothingReach(smoothing: Smoothing): number {
  if (smoothing === 0) return 0;
  return smoothing < 1 ? Math.ceil(5 / (1 - smoothing)) : smoothing;
}

/** The choice whose window of about 1 / (1 − β) steps is nearest to an eightieth of the planned steps. */
export function defaultSmoothing(plannedSteps: number): number {
  const window = Math.min(1000, Math.max(10, plannedSteps / 80));
  let best = 0.9;
  for (const choice of SMOOTHING_CHOICES) {
    if (choice < 0.9) continue;
    const distance = (beta: number): number => Math.abs(Math.log(1 / (1 - beta) / window));
    if (distance(choice) < distance(best)) best = choice;
  }
  return best;
}
