import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { readNpyValues } from '../../../engine/formats/npy-values.ts';
import { encodeNpy, readNpy, type NpyArray } from '../../../engine/formats/npy.ts';
import { readNpzArrays } from '../../../engine/formats/npz-weights.ts';

const fixtures = join(import.meta.dirname, '../../fixtures/data');
const inflate = (packed: Uint8Array): Uint8Array => inflateRawSync(packed);
const numbers = (array: NpyArray): number[] => {
  const values = new Float64Array(array.header.count);
  readNpyValues(array, values);
  return [...values];
};

/** A .npy file with any header text, version 1.0. */
function npy(header: string, data: readonly number[] = []): Uint8Array {
  const text = `${header}\n`;
  const bytes = [
    0x93,
    ...Buffer.from('NUMPY'),
    1,
    0,
    text.length & 255,
    text.length >> 8,
    ...Buffer.from(text, 'latin1'),
  ];
  return Uint8Array.from([...bytes, ...data]);
}
const header = (descr: string, shape: string, order = 'False'): string =>
  `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;

describe('arrays that NumPy wrote', () => {
  it.each(['dtypes.npz', 'dtypes-compressed.npz'])('%s: every dtype in both byte orders', (file) => {
    const arrays = readNpzArrays(readFileSync(join(fixtures, file)), file, inflate);
    expect(arrays.size).toBe(24);
    for (const [key, array] of arrays) {
      if (!/^(big|little)_/.test(key)) continue;
      const expected = key === 'little_b1' ? [0, 1, 1, 1, 1, 1] : [0, 1, 2, 3, 100, 5];
      expect(numbers(array), key).toEqual(expected);
      expect(array.header.shape, key).toEqual([2, 3]);
    }
  });

  it('Fortran order comes out in C order', () => {
    const array = readNpzArrays(readFileSync(join(fixtures, 'dtypes.npz')), 'x', inflate).get('fortran');
    expect(array?.header).toMatchObject({ fortranOrder: true, shape: [2, 3, 4] });
    expect(array === undefined ? null : numbers(array)).toEqual(Array.from({ length: 24 }, (_, i) => i));
  });

  it('scalars and empty arrays have their shapes', () => {
    const arrays = readNpzArrays(readFileSync(join(fixtures, 'dtypes.npz')), 'x', inflate);
    expect(arrays.get('scalar')?.header).toMatchObject({ shape: [], count: 1 });
    expect(arrays.get('empty')?.header).toMatchObject({ shape: [0, 3], count: 0 });
  });

  it.each(['version2.npy', 'version3.npy'])('%s', (file) => {
    expect(numbers(readNpy(readFileSync(join(fixtures, file)), file))).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('half precision', () => {
  it.each([
    [0x3c00, 1],
    [0xc500, -5],
    [0x0001, 2 ** -24],
    [0x7bff, 65504],
    [0x8000, -0],
    [0x7c00, Infinity],
    [0xfc00, -Infinity],
    [0x7e00, NaN],
  ])('%i is %d', (bits, value) => {
    const array = readNpy(npy(header('<f2', '(1,)'), [bits & 255, bits >> 8]), 'x');
    expect(numbers(array)[0]).toBe(value);
  });
});

describe('encodeNpy', () => {
  it('gives every bit back', () => {
    const bits = Uint32Array.of(0x80000000, 1, 0x7f800000, 0xff800000, 0x7fc00001, 0x3dcccccd);
    const { header: head, data } = readNpy(encodeNpy([2, 3], new Float32Array(bits.buffer)), 'x');
    expect(head).toMatchObject({ shape: [2, 3], kind: 'float', itemBytes: 4, littleEndian: true, fortranOrder: false });
    expect(new Uint32Array(data.slice().buffer)).toEqual(bits);
  });

  it('starts the values at a multiple of 64, as NumPy does', () => {
    for (const shape of [[3], [2, 3], [], [123456, 1, 1, 1]]) {
      const bytes = encodeNpy(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)));
      expect(readNpy(bytes, 'x').header.headerBytes % 64).toBe(0);
      expect(readNpy(bytes, 'x').header.shape).toEqual(shape);
    }
  });
});

describe('bad headers', () => {
  it('every truncation is refused', () => {
    const whole = encodeNpy([2, 3], new Float32Array(6));
    for (let length = 0; length < whole.length; length++) {
      expect(() => readNpy(whole.subarray(0, length), 'x'), `${length} bytes`).toThrow(DataError);
    }
  });

  it.each<[string, Uint8Array, string]>([
    [
      'another magic',
      Uint8Array.from(Buffer.from('PK\x03\x04 something')),
      'x: not a NumPy array: expected it to begin with \\x93NUMPY',
    ],
    [
      'version 9',
      Uint8Array.from([...npy(header('<f4', '(1,)'), [0, 0, 0, 0])].with(6, 9)),
      'x: expected version 1, 2 or 3 of the .npy format, got 9',
    ],
    [
      'a header of 4 GB',
      Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, 255, 255, 255, 255),
      'x: expected a .npy header of at most 65536 bytes, got 4294967295',
    ],
    [
      'pickled objects',
      npy(header('|O', '(1,)')),
      "x: holds Python objects (pickled), which are never read; save it as an array of numbers, got dtype '|O'",
    ],
    [
      'objects by their other name',
      npy(header('O8', '(1,)')),
      "x: holds Python objects (pickled), which are never read; save it as an array of numbers, got dtype 'O8'",
    ],
    [
      'texts',
      npy(header('<U5', '(1,)')),
      "x: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '<U5'",
    ],
    [
      'dates',
      npy(header('<M8[ns]', '(1,)')),
      "x: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '<M8[ns]'",
    ],
    [
      'long doubles',
      npy(header('<f16', '(1,)')),
      "x: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '<f16'",
    ],
    [
      'a structured array',
      npy(`{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }`),
      'x: expected an array of numbers, got a structured array',
    ],
    [
      'a shape whose product is 2^64',
      npy(header('<f4', '(4294967296, 1073741824)')),
      'x: shape (4294967296, 1073741824) asks for 18446744073709551616 bytes',
    ],
    ['a trailing byte', npy(header('|u1', '(2,)'), [1, 2, 3]), 'x: trailing bytes: shape (2) takes 2 bytes, got 3'],
    ['a value too few', npy(header('<f4', '(2,)'), [0, 0, 0, 0]), 'x: truncated: shape (2) takes 8 bytes, got 4'],
  ])('%s is refused', (_what, bytes, message) => {
    expect(() => readNpy(bytes, 'x')).toThrow(new DataError(message));
  });

  it.each([
    `{'descr': '<f4', 'fortran_order': False}`,
    `{'descr': '<f4', 'shape': (1,)}`,
    `{'fortran_order': False, 'shape': (1,)}`,
    `{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}`,
    `{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'more': 'x'}`,
    `{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}`,
    `{'descr': '<f4', 'fortran_order': False, 'shape': (1.5,)}`,
    `{'descr': '<f4', 'fortran_order': False, 'shape': (1,,2)}`,
    `{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}`,
    `{'descr': __import__('os').system('x'), 'fortran_order': False, 'shape': (1,)}`,
    `[1, 2]`,
    ``,
  ])('%s is refused', (text) => {
    expect(() => readNpy(npy(text, [0, 0, 0, 0]), 'x')).toThrow(
      /^x: expected a header with descr, fortran_order and shape, got /,
    );
  });

  it('keys may come in any order and with double quotes', () => {
    const text = `{"shape": (2, ), "fortran_order": False, "descr": "|u1"}`;
    expect(numbers(readNpy(npy(text, [4, 5]), 'x'))).toEqual([4, 5]);
  });
});
