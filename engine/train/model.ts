/** A network built from its spec: layers in a row over one arena, forward through all, backward to the first trained one. */

import { said } from '../spec/message.ts';
import { createLayer, epilogueOf } from '../layers/create-layer.ts';
import { NO_EPILOGUE, type Layer, type Parameter, type Statistic } from '../layers/layer.ts';
import type { Arena, Kernels } from '../kernels/kernels.ts';
import type { Tensor } from '../math/tensor.ts';
import { pooledConv2dLayers } from '../layers/pooled-conv2d.ts';
import { layerNames } from '../spec/layer-names.ts';
import type { LayerSpec } from '../spec/layer-spec.ts';
import { SpecError } from '../spec/run-spec.ts';
import { sizeOf, type ModelShapes, type Shape } from '../spec/shapes.ts';

export interface ModelOptions {
  readonly layers: readonly LayerSpec[];
  /** Inferred from the same layers; must hold no issue. */
  readonly shapes: ModelShapes;
  readonly inputShape: Shape;
  readonly kernels: Kernels;
  readonly arena: Arena;
  /** Most rows a batch can have. */
  readonly capacity: number;
  readonly seed: number;
  /** False for inference only: no gradient buffers, and `step` layers are welcome. */
  readonly training: boolean;
}

export interface ModelLayer {
  readonly spec: LayerSpec;
  /** "affine 1", as people see it. */
  readonly name: string;
  readonly layer: Layer;
  /** Values of one row of the output. */
  readonly size: number;
  /** False for an affine or conv2d layer whose output is already that of the activation after it. */
  readonly ownOutput: boolean;
}

/** A parameter or running statistic with its name in weight sets and checkpoints. */
export interface NamedState {
  /** `layers.<index>.<field>` */
  readonly name: string;
  readonly layer: number;
  readonly field: Parameter['field'] | Statistic['field'];
  readonly tensor: Tensor;
  /** null for a running statistic. */
  readonly parameter: Parameter | null;
  /** Starting value of a running statistic. */
  readonly initial: number;
}

export interface Model {
  readonly layers: readonly ModelLayer[];
  readonly input: Tensor;
  readonly outputs: Tensor;
  /** Values of one row of the outputs. */
  readonly columns: number;
  readonly parameters: readonly Parameter[];
  readonly parameterCount: number;
  /** Parameters and running statistics in layer order. */
  readonly states: readonly NamedState[];
  /** Where the loss puts its gradient; only when built for training. */
  readonly outputGradient: Tensor | null;
  forward(rows: number, training: boolean, step: number): void;
  backward(rows: number, step: number): void;
}

