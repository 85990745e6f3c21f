/**
 * Looks at a run without touching it: histograms of weights, biases, gradients and activations. Bins are chosen the
 * first time a tensor is looked at and then stay, so early and late pictures can be laid side by side.
 */

import type { FloatArray } from '../math/tensor.ts';
import type { LayerType } from '../spec/layer-spec.ts';
import type { HistogramFrame, HistogramKind } from '../spec/histogram.ts';
import type { RunSpec } from '../spec/run-spec.ts';
import type { Origin } from './checkpoint.ts';
import { countValues } from './histogram.ts';
import type { Model, NamedState } from './model.ts';
import { activationEdges, gradientEdges, parameterEdges, type Reach } from './probe-edges.ts';
import type { Scorer } from './scoring.ts';

type Frame = Omit<HistogramFrame, 'runId'>;

export interface ProbeOptions {
  readonly model: Model;
  readonly scorer: Scorer;
  readonly spec: RunSpec['training']['histograms'];
  /** Rows whose activations are shown: always the same ones. */
  readonly rows: Int32Array;
  readonly stepsPerEpoch: number;
  /** Step and epoch that epochs are counted from. */
  readonly origin: Origin;
  readonly totalSteps: number;
  /** The spec's learning rate, before any schedule. */
  readonly lr: number;
  /** Data and loss say how large the network's outputs may grow. */
  readonly usualOutput: number;
  /** True when weight decay or clipping change the gradients after the backward pass. */
  readonly gradientsChange: boolean;
}

/** Layers whose output is worth a histogram; the others only move values about. */
const SHOWN: ReadonlySet<LayerType> = new Set<LayerType>([
  'affine',
  'conv2d',
  'batch-norm',
  'relu',
  'leaky-relu',
  'elu',
  'sigmoid',
  'tanh',
  'softplus',
  'step',
  'softmax',
]);

export class Probes {
  readonly #options: ProbeOptions;
  readonly #early: ReadonlySet<number>;
  readonly #edges = new Map<string, Float32Array>();
  readonly #parameters: readonly NamedState[];
  /** Gradients as the backward pass left them: copies where something changes them afterwards. */
  readonly #gradients: readonly FloatArray[];
  readonly #reach: Reach;
  /** Updates done after the step whose gradients are kept. */
  #gradientsAt = -1;

  /** Only after the arena was committed. */
  constructor(options: ProbeOptions) {
    this.#options = options;
    const { lr, totalSteps, usualOutput } = options;
    this.#reach = { lr, totalSteps, usualOutput };
    const epoch = Math.min(options.stepsPerEpoch, options.totalSteps);
    this.#early = new Set(logSpaced(epoch, options.spec.earlySteps));
    this.#parameters = options.model.states.filter((state) => state.parameter !== null);
    this.#gradients = this.#parameters.map(({ parameter }) => {
      const data = parameter!.gradient.data;
      return options.gradientsChange ? data.slice() : data;
    });
  }

  /** True when the spec asks for histograms once `step` updates are done. */
  dueAt(step: number): boolean {
    const { spec, stepsPerEpoch, origin, totalSteps } = this.#options;
    if (!spec.enabled) return false;
    const epoch = origin.epoch + (step - origin.step) / stepsPerEpoch;
    return epoch % spec.everyEpochs === 0 || step === totalSteps || this.#early.has(step);
  }

  /** Called between the backward pass and anything that changes gradients; `step` counts the update about to be made. */
  keepGradients(step: number): void {
    this.#gradientsAt = step;
    if (!this.#options.gradientsChange) return;
    for (let i = 0; i < this.#gradients.length; i++) {
      this.#gradients[i]!.set(this.#parameters[i]!.parameter!.gradient.data);
    }
  }

  keptGradients(): ReadonlyMap<string, FloatArray> {
    return new Map(this.#parameters.map(({ name }, i) => [name, this.#gradients[i]!]));
  }

  /**
   * One frame for each kind and layer. Activations are those of the probe rows in inference mode with the weights
   * as they are; gradients are those of the step just done, kept
   * when that step was due or all are, so there are none before the first step.
   */
  histograms(step: number): Frame[] {
    const { model, scorer, rows } = this.#options;
    const frames: Frame[] = [];
    for (const [i, state] of this.#parameters.entries()) {
      const { layer, tensor, parameter } = state;
      const isBias = state.field === 'bias' || state.field === 'beta';
      const values = tensor.data;
      const edges = this.#edgesOf(state.name, () => parameterEdges(state, this.#reach));
      frames.push(this.#frame(isBias ? 'biases' : 'weights', layer, step, values, values.length, edges));
      if (isBias || this.#gradientsAt !== step || parameter === null) continue;
      const gradients = this.#gradients[i]!;
      const name = `gradients.${state.name}`;
      const bins = this.#edgesOf(name, () => gradientEdges(gradients));
      frames.push(this.#frame('gradients', layer, step, gradients, gradients.length, bins));
    }
    const count = scorer.forwardOnly(rows);
    for (const [index, entry] of model.layers.entries()) {
      if (!entry.ownOutput || !SHOWN.has(entry.spec.type)) continue;
      const size = count * entry.size;
      const values = entry.layer.output.data;
      const isLast = index === model.layers.length - 1;
      const edges = this.#edgesOf(`activations.${index}`, () =>
        activationEdges(entry.spec.type, values, size, isLast ? this.#reach : null),
      );
      frames.push(this.#frame('activations', index, step, values, size, edges));
    }
    return frames;
  }

  /** The bins chosen so far, for the checkpoint. */
  edges(): ReadonlyMap<string, Float32Array> {
    return this.#edges;
  }
  setEdges(name: string, edges: Float32Array): void {
    this.#edges.set(name, edges);
  }

  #edgesOf(name: string, choose: () => Float32Array): Float32Array {
    let edges = this.#edges.get(name);
    if (edges === undefined) {
      edges = choose();
      this.#edges.set(name, edges);
    }
    return edges;
  }

  #frame(
    kind: HistogramKind,
    layer: number,
    step: number,
    values: FloatArray,
    count: number,
    edges: Float32Array,
  ): Frame {
    const layerName = this.#options.model.layers[layer]?.name ?? '';
    // The frame's arrays go to another thread, the bins stay here.
    return { kind, layer, layerName, step, edges: edges.slice(), ...countValues(values, count, edges) };
  }
}

/** Whole numbers from 1 to `last`, about evenly spread on a log scale; `count` of them or fewer. */
export function logSpaced(last: number, count: number): number[] {
  const steps = Array.from({ length: count }, (_, i) => {
    return Math.round(Math.exp((Math.log(last) * i) / Math.max(1, count - 1)));
  });
  return [...new Set(steps)];
}
