/**
 * IDX, the format of MNIST: two zero bytes, a type byte, the number of dimensions, each size as a big-endian
 * uint32, then the values, big-endian. Sizes are multiplied as BigInt, so that no header can wrap round.
 */

import { say, word } from '../spec/message.ts';
import { DataError } from './dataset.ts';

const TYPES = {
  0x08: { name: 'unsigned byte', bytes: 1 },
  0x09: { name: 'signed byte', bytes: 1 },
  0x0b: { name: 'short', bytes: 2 },
  0x0c: { name: 'int', bytes: 4 },
  0x0d: { name: 'float', bytes: 4 },
  0x0e: { name: 'double', bytes: 8 },
} as const;
export type IdxType = keyof typeof TYPES;

export interface IdxHeader {
  readonly type: IdxType;
  readonly dimensions: readonly number[];
  /** Where the values begin. */
  readonly headerBytes: number;
  /** Bytes of all values. */
  readonly dataBytes: number;
}

/** A decoded array: bytes stay bytes, every other type becomes float32 (float64 values are rounded). */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly values: Uint8Array | Float32Array;
}

/** Longest header a reader needs: four bytes and four sizes. */
export const IDX_MAX_HEADER = 20;

/** More than this many bytes of values are refused: 2 GiB, what one file of a data set may hold in memory. */
export const IDX_MAX_BYTES = 2 ** 31;

/** Reads and checks the header from the first bytes of the file (IDX_MAX_HEADER of them, or all there are). */
export function readIdxHeader(head: Uint8Array, name: string): IdxHeader {
  if (head.length < 4) {
    throw new DataError(say`${name}: too short for IDX: expected a header of at least 8 bytes, got ${head.length}`);
  }
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const type = view.getUint8(2);
  if (view.getUint16(0) !== 0 || !isIdxType(type)) {
    const magic = [...head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    throw new DataError(say`${name}: not an IDX file: expected it to begin with 00 00 08 (bytes), got ${magic}`);
  }
  const rank = view.getUint8(3);
  if (rank < 1 || rank > 4) {
    throw new DataError(say`${name}: expected 1 to 4 dimensions in the IDX header, got ${rank}`);
  }
  const headerBytes = 4 + 4 * rank;
  if (head.length < headerBytes) {
    throw new DataError(
      say`${name}: truncated in the IDX header: expected ${headerBytes} bytes for ${rank} dimensions, got ${head.length}`,
    );
  }
  const dimensions = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const total = dimensions.reduce((product, size) => product * BigInt(size), BigInt(TYPES[type].bytes));
  if (total === 0n) {
    throw new DataError(say`${name}: holds no values: the IDX header says ${dimensions.join(' × ')}`);
  }
  if (total > BigInt(IDX_MAX_BYTES)) {
    throw new DataError(
      say`${name}: the IDX header asks for ${dimensions.join(' × ')} values, ${total} bytes; at most ${IDX_MAX_BYTES} are read`,
    );
  }
  return { type, dimensions, headerBytes, dataBytes: Number(total) };
}

/** Throws unless the file holds exactly the values its header promises. `got` counts bytes after the header. */
export function checkIdxLength(header: IdxHeader, got: number, name: string): void {
  if (got === header.dataBytes) return;
  const promised = say`${header.dimensions.join(' × ')} values, ${header.dataBytes} bytes after the header`;
  throw new DataError(
    got < header.dataBytes
      ? say`${name}: truncated: expected ${promised}, got ${got}`
      : say`${name}: trailing bytes: expected ${promised}, got ${got > header.dataBytes + 1 ? got : word('more')}`,
  );
}

/** Reads a whole IDX file, already uncompressed. Byte arrays share its memory. */
export function readIdx(bytes: Uint8Array, name: string): IdxArray {
  const header = readIdxHeader(bytes.subarray(0, IDX_MAX_HEADER), name);
  const data = bytes.subarray(header.headerBytes);
  checkIdxLength(header, data.length, name);
  return decodeIdx(header, data, name);
}

/** Turns the value bytes of a checked file into numbers. NaN and infinity are refused by row. */
export function decodeIdx(header: IdxHeader, data: Uint8Array, name: string): IdxArray {
  const { type, dimensions } = header;
  if (type === 0x08) return { dimensions, values: data };
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = TYPES[type].bytes;
  const values = new Float32Array(header.dataBytes / width);
  for (let i = 0; i < values.length; i++) values[i] = readValue(view, type, i * width);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const row = Math.floor(bad / (values.length / (dimensions[0] ?? 1)));
    throw new DataError(
      say`${name}, row ${row}: expected finite float32 numbers, got ${readValue(view, type, bad * width)}`,
    );
  }
  return { dimensions, values };
}

function readValue(view: DataView, type: IdxType, at: number): number {
  switch (type) {
    case 0x08:
      return view.getUint8(at);
    case 0x09:
      return view.getInt8(at);
    case 0x0b:
      return view.getInt16(at);
    case 0x0c:
      return view.getInt32(at);
    case 0x0d:
      return view.getFloat32(at);
    case 0x0e:
      return view.getFloat64(at);
  }
}

function isIdxType(type: number): type is IdxType {
  return type in TYPES;
}
