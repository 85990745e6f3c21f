/**
 * One curve of one run in plain typed arrays: the whole history as the store gave it, extended by the live feed.
 * Never reactive: whoever changes a buffer bumps a version, and charts look at it once a frame.
 */

import type { Curve, MetricChunk, MetricId, Split } from '../../engine/spec/metric.ts';

/** Key of a curve in a map: "loss/validation". */
export type SeriesKey = `${MetricId}/${Split}`;

export function seriesKey(metric: MetricId, split: Split): SeriesKey {
  return `${metric}/${split}`;
}

export class SeriesBuffer {
  readonly metric: MetricId;
  readonly split: Split;
  /** Points held. */
  length = 0;
  /** Points the run logged up to the last point held; more than `length` while the curve is a reduced one. */
  total = 0;
  /** Counts up with every change. */
  version = 0;
  /** Counts up when points before the end changed, so that what was computed from them is void. */
  generation = 0;
  #steps = new Int32Array(256);
  #values = new Float32Array(256);
  #elapsed = new Float64Array(256);

  constructor(metric: MetricId, split: Split) {
    this.metric = metric;
    this.split = split;
  }

  /** Steps of the points, strictly rising. A view: valid until the next change. */
  get steps(): Int32Array {
    return this.#steps.subarray(0, this.length);
  }

  /** Values of the points; NaN and infinities are kept as logged. A view. */
  get values(): Float32Array {
    return this.#values.subarray(0, this.length);
  }

  /** Training time of the points, milliseconds. A view. */
  get elapsedMs(): Float64Array {
    return this.#elapsed.subarray(0, this.length);
  }

  get lastStep(): number {
    return this.length === 0 ? -1 : (this.#steps[this.length - 1] ?? -1);
  }

  /** True when every point the run logged is held. */
  get complete(): boolean {
    return this.total <= this.length;
  }

  /**
   * Takes the store's curve as the history. Points that the feed brought after the curve's last step stay:
   * the feed may run ahead of the read.
   */
  replace(curve: Curve): void {
    const count = Math.min(curve.steps.length, curve.values.length);
    const last = count === 0 ? -1 : (curve.steps[count - 1] ?? -1);
    const from = this.#firstAfter(last);
    const tail = this.length - from;
    const steps = this.#steps.slice(from, this.length);
    const values = this.#values.slice(from, this.length);
    const elapsed = this.#elapsed.slice(from, this.length);
    this.#reserve(count + tail);
    this.#steps.set(curve.steps.subarray(0, count));
    this.#values.set(curve.values.subarray(0, count));
    this.#elapsed.set(curve.elapsedMs.subarray(0, count));
    this.#steps.set(steps, count);
    this.#values.set(values, count);
    this.#elapsed.set(elapsed, count);
    this.length = count + tail;
    this.total = Math.max(curve.total, count) + tail;
    this.generation++;
    this.version++;
  }

  /**
   * Adds a chunk. Steps already held keep one point, the chunk's: a resumed run logs some steps again.
   * Returns how many points are new.
   */
  append(chunk: MetricChunk): number {
    const count = Math.min(chunk.steps.length, chunk.values.length);
    if (count === 0) return 0;
    const inOrder = (chunk.steps[0] ?? 0) > this.lastStep;
    const before = this.length;
    if (inOrder) {
      this.#reserve(before + count);
      for (let i = 0; i < count; i++) this.#write(before + i, chunk, i, count);
      this.length = before + count;
    } else {
      this.#merge(chunk, count);
      this.generation++;
    }
    const added = this.length - before;
    this.total += added;
    this.version++;
    return added;
  }

  clear(): void {
    this.length = 0;
    this.total = 0;
    this.generation++;
    this.version++;
  }

  /** Index of the last point at or before a step, −1 when there is none. */
  indexAt(step: number): number {
    return this.#firstAfter(step) - 1;
  }

  /** Value of the last point at or before a step, null when there is none. */
  valueAt(step: number): number | null {
    const index = this.indexAt(step);
    return index < 0 ? null : (this.#values[index] ?? null);
  }

  #write(at: number, chunk: MetricChunk, i: number, count: number): void {
    this.#steps[at] = chunk.steps[i] ?? 0;
    this.#values[at] = chunk.values[i] ?? Number.NaN;
    const share = count === 1 ? 1 : i / (count - 1);
    this.#elapsed[at] = chunk.startMs + share * (chunk.endMs - chunk.startMs);
  }

  /** Slow path: the chunk overlaps what is held. */
  #merge(chunk: MetricChunk, count: number): void {
    const old = { steps: this.steps.slice(), values: this.values.slice(), elapsed: this.elapsedMs.slice() };
    this.#reserve(this.length + count);
    let a = 0;
    let b = 0;
    let n = 0;
    while (a < old.steps.length || b < count) {
      const left = a < old.steps.length ? (old.steps[a] ?? 0) : Infinity;
      const right = b < count ? (chunk.steps[b] ?? 0) : Infinity;
      if (left < right) {
        this.#steps[n] = left;
        this.#values[n] = old.values[a] ?? Number.NaN;
        this.#elapsed[n] = old.elapsed[a] ?? 0;
      } else {
        this.#write(n, chunk, b, count);
        b++;
      }
      if (left <= right) a++;
      n++;
    }
    this.length = n;
  }

  #firstAfter(step: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#steps[middle] ?? 0) <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #reserve(size: number): void {
    if (size <= this.#steps.length) return;
    let capacity = this.#steps.length;
    while (capacity < size) capacity *= 2;
    const steps = new Int32Array(capacity);
    const values = new Float32Array(capacity);
    const elapsed = new Float64Array(capacity);
    steps.set(this.steps);
    values.set(this.values);
    elapsed.set(this.elapsedMs);
    this.#steps = steps;
    this.#values = values;
    this.#elapsed = elapsed;
  }
}
