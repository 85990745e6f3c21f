/** The messages of ONNX that a network of ours is made of. Field numbers are those of onnx.proto (IR version 7). */

import { MessageWriter } from './protobuf.ts';

/** TensorProto.DataType. */
export const ONNX_FLOAT = 1;
const ONNX_INT64 = 7;

/** An attribute: a float, or whole numbers (one or a list). */
export type OnnxAttribute =
  { readonly float: number } | { readonly int: number } | { readonly ints: readonly number[] };

export function onnxNode(
  type: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, OnnxAttribute>> = {},
): MessageWriter {
  const node = new MessageWriter();
  for (const input of inputs) node.text(1, input);
  node.text(2, output).text(3, output).text(4, type);
  for (const [name, value] of Object.entries(attributes)) {
    const attribute = new MessageWriter().text(1, name);
    if ('float' in value) attribute.float(2, value.float).int(20, 1);
    else if ('int' in value) attribute.int(3, value.int).int(20, 2);
    else {
      for (const n of value.ints) attribute.int(8, n);
      attribute.int(20, 7);
    }
    node.message(5, attribute);
  }
  return node;
}

export function onnxFloats(name: string, shape: readonly number[], values: Float32Array): MessageWriter {
  const tensor = new MessageWriter();
  for (const size of shape) tensor.int(1, size);
  return tensor
    .int(2, ONNX_FLOAT)
    .text(8, name)
    .blob(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

export function onnxInts(name: string, values: readonly number[]): MessageWriter {
  const data = BigInt64Array.from(values, BigInt);
  return new MessageWriter()
    .int(1, values.length)
    .int(2, ONNX_INT64)
    .text(8, name)
    .blob(9, new Uint8Array(data.buffer));
}

/** A float input or output (batch, …shape) with a batch of any size. */
export function onnxValue(name: string, shape: readonly number[]): MessageWriter {
  const dimensions = new MessageWriter().message(1, new MessageWriter().text(2, 'batch'));
  for (const size of shape) dimensions.message(1, new MessageWriter().int(1, size));
  const tensor = new MessageWriter().int(1, ONNX_FLOAT).message(2, dimensions);
  return new MessageWriter().text(1, name).message(2, new MessageWriter().message(1, tensor));
}

export interface OnnxGraph {
  readonly nodes: readonly MessageWriter[];
  readonly initializers: readonly MessageWriter[];
  readonly input: MessageWriter;
  readonly output: MessageWriter;
}

/** A whole model of IR version 7 and operator set 13. */
export function onnxModel(graph: OnnxGraph, metadata: Readonly<Record<string, string>>): Uint8Array {
  const body = new MessageWriter();
  for (const node of graph.nodes) body.message(1, node);
  body.text(2, 'network');
  for (const tensor of graph.initializers) body.message(5, tensor);
  body.message(11, graph.input).message(12, graph.output);
  const model = new MessageWriter().int(1, 7).text(2, 'Descent').message(7, body);
  model.message(8, new MessageWriter().text(1, '').int(2, 13));
  for (const [key, value] of Object.entries(metadata))
    model.message(14, new MessageWriter().text(1, key).text(2, value));
  return model.bytes();
}
