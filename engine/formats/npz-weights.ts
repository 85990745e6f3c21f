/**
 * Weights as npz in the book's layout: W1, b1, W2, b2… over affine and conv layers, gamma1, beta1, running_mean1,
 * running_var1… over batch norms, float32, affine weights (in, out). `np.load` reads it as it is. The model card is
 * the archive's comment, which NumPy does not look at.
 */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { sizeOf } from '../spec/shapes.ts';
import { crc32 } from './crc32.ts';
import { readNpyValues } from './npy-values.ts';
import { encodeNpy, readNpy, type NpyArray } from './npy.ts';
import { encodeUtf8 } from './utf8.ts';
import type { NamedTensor, WeightSet } from './weight-set.ts';
import { fitWeights, placedWeights, weightLayout, type FoundTensor, type WeightModel } from './weight-layout.ts';
import {
  encodeZip,
  findZipDirectory,
  readZipEntries,
  ZIP_LOCAL_HEADER_BYTES,
  ZIP_MAX_COMMENT,
  zipComment,
  zipDataOffset,
  type ZipEntry,
} from './zip.ts';

/**
 * Unpacks raw deflate data to at most `bytes` bytes, or throws a DataError that begins with `name`. Handed in, since
 * the engine has no zlib of its own.
 */
export type Inflate = (compressed: Uint8Array, bytes: number, name: string) => Uint8Array;

/** A file may unpack to this many bytes, or to 16 times the model's own where that is more; a bomb asks for far more. */
const LEAST_LIMIT = 2 ** 28;

/** `card` is the model card as JSON; one too long for a zip comment (65,535 bytes) is left out. */
export function encodeNpzWeights(model: WeightModel, weights: WeightSet, card = ''): Uint8Array {
  const arrays = placedWeights(weightLayout(model), weights).map(([place, data]) => ({
    name: `${place.npzKey}.npy`,
    data: encodeNpy(place.shape, data),
  }));
  const comment = encodeUtf8(card);
  return encodeZip(arrays, comment.length > ZIP_MAX_COMMENT ? new Uint8Array(0) : comment);
}

/** The model's tensors from a file, any real dtype, rounded to float32. Throws a DataError when the file does not fit. */
export function decodeNpzWeights(bytes: Uint8Array, model: WeightModel, name: string, inflate: Inflate): NamedTensor[] {
  const layout = weightLayout(model);
  const modelBytes = layout.reduce((sum, place) => sum + sizeOf(place.shape) * 4, 0);
  const arrays = readNpzArrays(bytes, name, inflate, Math.max(LEAST_LIMIT, 16 * modelBytes));
  const found = new Map<string, FoundTensor>();
  for (const [key, array] of arrays) found.set(key, { shape: array.header.shape, values: () => floats(array) });
  return fitWeights(name, layout, 'npz', found);
}

/** The archive's comment: the card as JSON when Descent wrote the file, else ''. */
export function readNpzCard(bytes: Uint8Array, name: string): string {
  return zipComment(bytes, name);
}

/** Every array of an archive in memory, at most `limit` bytes together. */
export function readNpzArrays(
  bytes: Uint8Array,
  name: string,
  inflate: Inflate,
  limit = LEAST_LIMIT,
): Map<string, NpyArray> {
  const directory = findZipDirectory(bytes, bytes.length, name);
  const central = bytes.subarray(directory.offset, directory.offset + directory.bytes);
  const arrays = new Map<string, NpyArray>();
  let total = 0;
  for (const entry of readZipEntries(central, directory, name)) {
    const key = entry.name.replace(/\.npy$/, '');
    total += entry.bytes;
    if (total > limit)
      throw new DataError(say`${name}: expected at most ${limit} bytes of weights, got ${total} or more`);
    if (arrays.has(key)) throw new DataError(say`${name}: array ${JSON.stringify(key)} comes twice`);
    arrays.set(key, readNpy(unpack(bytes, entry, `${name}, ${key}`, inflate), `${name}, ${key}`));
  }
  return arrays;
}

function unpack(bytes: Uint8Array, entry: ZipEntry, name: string, inflate: Inflate): Uint8Array {
  const local = bytes.subarray(entry.headerOffset, entry.headerOffset + ZIP_LOCAL_HEADER_BYTES);
  const start = zipDataOffset(local, entry, name);
  const packed = bytes.subarray(start, start + entry.compressedBytes);
  const data = entry.compressed ? inflate(packed, entry.bytes, name) : packed;
  if (data.length !== entry.bytes || crc32(data) !== entry.crc32) {
    throw new DataError(say`${name}: damaged: its bytes do not match the archive's checksum`);
  }
  return data;
}

function floats(array: NpyArray): Float32Array {
  const { kind, itemBytes, littleEndian, fortranOrder, count } = array.header;
  if (kind === 'float' && itemBytes === 4 && littleEndian && !fortranOrder) {
    // Bytes, not numbers, are copied: every bit pattern survives. (`slice` would share the memory of a Buffer.)
    return new Float32Array(new Uint8Array(array.data).buffer);
  }
  const values = new Float32Array(count);
  readNpyValues(array, values);
  return values;
}
