/** What is measured of every layer while a run trains, and the columns it travels in. */

import type { RunId } from './ids.ts';
import { layerNames } from './layer-names.ts';
import type { LayerSpec, LayerType } from './layer-spec.ts';

/**
 * Of one layer at one step, with n updates done:
 * - `gradient-norm`: ‖g‖ over all its parameters, of update n, before weight decay and clipping; of a run that diverged
 *   by its gradient the last sample has that of update n + 1, which was not made (see `isRefused`)
 * - `update-ratio`: ‖Δw‖ / ‖w‖ of its weights (gamma for batch norm), w before update n
 * - `activation-mean`, `activation-std`: over the values its activation gives for the probe rows, in inference mode
 * - `dead`: share of its units whose relu gives 0 for every probe row; a unit of a convolution is a filter
 * - `saturated`: share of the values where the activation is all but flat (see `SATURATION`)
 *
 * NaN where a measure does not apply: the first two before the first update, `dead` without a relu, `saturated` where
 * the activation has no flat end.
 */
export const HEALTH_MEASURES = [
  'gradient-norm',
  'update-ratio',
  'activation-mean',
  'activation-std',
  'dead',
  'saturated',
] as const;
export type HealthMeasure = (typeof HEALTH_MEASURES)[number];

/**
 * Where an activation counts as flat: where its slope is below about a hundredth. `low` and `high` are outputs.
 * sigmoid: y(1 − y) < 0.0099; tanh: 1 − y² < 0.02; elu (α = 1): y + 1 < 0.01; softplus: 1 − e^−y < 0.01.
 * Glorot & Bengio 2010, section 3, look at sigmoid and tanh the same way.
 */
export const SATURATION: Readonly<Partial<Record<LayerType, { readonly low: number; readonly high: number }>>> = {
  sigmoid: { low: 0.01, high: 0.99 },
  tanh: { low: -0.99, high: 0.99 },
  elu: { low: -0.99, high: Infinity },
  softplus: { low: 0.01, high: Infinity },
};

/** A layer with parameters, and the activation that acts on what it gives. */
export interface HealthLayer {
  /** Position in the model's expanded layer list, from 0. */
  readonly layer: number;
  /** "affine 1". */
  readonly name: string;
  /** null when nothing bends its output before the next layer with parameters. */
  readonly activation: LayerType | null;
  /** Position of the layer whose output is looked at: the activation's, else its own. */
  readonly output: number;
  /** Its output is the network's. */
  readonly last: boolean;
}

const WITH_PARAMETERS: ReadonlySet<LayerType> = new Set<LayerType>(['affine', 'conv2d', 'batch-norm']);
const ACTIVATIONS: ReadonlySet<LayerType> = new Set<LayerType>([
  'relu',
  'leaky-relu',
  'elu',
  'sigmoid',
  'tanh',
  'softplus',
  'step',
  'softmax',
]);

/** The rows of a health table, in layer order. `layers` is the expanded list. */
export function healthLayers(layers: readonly LayerSpec[]): HealthLayer[] {
  const names = layerNames(layers);
  const withParameters = layers.flatMap(({ type }, i) => (WITH_PARAMETERS.has(type) ? [i] : []));
  return withParameters.map((layer, i) => {
    const end = withParameters[i + 1] ?? layers.length;
    const between = layers.slice(layer + 1, end).findIndex(({ type }) => ACTIVATIONS.has(type));
    const output = between < 0 ? layer : layer + 1 + between;
    return {
      layer,
      name: names[layer] ?? String(layer),
      activation: between < 0 ? null : (layers[output]?.type ?? null),
      output,
      last: i === withParameters.length - 1,
    };
  });
}

/**
 * Samples in columns: `values` holds, for each step, `HEALTH_MEASURES` of each of `healthLayers`, one layer after the
 * other. Rising in step; NaN and infinities are ordinary values.
 */
export interface HealthChunk {
  readonly runId: RunId;
  /** Updates done when the sample was taken. */
  readonly steps: Int32Array;
  readonly values: Float32Array;
  /** Training time at the first and the last sample, milliseconds. */
  readonly startMs: number;
  readonly endMs: number;
}

/** The samples of a run as the store gives them. */
export interface HealthSamples {
  readonly steps: Int32Array;
  /** As in a chunk. */
  readonly values: Float32Array;
  /** Training time of each sample, milliseconds. */
  readonly elapsedMs: Float32Array;
  /** Samples the run took; more than `steps.length` when some were left out. */
  readonly total: number;
}

/** Values of one sample. */
export function healthWidth(layers: readonly HealthLayer[]): number {
  return layers.length * HEALTH_MEASURES.length;
}

/** Where a layer's measure is among the values of a sample; `row` counts `healthLayers`. */
export function healthColumn(row: number, measure: HealthMeasure): number {
  return row * HEALTH_MEASURES.length + HEALTH_MEASURES.indexOf(measure);
}

/** One chunk of several that follow each other in time. Throws a RangeError for none. */
export function mergeHealth(chunks: readonly HealthChunk[]): HealthChunk {
  const [first] = chunks;
  const last = chunks.at(-1);
  if (first === undefined || last === undefined) throw new RangeError('mergeHealth: expected at least one chunk');
  if (first === last) return first;
  const steps = new Int32Array(chunks.reduce((sum, chunk) => sum + chunk.steps.length, 0));
  const values = new Float32Array(chunks.reduce((sum, chunk) => sum + chunk.values.length, 0));
  let at = 0;
  let valuesAt = 0;
  for (const chunk of chunks) {
    steps.set(chunk.steps, at);
    values.set(chunk.values, valuesAt);
    at += chunk.steps.length;
    valuesAt += chunk.values.length;
  }
  return { ...first, steps, values, endMs: last.endMs };
}