/** Throws a SpecError for shapes that do not fit, a model with nothing to train, or a step layer in the way of learning. */
export function buildModel(options: ModelOptions): Model {
  const { kernels, arena, capacity, shapes } = options;
  if (shapes.issues.length > 0) {
    const issues = shapes.issues.map((i) => ({ path: `model.layers.${i.layer}.${i.field}`, ...said(i) }));
    throw new SpecError(issues);
  }
  if (options.training) checkTrainable(options.layers);
  const names = layerNames(options.layers);
  const input = arena.tensor([capacity, ...options.inputShape]);
  const layers: ModelLayer[] = [];
  let tensor = input;
  let absorbed = false;
  /** A pooling layer made with the convolution before it, until its turn comes. */
  let waiting: { readonly index: number; readonly layer: Layer } | null = null;
  for (const [index, spec] of options.layers.entries()) {
    const shape = shapes.layers[index];
    if (shape === null || shape === undefined) throw new Error(`layer ${index} has no shape`);
    const name = names[index] ?? spec.type;
    const takesEpilogue = spec.type === 'affine' || spec.type === 'conv2d';
    const epilogue = (takesEpilogue ? epilogueOf(options.layers[index + 1]) : null) ?? NO_EPILOGUE;
    const context = {
      kernels,
      arena,
      capacity,
      name,
      inputShape: shape.input,
      outputShape: shape.output,
      input: tensor,
      epilogue,
      biasCancels: takesEpilogue && nextWorking(options.layers, index)?.type === 'batch-norm',
      seed: options.seed,
    };
    const fused = epilogue.activation !== 'none';
    const poolIndex = index + (fused ? 2 : 1);
    const pool = options.layers[poolIndex];
    let layer: Layer;
    if (waiting !== null && index === waiting.index) {
      layer = waiting.layer;
      waiting = null;
    } else if (spec.type === 'conv2d' && pool?.type === 'max-pool2d') {
      const pair = pooledConv2dLayers(context, spec, pool, shapes.layers[poolIndex]?.output ?? []);
      layer = pair.conv2d;
      waiting = { index: poolIndex, layer: pair.maxPool2d };
    } else {
      layer = createLayer(context, absorbed ? { type: 'identity' } : spec);
    }
    layers.push({ spec, name, layer, size: sizeOf(shape.output), ownOutput: !fused });
    absorbed = fused;
    tensor = layer.output;
  }
  const parts = layers.map((entry) => entry.layer);
  const flow = options.training ? gradientFlow(layers, options) : null;
  const parameters = parts.flatMap((layer) => [...layer.parameters]);
  return {
    layers,
    input,
    outputs: tensor,
    columns: layers.at(-1)?.size ?? 0,
    parameters,
    parameterCount: parameters.reduce((sum, p) => sum + p.value.size, 0),
    states: layers.flatMap((entry, index) => namedStates(entry.layer, index)),
    outputGradient: flow?.dys.at(-1) ?? null,
    forward(rows, training, step) {
      for (let i = 0; i < parts.length; i++) parts[i]!.forward(rows, training, step);
    },
    backward(rows, step) {
      if (flow === null) throw new Error('the model was built for inference only');
      for (let i = parts.length - 1; i >= flow.first; i--) {
        parts[i]!.backward(flow.dys[i]!, flow.dxs[i]!, rows, step);
      }
    },
  };
}

/** The next layer that changes values. */
function nextWorking(layers: readonly LayerSpec[], index: number): LayerSpec | undefined {
  return layers.slice(index + 1).find(({ type }) => type !== 'identity' && type !== 'flatten');
}

/** Where each layer finds the gradient of its output and puts that of its input. */
interface GradientFlow {
  /** The first layer that is trained: what lies before it needs no gradient. */
  readonly first: number;
  readonly dys: readonly Tensor[];
  readonly dxs: readonly (Tensor | null)[];
}

/** Two buffers, used in turn, are enough: a gradient is not needed once the one before it is made. */
function gradientFlow(layers: readonly ModelLayer[], options: ModelOptions): GradientFlow {
  const first = layers.findIndex(({ layer }) => layer.parameters.length > 0);
  const largest = Math.max(...layers.slice(first).map((entry) => entry.size));
  const needsSecond = layers.slice(first + 1).some(({ layer }) => layer.gradientFlow === 'apart');
  let current = options.arena.tensor([options.capacity * largest]);
  let other = needsSecond ? options.arena.tensor([options.capacity * largest]) : current;
  const dys: Tensor[] = [];
  const dxs: (Tensor | null)[] = [];
  for (let i = layers.length - 1; i >= first; i--) {
    dys[i] = current;
    if (layers[i]!.layer.gradientFlow === 'apart') [current, other] = [other, current];
    dxs[i] = i === first ? null : current;
  }
  return { first, dys, dxs };
}

function namedStates(layer: Layer, index: number): NamedState[] {
  const name = (field: string): string => `layers.${index}.${field}`;
  return [
    ...layer.parameters.map((parameter): NamedState => {
      const { field, value } = parameter;
      return { name: name(field), layer: index, field, tensor: value, parameter, initial: 0 };
    }),
    ...layer.statistics.map(({ field, value, initial }): NamedState => {
      return { name: name(field), layer: index, field, tensor: value, parameter: null, initial };
    }),
  ];
}

function checkTrainable(layers: readonly LayerSpec[]): void {
  const first = layers.findIndex(({ type }) => type === 'affine' || type === 'conv2d' || type === 'batch-norm');
  if (first < 0) {
    throw new SpecError([{ path: 'model.layers', message: 'expected at least one layer with parameters to train' }]);
  }
  const step = layers.findIndex((layer, index) => index > first && layer.type === 'step');
  if (step >= 0) {
    const message = 'a step layer cannot be trained through: its slope is 0 everywhere; use sigmoid or relu instead';
    throw new SpecError([{ path: `model.layers.${step}.type`, message }]);
  }
}
