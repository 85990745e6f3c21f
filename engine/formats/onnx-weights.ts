/**
 * The inference network as ONNX (operator set 13, IR version 7), weights included, for ONNX Runtime and others.
 * Input `input` (batch, …input shape), normalised as in training (the model card in the metadata says how); output
 * `output` (batch, outputs): probabilities for classifiers, else what the last layer gives.
 */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import type { LayerSpec, LossSpec } from '../spec/layer-spec.ts';
import { inferShapes, sizeOf, type Shape } from '../spec/shapes.ts';
import {
  onnxFloats,
  ONNX_FLOAT,
  onnxInts,
  onnxModel,
  onnxNode,
  onnxValue,
  type OnnxAttribute,
} from './onnx-messages.ts';
import { readMessage, readPackedInts, type MessageWriter } from './protobuf.ts';
import { decodeUtf8 } from './utf8.ts';
import { fitWeights, placedWeights, weightLayout, type FoundTensor, type WeightModel } from './weight-layout.ts';
import type { NamedTensor, WeightSet } from './weight-set.ts';

const CARD_KEY = 'descent';
/** Protocol buffers end at 2 GiB. */
const MAX_BYTES = 2 ** 31 - 1;

/** Writes the graph. `loss` decides whether a softmax or sigmoid closes it; `card` is the model card as JSON, or ''. */
export function encodeOnnx(model: WeightModel, weights: WeightSet, loss: LossSpec, card = ''): Uint8Array {
  const placed = placedWeights(weightLayout(model), weights);
  if (placed.reduce((sum, [, data]) => sum + data.byteLength, 0) > MAX_BYTES - 2 ** 20) {
    throw new DataError('onnx: expected weights of less than 2 GiB; use safetensors for larger ones');
  }
  const graph = new GraphBuilder();
  for (const [place, data] of placed) graph.initializers.push(onnxFloats(place.name, place.shape, data));
  const { layers: shapes } = inferShapes(
    { input: model.inputShape, task: 'regression', outputs: 1 },
    model.layers,
    'mse',
  );
  let output: Shape = model.inputShape;
  for (const [index, layer] of model.layers.entries()) {
    addLayer(graph, layer, index, output);
    output = shapes[index]?.output ?? output;
  }
  if (output.length > 1) graph.node('Flatten', [], { axis: { int: 1 } });
  const type = typeof loss === 'string' ? loss : loss.type;
  if (type === 'softmax-cross-entropy') graph.node('Softmax', [], { axis: { int: 1 } });
  if (type === 'binary-cross-entropy') graph.node('Sigmoid');
  graph.nodes.push(onnxNode('Identity', [graph.last], 'output'));
  const ends = { input: onnxValue('input', model.inputShape), output: onnxValue('output', [sizeOf(output)]) };
  const { nodes, initializers } = graph;
  return onnxModel({ nodes, initializers, ...ends }, card === '' ? {} : { [CARD_KEY]: card });
}

/** The model's tensors from a file Descent wrote. Throws a DataError when the file is wrong or does not fit. */
export function decodeOnnx(bytes: Uint8Array, model: WeightModel, name: string): NamedTensor[] {
  const found = new Map<string, FoundTensor>();
  for (const { field, bytes: graph } of readMessage(bytes, name)) {
    if (field !== 7) continue;
    for (const part of readMessage(graph, name)) {
      if (part.field !== 5) continue;
      const tensor = readTensor(part.bytes, name);
      if (tensor.key.startsWith('constant.')) continue;
      if (found.has(tensor.key)) throw new DataError(say`${name}: tensor ${JSON.stringify(tensor.key)} comes twice`);
      found.set(tensor.key, tensor);
    }
  }
  return fitWeights(name, weightLayout(model), 'own', found);
}

/** The card as JSON when Descent wrote the file, else ''. */
export function readOnnxCard(bytes: Uint8Array, name: string): string {
  for (const { field, bytes: entry } of readMessage(bytes, name)) {
    if (field !== 14) continue;
    const fields = new Map([...readMessage(entry, name)].map((part) => [part.field, part.bytes]));
    if (text(fields.get(1), name) === CARD_KEY) return text(fields.get(2), name);
  }
  return '';
}

class GraphBuilder {
  readonly nodes: MessageWriter[] = [];
  readonly initializers: MessageWriter[] = [];
  /** Name of the newest value. */
  last = 'input';

