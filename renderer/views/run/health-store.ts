/** Samples of the layers' health of one run: what the store had, and what the feed brings. Never reactive itself. */

import {
  HEALTH_MEASURES,
  type HealthChunk,
  type HealthMeasure,
  type HealthSamples,
} from '../../../engine/spec/health.ts';

/** One measure of one layer over the steps. */
export interface HealthCurve {
  readonly steps: Int32Array;
  readonly elapsedMs: Float32Array;
  readonly values: Float32Array;
  readonly length: number;
}

const NONE: HealthSamples = {
  steps: new Int32Array(),
  values: new Float32Array(),
  elapsedMs: new Float32Array(),
  total: 0,
};

export class HealthStore {
  #samples: HealthSamples = NONE;
  #curves = new Map<number, HealthCurve>();

  get samples(): HealthSamples {
    return this.#samples;
  }

  /** Takes the store's samples; newer ones that the feed brought stay. */
  replace(read: HealthSamples): void {
    const held = this.#samples;
    this.#set(read);
    const last = read.steps.at(-1) ?? -1;
    const from = held.steps.findIndex((step) => step > last);
    if (from < 0) return;
    const width = held.values.length / held.steps.length;
    this.#add(held.steps.subarray(from), held.values.subarray(from * width), held.elapsedMs.subarray(from));
  }

  /** Adds a chunk of the feed; samples already held are left out. */
  append({ steps, values, startMs, endMs }: HealthChunk): void {
    const last = this.#samples.steps.at(-1) ?? -1;
    const from = steps.findIndex((step) => step > last);
    if (from < 0) return;
    const width = values.length / steps.length;
    const slope = steps.length > 1 ? (endMs - startMs) / (steps.length - 1) : 0;
    const elapsed = Float32Array.from(steps, (_, i) => startMs + slope * i);
    this.#add(steps.subarray(from), values.subarray(from * width), elapsed.subarray(from));
  }

  clear(): void {
    this.#set(NONE);
  }

  /** A layer's measure; `row` counts `healthLayers`, `rows` is their number. The same object until samples come. */
  curve(row: number, measure: HealthMeasure, rows: number): HealthCurve {
    const width = rows * HEALTH_MEASURES.length;
    const column = row * HEALTH_MEASURES.length + HEALTH_MEASURES.indexOf(measure);
    const known = this.#curves.get(column);
    if (known !== undefined) return known;
    const { steps, values, elapsedMs } = this.#samples;
    const own = new Float32Array(steps.length);
    for (let i = 0; i < own.length; i++) own[i] = values[i * width + column] ?? NaN;
    const curve = { steps, elapsedMs, values: own, length: own.length };
    this.#curves.set(column, curve);
    return curve;
  }

  #add(steps: Int32Array, values: Float32Array, elapsedMs: Float32Array): void {
    const held = this.#samples;
    this.#set({
      steps: joined(held.steps, steps, Int32Array),
      values: joined(held.values, values, Float32Array),
      elapsedMs: joined(held.elapsedMs, elapsedMs, Float32Array),
      total: held.total + steps.length,
    });
  }

  #set(samples: HealthSamples): void {
    this.#samples = samples;
    this.#curves = new Map();
  }
}

function joined<A extends Int32Array | Float32Array>(a: A, b: A, Make: new (length: number) => A): A {
  const both = new Make(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
