/**
 * NumPy's .npy: magic, version, a header that is a Python dictionary literal, then the values. The header is read by
 * a literal parser of three keys; nothing is evaluated, and arrays of pickled objects are refused.
 */

import { say } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';

export type NpyKind = 'bool' | 'uint' | 'int' | 'float';

export interface NpyHeader {
  readonly kind: NpyKind;
  /** Bytes of one value: 1, 2, 4 or 8. */
  readonly itemBytes: number;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** How many values. */
  readonly count: number;
  /** Where the values begin, and how many bytes they take. */
  readonly headerBytes: number;
  readonly dataBytes: number;
}

/** An array of a file: header and value bytes. */
export interface NpyArray {
  readonly header: NpyHeader;
  readonly data: Uint8Array;
}

/** Longest header that is read; NumPy's own writers stay far below. */
export const NPY_MAX_HEADER = 65_536;
const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] as const;

/** How many bytes from the front `readNpyHeader` needs, given the first 12 (fewer when the file is shorter). */
export function npyHeaderBytes(head: Uint8Array, name: string): number {
  if (head.length < 10 || MAGIC.some((byte, i) => head[i] !== byte)) {
    throw new DataError(say`${name}: not a NumPy array: expected it to begin with \\x93NUMPY`);
  }
  const version = head[6] ?? 0;
  if (version < 1 || version > 3) {
    throw new DataError(say`${name}: expected version 1, 2 or 3 of the .npy format, got ${version}`);
  }
  if (version > 1 && head.length < 12) throw new DataError(say`${name}: truncated in the .npy header`);
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > NPY_MAX_HEADER) {
    throw new DataError(say`${name}: expected a .npy header of at most ${NPY_MAX_HEADER} bytes, got ${length}`);
  }
  return (version === 1 ? 10 : 12) + length;
}

/** Reads the header from the first bytes of the array's file. */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const headerBytes = npyHeaderBytes(bytes.subarray(0, 12), name);
  if (bytes.length < headerBytes) {
    throw new DataError(say`${name}: truncated: expected a header of ${headerBytes} bytes, got ${bytes.length}`);
  }
  const start = bytes[6] === 1 ? 10 : 12;
  let text = '';
  for (const byte of bytes.subarray(start, headerBytes)) text += String.fromCharCode(byte);
  const literal = parseHeaderLiteral(text, name);
  const { kind, itemBytes, littleEndian } = parseType(literal.descr, name);
  const total = literal.shape.reduce((product, size) => product * BigInt(size), BigInt(itemBytes));
  if (total > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new DataError(say`${name}: shape (${literal.shape.join(', ')}) asks for ${total} bytes`);
  }
  const dataBytes = Number(total);
  return {
    kind,
    itemBytes,
    littleEndian,
    fortranOrder: literal.fortranOrder,
    shape: literal.shape,
    count: dataBytes / itemBytes,
    headerBytes,
    dataBytes,
  };
}

/** Reads a whole .npy file. The value bytes share its memory. */
export function readNpy(bytes: Uint8Array, name: string): NpyArray {
  const header = readNpyHeader(bytes, name);
  const data = bytes.subarray(header.headerBytes);
  checkNpyLength(header, data.length, name);
  return { header, data };
}

/** Throws unless there are exactly the bytes the header promises. */
export function checkNpyLength(header: NpyHeader, got: number, name: string): void {
  if (got === header.dataBytes) return;
  throw new DataError(
    `${name}: ${got < header.dataBytes ? 'truncated' : 'trailing bytes'}: shape (${header.shape.join(', ')}) takes ` +
      `${header.dataBytes} bytes, got ${got}`,
  );
}

/** Writes float32 values as version 1.0, little-endian, C order. The header is padded so that the values start at a multiple of 64. */
export function encodeNpy(shape: readonly number[], values: Float32Array): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${tuple}), }`;
  const headerBytes = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const header = `${dictionary.padEnd(headerBytes - 11)}\n`;
  const bytes = new Uint8Array(headerBytes + values.length * 4);
  bytes.set(MAGIC);
  bytes[6] = 1;
  const view = new DataView(bytes.buffer);
  view.setUint16(8, header.length, true);
  for (let i = 0; i < header.length; i++) bytes[10 + i] = header.charCodeAt(i);
  // Bit by bit through uint32: a float passing through a register may lose the payload of a NaN.
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) view.setUint32(headerBytes + i * 4, bits[i] ?? 0, true);
  return bytes;
}

function parseType(descr: string, name: string): Pick<NpyHeader, 'kind' | 'itemBytes' | 'littleEndian'> {
  const match = /^([<>=|]?)([a-zA-Z])(\d*)$/.exec(descr);
  const [, order = '', code = '', size = ''] = match ?? [];
  if (code === 'O') {
    throw new DataError(
      say`${name}: holds Python objects (pickled), which are never read; save it as an array of numbers, got dtype '${descr}'`,
    );
  }
  const kinds: Readonly<Record<string, readonly [NpyKind, readonly string[]]>> = {
    b: ['bool', ['1']],
    u: ['uint', ['1', '2', '4', '8']],
    i: ['int', ['1', '2', '4', '8']],
    f: ['float', ['2', '4', '8']],
  };
  const known = kinds[code];
  if (known === undefined || !known[1].includes(size)) {
    throw new DataError(
      say`${name}: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '${descr}'`,
    );
  }
  return { kind: known[0], itemBytes: Number(size), littleEndian: order !== '>' };
}

interface HeaderLiteral {
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/** {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } with the keys in any order, each once. */
function parseHeaderLiteral(text: string, name: string): HeaderLiteral {
  const bad = (): DataError => {
    const shown = text.trim().slice(0, 80);
    return new DataError(
      say`${name}: expected a header with descr, fortran_order and shape, got ${JSON.stringify(shown)}`,
    );
  };
  const body = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1];
  if (body === undefined) throw bad();
  const entry =
    /\s*(?:'([a-z_]+)'|"([a-z_]+)")\s*:\s*(?:'([^'\\]*)'|"([^"\\]*)"|(True|False)|\(([\d\sL,]*)\)|(\[.*\]))\s*(?:,|$)/sy;
  const values = new Map<string, string>();
  while (entry.lastIndex < body.length && body.slice(entry.lastIndex).trim() !== '') {
    const match = entry.exec(body);
    if (match === null) throw bad();
    const [, single, double, text1, text2, boolean, tuple, list] = match;
    const key = single ?? double ?? '';
    if (list !== undefined) throw new DataError(say`${name}: expected an array of numbers, got a structured array`);
    const wanted = { descr: text1 ?? text2, fortran_order: boolean, shape: tuple }[key];
    if (wanted === undefined || values.has(key)) throw bad();
    values.set(key, wanted);
  }
  const shape = (values.get('shape') ?? 'missing').split(',').map((size) => size.trim().replace(/L$/, ''));
  // One dimension is written "(3,)"; without dimensions "()".
  if (shape.at(-1) === '') shape.pop();
  const descr = values.get('descr');
  const order = values.get('fortran_order');
  if (descr === undefined || order === undefined || shape.some((size) => !/^\d{1,15}$/.test(size))) throw bad();
  return { descr, fortranOrder: order === 'True', shape: shape.map(Number) };
}
