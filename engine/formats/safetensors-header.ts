/**
 * The header of a safetensors file: a little-endian uint64 length, that many bytes of JSON, then the tensors' bytes
 * without gap or overlap. Everything is checked before anything is believed.
 */

import { say, word } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { parseStrictJson, type StrictJson } from './strict-json.ts';
import { decodeUtf8 } from './utf8.ts';

/** Bytes of one value. */
const DTYPE_BYTES = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
} as const;
export type SafetensorsDtype = keyof typeof DTYPE_BYTES;

export interface SafetensorsTensor {
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Into the whole file. */
  readonly begin: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

export const SAFETENSORS_MAX_HEADER = 10_000_000;

/** Reads and checks the header of a whole file. Throws a DataError for anything the format does not allow. */
export function readSafetensorsHeader(bytes: Uint8Array, name: string): SafetensorsHeader {
  if (bytes.length < 8)
    throw new DataError(say`${name}: not a safetensors file: expected 8 bytes or more, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(Math.min(bytes.length - 8, SAFETENSORS_MAX_HEADER))) {
    const most = Math.min(bytes.length - 8, SAFETENSORS_MAX_HEADER);
    throw new DataError(
      say`${name}: not a safetensors file, or truncated: expected a header of at most ${most} bytes, got ${length}`,
    );
  }
  const dataStart = 8 + Number(length);
  if (bytes[8] !== 0x7b || length < 2n) {
    throw new DataError(say`${name}: not a safetensors file: expected its header to begin with {`);
  }
  const header = parseHeader(bytes.subarray(8, dataStart), name);
  const metadata = readMetadata(header.get('__metadata__'), name);
  header.delete('__metadata__');
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [key, value] of header) tensors.set(key, readTensor(value, dataStart, `${name}, ${JSON.stringify(key)}`));
  checkCoverage(tensors, dataStart, bytes.length, name);
  return { tensors, metadata };
}

function parseHeader(bytes: Uint8Array, name: string): Map<string, StrictJson> {
  try {
    const header = parseStrictJson(decodeUtf8(bytes));
    if (header instanceof Map) return header;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DataError(say`${name}: the safetensors header is not proper JSON: ${error.message}`);
  }
  throw new DataError(say`${name}: expected the safetensors header to be an object`);
}

function readMetadata(value: StrictJson | undefined, name: string): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!(value instanceof Map)) throw new DataError(say`${name}, __metadata__: expected an object of texts`);
  for (const [key, text] of value) {
    if (typeof text !== 'string') throw new DataError(say`${name}, __metadata__.${key}: expected a text`);
    metadata.set(key, text);
  }
  return metadata;
}

function readTensor(value: StrictJson, dataStart: number, name: string): SafetensorsTensor {
  if (!(value instanceof Map)) throw new DataError(say`${name}: expected an object with dtype, shape and data_offsets`);
  const stray = [...value.keys()].find((key) => !['dtype', 'shape', 'data_offsets'].includes(key));
  if (stray !== undefined) throw new DataError(say`${name}: unknown field ${JSON.stringify(stray)}`);
  const dtype = value.get('dtype');
  if (typeof dtype !== 'string' || !isDtype(dtype)) {
    throw new DataError(say`${name}, dtype: expected one of ${Object.keys(DTYPE_BYTES).join(', ')}`);
  }
  const shape = wholeNumbers(value.get('shape'), `${name}, shape`);
  const offsets = wholeNumbers(value.get('data_offsets'), `${name}, data_offsets`);
  const [begin, end] = offsets;
  if (begin === undefined || end === undefined || offsets.length !== 2 || begin > end) {
    throw new DataError(say`${name}, data_offsets: expected begin and end, got [${offsets.join(', ')}]`);
  }
  const size = shape.reduce((product, n) => product * n, BigInt(DTYPE_BYTES[dtype]));
  if (size !== end - begin) {
    throw new DataError(
      say`${name}: shape (${shape.join(', ')}) of ${dtype} takes ${size} bytes, data_offsets give ${end - begin}`,
    );
  }
  return { dtype, shape: shape.map(Number), begin: dataStart + Number(begin), end: dataStart + Number(end) };
}

function wholeNumbers(value: StrictJson | undefined, name: string): bigint[] {
  if (!Array.isArray(value)) throw new DataError(say`${name}: expected a list of whole numbers`);
  return value.map((n) => {
    if (typeof n === 'bigint' && n >= 0n && n <= BigInt(Number.MAX_SAFE_INTEGER)) return n;
    throw new DataError(say`${name}: expected whole numbers from 0, got ${String(n)}`);
  });
}

/** The tensors must lie one after the other, from the header's end to the file's end. */
function checkCoverage(
  tensors: ReadonlyMap<string, SafetensorsTensor>,
  start: number,
  fileEnd: number,
  name: string,
): void {
  let end = start;
  for (const [key, tensor] of [...tensors].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)) {
    if (tensor.begin !== end) {
      const what = word(tensor.begin < end ? 'overlaps another tensor' : 'leaves a hole before it');
      throw new DataError(say`${name}, ${JSON.stringify(key)}: ${what}: expected it to begin at ${end - start}`);
    }
    end = tensor.end;
  }
  if (end !== fileEnd) {
    const what = word(end > fileEnd ? 'truncated' : 'trailing bytes');
    throw new DataError(say`${name}: ${what}: expected ${end} bytes, got ${fileEnd}`);
  }
}

function isDtype(text: string): text is SafetensorsDtype {
  return Object.hasOwn(DTYPE_BYTES, text);
}
