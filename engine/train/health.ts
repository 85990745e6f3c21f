/**
 * Measures every layer at some of the steps (see `HEALTH_MEASURES`), in memory of its own and without changing anything
 * the training reads: a run is the same to the bit whether, and how often, it is looked at.
 */

import type { Arena, Kernels } from '../kernels/kernels.ts';
import type { FloatArray, Tensor } from '../math/tensor.ts';
import { HEALTH_MEASURES, SATURATION, healthLayers, healthWidth, type HealthLayer } from '../spec/health.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import type { RunSpec } from '../spec/run-spec.ts';
import type { Parameter } from '../layers/layer.ts';
import type { Model } from './model.ts';
import type { Scorer } from './scoring.ts';

/** Steps between two samples unless the spec says otherwise… */
const USUAL_STEPS = 100;
/** …and more in a long run, so that it has about this many samples. */
const USUAL_SAMPLES = 10_000;

export interface HealthOptions {
  readonly kernels: Kernels;
  readonly model: Model;
  readonly scorer: Scorer;
  readonly layers: readonly LayerSpec[];
  readonly spec: RunSpec['training']['health'];
  /** Rows whose activations are looked at: always the same ones. */
  readonly rows: Int32Array;
  readonly totalSteps: number;
}

/** One row of the table, with everything looked up. */
interface Watched {
  readonly parameters: readonly Parameter[];
  /** The parameter whose updates are compared with its size. */
  readonly weight: Parameter;
  /** Its values before the update, then the difference. */
  readonly before: Tensor;
  readonly output: Tensor;
  /** Values of one row of the output. */
  readonly size: number;
  /** Values of one unit in a row: 1, or the area of a channel. */
  readonly spatial: number;
  readonly isRelu: boolean;
  readonly flat: { readonly low: number; readonly high: number } | null;
  /** 1 for a unit that has fired. */
  readonly fired: Uint8Array;
}

/** Takes the samples of one run. */
export class HealthProbe {
  readonly #options: HealthOptions;
  readonly #interval: number;
  readonly #watched: readonly Watched[];
  readonly #row: Float32Array;
  /** ‖w‖ before the update. */
  readonly #norms: Float64Array;
  /** Updates done after the step whose gradients and updates are in the row; −1 for none. */
  #updateAt = -1;

  /** Reserves its memory; nothing may be called before the arena is committed. */
  constructor(arena: Arena, options: HealthOptions) {
    this.#options = options;
    const { model, layers, spec, totalSteps } = options;
    this.#interval = spec.everySteps ?? Math.max(USUAL_STEPS, Math.ceil(totalSteps / USUAL_SAMPLES));
    const rows = healthLayers(layers);
    this.#watched = spec.enabled ? rows.map((row) => watch(row, model, arena, layers)) : [];
    this.#row = new Float32Array(spec.enabled ? healthWidth(rows) : 0).fill(NaN);
    this.#norms = new Float64Array(this.#watched.length);
  }

