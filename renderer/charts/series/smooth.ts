/** Smoothing of a curve for drawing. The data is never changed; the raw line stays visible under the smoothed one. */

import type { SeriesBuffer } from '../../feed/series-buffer.ts';

/**
 * Debiased exponential moving average of one buffer, extended as the buffer grows.
 *
 * m ← β·m + (1 − β)·v,  w ← β·w + (1 − β),  smoothed = m / w
 *
 * A reduced curve has gaps: where d steps lie between two of its points, β becomes β^d, so that the average looks back
 * over as many steps as on the whole curve.
 *
 * Dividing by w takes out the pull towards the start value, so a constant stays exactly constant (Kingma and Ba,
 * Adam, section 3, use the same correction). Points that are not finite are passed over: they give NaN and leave
 * the average as it was.
 */
export class Smoother {
  readonly beta: number;
  readonly #buffer: SeriesBuffer;
  #smoothed = new Float32Array(256);
  #length = 0;
  #generation = -1;
  #mean = 0;
  #weight = 0;

  /** @param beta 0 (no smoothing) up to, not including, 1. */
  constructor(buffer: SeriesBuffer, beta: number) {
    this.#buffer = buffer;
    this.beta = beta;
  }

  /** One smoothed value for each point of the buffer. A view: valid until the buffer's next change. */
  values(): Float32Array {
    const { values, length, generation } = this.#buffer;
    if (this.beta === 0) return values;
    if (generation !== this.#generation) {
      this.#generation = generation;
      this.#length = 0;
      this.#mean = 0;
      this.#weight = 0;
    }
    if (length > this.#smoothed.length) {
      const grown = new Float32Array(Math.max(length, this.#smoothed.length * 2));
      grown.set(this.#smoothed.subarray(0, this.#length));
      this.#smoothed = grown;
    }
    const { steps, complete } = this.#buffer;
    for (let i = this.#length; i < length; i++) {
      const value = values[i] ?? Number.NaN;
      const gap = complete || i === 0 ? 1 : (steps[i] ?? 0) - (steps[i - 1] ?? 0);
      const beta = gap > 1 ? this.beta ** gap : this.beta;
      if (!Number.isFinite(value)) {
        this.#smoothed[i] = Number.NaN;
        continue;
      }
      this.#mean = beta * this.#mean + (1 - beta) * value;
      this.#weight = beta * this.#weight + (1 - beta);
      this.#smoothed[i] = this.#mean / this.#weight;
    }
    this.#length = length;
    return this.#smoothed.subarray(0, length);
  }
}

/** Smoothing values a person can choose; 0 is off. */
export const SMOOTHING_CHOICES = [0, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999] as const;

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
