/**
 * Columns of numbers as raw little-endian bytes: NaN, infinities and -0 come back bit for bit, which a REAL column
 * does not do. Every platform the program runs on is little-endian; a big-endian one is refused, not converted.
 */

import { endianness } from 'node:os';
import { crc32 } from 'node:zlib';

type Column = Int32Array | Uint32Array | Float32Array | Uint8Array;

/** The bytes of an array, not copied. */
export function toBlob(column: Column): Buffer {
  if (endianness() !== 'LE') throw new Error('the database holds little-endian numbers; this machine is big-endian');
  return Buffer.from(column.buffer, column.byteOffset, column.byteLength);
}

export function int32Column(blob: Buffer): Int32Array<ArrayBuffer> {
  return new Int32Array(aligned(blob));
}

export function uint32Column(blob: Buffer): Uint32Array<ArrayBuffer> {
  return new Uint32Array(aligned(blob));
}

export function float32Column(blob: Buffer): Float32Array<ArrayBuffer> {
  return new Float32Array(aligned(blob));
}

/** One checksum over several columns' bytes, in order. */
export function checksum(...columns: readonly Column[]): number {
  return columns.reduce((sum, column) => crc32(toBlob(column), sum), 0);
}

/** A BLOB may start anywhere in a larger buffer; a copy of its own always starts at 0. */
function aligned(blob: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(blob.byteLength);
  new Uint8Array(copy).set(blob);
  return copy;
}