  /** True when a sample belongs to the state after `step` updates: early ones at powers of two, then every so often. */
  dueAt(step: number): boolean {
    if (!this.#options.spec.enabled) return false;
    if (step % this.#interval === 0 || step === this.#options.totalSteps) return true;
    return step < this.#interval && (step & (step - 1)) === 0;
  }

  get enabled(): boolean {
    return this.#options.spec.enabled;
  }

  /** After the backward pass, before anything changes the gradients; `step` counts the update about to be made. */
  takeGradients(step: number): void {
    const { kernels } = this.#options;
    this.#updateAt = step;
    for (let i = 0; i < this.#watched.length; i++) {
      const { parameters } = this.#watched[i]!;
      let squares = 0;
      for (let k = 0; k < parameters.length; k++) squares += kernels.sumSquares(parameters[k]!.gradient);
      this.#row[i * MEASURES] = Math.sqrt(squares);
      this.#row[i * MEASURES + 1] = NaN;
    }
  }

  /** Right before the update. */
  beforeUpdate(): void {
    const { kernels } = this.#options;
    for (let i = 0; i < this.#watched.length; i++) {
      const { weight, before } = this.#watched[i]!;
      before.data.set(weight.value.data);
      this.#norms[i] = Math.sqrt(kernels.sumSquares(weight.value));
    }
  }

  /** Right after it. */
  afterUpdate(): void {
    const { kernels } = this.#options;
    for (let i = 0; i < this.#watched.length; i++) {
      const { weight, before } = this.#watched[i]!;
      kernels.addScaled(before, weight.value, -1);
      const norm = this.#norms[i]!;
      this.#row[i * MEASURES + 1] = norm === 0 ? NaN : Math.sqrt(kernels.sumSquares(before)) / norm;
    }
  }

  /**
   * The sample of the state after `step` updates. Gradients and updates are those of the step just done when that one
   * was due, else NaN. The array is used again: copy what you keep.
   */
  sample(step: number): Float32Array {
    if (!this.enabled) throw new Error('health was asked of a run whose spec has it switched off');
    const { scorer, rows } = this.#options;
    const count = scorer.forwardOnly(rows);
    for (let i = 0; i < this.#watched.length; i++) {
      const at = i * MEASURES;
      if (this.#updateAt !== step) this.#row[at] = this.#row[at + 1] = NaN;
      this.#activations(this.#watched[i]!, count, at + 2);
    }
    return this.#row;
  }

  #activations(watched: Watched, count: number, at: number): void {
    const { output, size, isRelu, flat } = watched;
    const values = output.data;
    const all = count * size;
    // Sums of differences from the first value keep their digits where the spread is small beside the mean.
    const shift = values[0]!;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < all; i++) {
      const difference = values[i]! - shift;
      sum += difference;
      squares += difference * difference;
    }
    const mean = sum / all;
    const variance = squares / all - mean * mean;
    this.#row[at] = shift + mean;
    // Rounding may take a variance of 0 below it; NaN stays NaN.
    this.#row[at + 1] = variance < 0 ? 0 : Math.sqrt(variance);
    this.#row[at + 2] = isRelu ? deadShare(watched, values, count) : NaN;
    this.#row[at + 3] = flat === null ? NaN : flatShare(values, all, flat.low, flat.high);
  }
}

const MEASURES = HEALTH_MEASURES.length;

function watch(row: HealthLayer, model: Model, arena: Arena, layers: readonly LayerSpec[]): Watched {
  const { parameters } = model.layers[row.layer]!.layer;
  const weight = parameters.find(({ field }) => field === 'weight' || field === 'gamma');
  if (weight === undefined) throw new Error(`${row.name} has no weights to watch`);
  const { layer, size } = model.layers[row.output]!;
  const spec = layers[row.output]!;
  const channels = layer.output.shape.length === 4 ? layer.output.shape[1]! : size;
  const limits = SATURATION[spec.type];
  // elu levels off at −α.
  const alpha = spec.type === 'elu' ? spec.alpha : 1;
  return {
    parameters,
    weight,
    before: arena.tensor(weight.value.shape),
    output: layer.output,
    size,
    spatial: size / channels,
    isRelu: spec.type === 'relu',
    flat: limits === undefined ? null : { low: limits.low * alpha, high: limits.high },
    fired: new Uint8Array(spec.type === 'relu' ? channels : 0),
  };
}

function deadShare({ fired, size, spatial }: Watched, values: FloatArray, count: number): number {
  fired.fill(0);
  for (let row = 0; row < count; row++) {
    let i = row * size;
    for (let unit = 0; unit < fired.length; unit++) {
      const end = i + spatial;
      // A NaN is no silence.
      for (; i < end; i++) if (!(values[i]! <= 0)) fired[unit] = 1;
    }
  }
  let dead = 0;
  for (let unit = 0; unit < fired.length; unit++) if (fired[unit] === 0) dead++;
  return dead / fired.length;
}

function flatShare(values: FloatArray, count: number, low: number, high: number): number {
  let flat = 0;
  for (let i = 0; i < count; i++) {
    const value = values[i]!;
    if (value <= low || value >= high) flat++;
  }
  return flat / count;
}