  /** Adds a node whose first input is the newest value. */
  node(type: string, inputs: readonly string[] = [], attributes: Readonly<Record<string, OnnxAttribute>> = {}): void {
    const output = `value.${this.nodes.length}`;
    this.nodes.push(onnxNode(type, [this.last, ...inputs], output, attributes));
    this.last = output;
  }

  /** Adds a constant number and returns its name. */
  constant(value: number): string {
    const name = `constant.${this.initializers.length}`;
    this.initializers.push(onnxFloats(name, [], Float32Array.of(value)));
    return name;
  }

  /** Adds the shape (batch, …rest) as a constant and returns its name. 0 keeps the batch as it is. */
  shape(rest: Shape): string {
    const name = `constant.${this.initializers.length}`;
    this.initializers.push(onnxInts(name, [0, ...rest]));
    return name;
  }
}

function addLayer(graph: GraphBuilder, layer: LayerSpec, index: number, input: Shape): void {
  const own = (...fields: string[]): string[] => fields.map((field) => `layers.${index}.${field}`);
  switch (layer.type) {
    case 'affine':
      if (input.length > 1) graph.node('Flatten', [], { axis: { int: 1 } });
      return graph.node('Gemm', own('weight', 'bias'));
    case 'conv2d': {
      const { kernel, stride, padding } = layer;
      return graph.node('Conv', own('weight', 'bias'), {
        kernel_shape: { ints: [kernel, kernel] },
        strides: { ints: [stride, stride] },
        pads: { ints: [padding, padding, padding, padding] },
      });
    }
    case 'max-pool2d':
    case 'avg-pool2d': {
      const stride = layer.stride ?? layer.kernel;
      return graph.node(layer.type === 'max-pool2d' ? 'MaxPool' : 'AveragePool', [], {
        kernel_shape: { ints: [layer.kernel, layer.kernel] },
        strides: { ints: [stride, stride] },
      });
    }
    case 'batch-norm':
      return graph.node('BatchNormalization', own('gamma', 'beta', 'runningMean', 'runningVar'), {
        epsilon: { float: layer.epsilon },
      });
    case 'dropout':
      // Inverted dropout is the identity outside training; the book's form scales what comes through.
      if (layer.form === 'book') graph.node('Mul', [graph.constant(1 - layer.rate)]);
      return;
    case 'flatten':
      return graph.node('Flatten', [], { axis: { int: 1 } });
    case 'softmax': {
      if (input.length === 1) return graph.node('Softmax', [], { axis: { int: 1 } });
      graph.node('Flatten', [], { axis: { int: 1 } });
      graph.node('Softmax', [], { axis: { int: 1 } });
      return graph.node('Reshape', [graph.shape(input)]);
    }
    case 'step':
      graph.node('Greater', [graph.constant(0)]);
      return graph.node('Cast', [], { to: { int: ONNX_FLOAT } });
    case 'leaky-relu':
      return graph.node('LeakyRelu', [], { alpha: { float: layer.slope } });
    case 'elu':
      return graph.node('Elu', [], { alpha: { float: layer.alpha } });
    case 'relu':
      return graph.node('Relu');
    case 'sigmoid':
      return graph.node('Sigmoid');
    case 'tanh':
      return graph.node('Tanh');
    case 'softplus':
      return graph.node('Softplus');
    case 'identity':
      return;
  }
}

function readTensor(bytes: Uint8Array, file: string): FoundTensor & { readonly key: string } {
  const shape: number[] = [];
  let key = '';
  let type = 0;
  let raw: Uint8Array | null = null;
  for (const part of readMessage(bytes, file)) {
    // A list of sizes may be written one by one or packed into one field.
    if (part.field === 1) shape.push(...(part.bytes.length > 0 ? readPackedInts(part.bytes) : [part.int]));
    if (part.field === 2) type = part.int;
    if (part.field === 8) key = text(part.bytes, file);
    // Floats come as raw bytes or as a packed list; both are little-endian float32.
    if (part.field === 9 || part.field === 4) raw = part.bytes;
  }
  const values = (): Float32Array => {
    const size = shape.reduce((product, n) => product * n, 4);
    if (type !== ONNX_FLOAT || raw?.length !== size) {
      throw new DataError(
        say`${file}, ${key}: expected ${size} bytes of float32, got ${raw?.length ?? 0} of type ${type}`,
      );
    }
    return new Float32Array(new Uint8Array(raw).buffer);
  };
  return { key, shape, values };
}

function text(bytes: Uint8Array | undefined, name: string): string {
  try {
    return decodeUtf8(bytes ?? new Uint8Array(0));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DataError(say`${name}: not an ONNX file, or damaged: a name is not UTF-8`);
  }
}
