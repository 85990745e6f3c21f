/**
 * Weights as safetensors in PyTorch's layout: the keys of `torch.nn.Sequential` over all layers, Linear weights
 * (out, in), float32. `load_state_dict` takes it as it is. The model card is a text of `__metadata__`.
 */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { float16 } from './float16.ts';
import { readSafetensorsHeader, type SafetensorsTensor } from './safetensors-header.ts';
import { encodeUtf8 } from './utf8.ts';
import {
  fitWeights,
  placedWeights,
  transpose,
  weightLayout,
  type FoundTensor,
  type WeightModel,
} from './weight-layout.ts';
import type { NamedTensor, WeightSet } from './weight-set.ts';

/** The key of the model card in `__metadata__`. */
const CARD_KEY = 'descent';

/** `card` is the model card as JSON, or '' for none. The header is padded so that the tensors start at a multiple of 8. */
export function encodeSafetensors(model: WeightModel, weights: WeightSet, card = ''): Uint8Array {
  const placed = placedWeights(weightLayout(model), weights);
  const metadata: Record<string, string> = { format: 'pt' };
  if (card !== '') metadata[CARD_KEY] = card;
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const [place, data] of placed) {
    const shape = place.transposed ? place.shape.toReversed() : place.shape;
    header[place.torchKey] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.length * 4] };
    offset += data.length * 4;
  }
  const json = encodeUtf8(JSON.stringify(header));
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerBytes + offset);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, 8, 8 + headerBytes);
  bytes.set(json, 8);
  let at = 8 + headerBytes;
  for (const [place, data] of placed) {
    const values = place.transposed ? transpose(data, place.shape[0] ?? 0, place.shape[1] ?? 0) : data;
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  return bytes;
}

/** The model's tensors from a file of F32, F64, F16 or BF16. Throws a DataError when the file is wrong or does not fit. */
export function decodeSafetensors(bytes: Uint8Array, model: WeightModel, name: string): NamedTensor[] {
  const { tensors } = readSafetensorsHeader(bytes, name);
  const found = new Map<string, FoundTensor>();
  for (const [key, tensor] of tensors) {
    // PyTorch counts the batches a batch norm has seen; the count changes nothing here.
    if (key.endsWith('.num_batches_tracked')) continue;
    found.set(key, { shape: tensor.shape, values: () => floats(bytes, tensor, `${name}, ${key}`) });
  }
  return fitWeights(name, weightLayout(model), 'torch', found);
}

/** The card as JSON when Descent wrote the file, else ''. */
export function readSafetensorsCard(bytes: Uint8Array, name: string): string {
  return readSafetensorsHeader(bytes, name).metadata.get(CARD_KEY) ?? '';
}

function floats(bytes: Uint8Array, tensor: SafetensorsTensor, name: string): Float32Array {
  // A copy; `slice` would share the memory of a Buffer.
  const data = new Uint8Array(bytes.subarray(tensor.begin, tensor.end));
  const view = new DataView(data.buffer);
  switch (tensor.dtype) {
    case 'F32':
      return new Float32Array(data.buffer);
    case 'F64':
      return Float32Array.from({ length: data.length / 8 }, (_, i) => view.getFloat64(i * 8, true));
    case 'F16':
      return Float32Array.from({ length: data.length / 2 }, (_, i) => float16(view.getUint16(i * 2, true)));
    case 'BF16': {
      // bfloat16 is the upper half of a float32.
      const bits = Uint32Array.from({ length: data.length / 2 }, (_, i) => view.getUint16(i * 2, true) << 16);
      return new Float32Array(bits.buffer);
    }
    default:
      throw new DataError(say`${name}: expected weights of F32, F64, F16 or BF16, got ${tensor.dtype}`);
  }
}
