import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { idxDataSet } from '../../../engine/data/idx-data-set.ts';
import { readIdx } from '../../../engine/data/idx.ts';

/** An IDX file of the given type, sizes and value bytes. */
function idx(type: number, sizes: readonly number[], data: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * sizes.length + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(2, type);
  view.setUint8(3, sizes.length);
  sizes.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  bytes.set(data, 4 + 4 * sizes.length);
  return bytes;
}

const images = (rows: number, name = 'images') => ({
  name,
  array: readIdx(idx(0x08, [rows, 2, 3], Array<number>(rows * 6).fill(7)), name),
});
const labels = (values: readonly number[], name = 'labels') => ({
  name,
  array: readIdx(idx(0x08, [values.length], values), name),
});

describe('readIdx', () => {
  it('reads bytes as they are', () => {
    const { dimensions, values } = readIdx(idx(0x08, [2, 1, 2], [1, 2, 3, 255]), 'x');
    expect(dimensions).toEqual([2, 1, 2]);
    expect(values).toEqual(Uint8Array.of(1, 2, 3, 255));
  });

  it.each([
    ['signed byte', 0x09, [0xff, 0x7f], [-1, 127]],
    ['short', 0x0b, [0xff, 0xfe, 0x01, 0x00], [-2, 256]],
    ['int', 0x0c, [0xff, 0xff, 0xff, 0xfd, 0, 0, 1, 0], [-3, 256]],
    ['float', 0x0d, [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0], [1, -2.5]],
    ['double', 0x0e, [0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0x40, 0x08, 0, 0, 0, 0, 0, 0], [1.5, 3]],
  ])('reads big-endian %s', (_name, type, data, expected) => {
    expect(readIdx(idx(type, [2], data), 'x').values).toEqual(Float32Array.from(expected));
  });

  it('refuses every truncation, byte by byte, with a message that names the file', () => {
    const whole = idx(0x08, [2, 2, 3], Array<number>(12).fill(1));
    for (let length = 0; length < whole.length; length++) {
      const read = () => readIdx(whole.subarray(0, length), 'train-images');
      expect(read, `${length} bytes`).toThrow(DataError);
      expect(read, `${length} bytes`).toThrow(/^train-images: (too short|truncated)/);
    }
  });

  it.each<[string, Uint8Array, string]>([
    [
      'no zeros in front',
      Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0),
      'x: not an IDX file: expected it to begin with 00 00 08 (bytes), got 01 00 08 01',
    ],
    [
      'an unknown type',
      idx(0x0a, [1], [1]),
      'x: not an IDX file: expected it to begin with 00 00 08 (bytes), got 00 00 0a 01',
    ],
    [
      'gzip',
      Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0),
      'x: not an IDX file: expected it to begin with 00 00 08 (bytes), got 1f 8b 08 00',
    ],
    ['no dimensions', idx(0x08, [], []), 'x: expected 1 to 4 dimensions in the IDX header, got 0'],
    ['five dimensions', idx(0x08, [1, 1, 1, 1, 1], [1]), 'x: expected 1 to 4 dimensions in the IDX header, got 5'],
    ['no rows', idx(0x08, [0, 28, 28], []), 'x: holds no values: the IDX header says 0 × 28 × 28'],
    [
      'a trailing byte',
      idx(0x08, [2], [1, 2, 3]),
      'x: trailing bytes: expected 2 values, 2 bytes after the header, got more',
    ],
    ['one byte less', idx(0x08, [3], [1, 2]), 'x: truncated: expected 3 values, 3 bytes after the header, got 2'],
    [
      'sizes whose product is 2^64 and would wrap to 0',
      idx(0x08, [2 ** 31, 2 ** 31, 4], []),
      'x: the IDX header asks for 2147483648 × 2147483648 × 4 values, 18446744073709551616 bytes; at most 2147483648 are read',
    ],
    [
      'sizes whose product is 2^32 + 4 and would wrap to 4',
      idx(0x0c, [2 ** 30 + 1], [0, 0, 0, 1]),
      'x: the IDX header asks for 1073741825 values, 4294967300 bytes; at most 2147483648 are read',
    ],
    ['NaN', idx(0x0d, [2, 1], [0, 0, 0, 0, 0x7f, 0xc0, 0, 0]), 'x, row 1: expected finite float32 numbers, got NaN'],
    ['infinity', idx(0x0d, [1, 1], [0x7f, 0x80, 0, 0]), 'x, row 0: expected finite float32 numbers, got Infinity'],
    [
      'a double beyond float32',
      idx(0x0e, [1], [0x7e, 0x37, 0xe4, 0x3c, 0x88, 0, 0x75, 0x9c]),
      'x, row 0: expected finite float32 numbers, got 1e+300',
    ],
  ])('refuses %s', (_what, bytes, message) => {
    let got = 'no error';
    try {
      readIdx(bytes, 'x');
    } catch (error) {
      got = error instanceof DataError ? error.message : String(error);
    }
    expect(got).toBe(message);
  });
});

describe('idxDataSet', () => {
  it('puts pictures and labels together, with one channel', () => {
    const set = idxDataSet({ images: images(3), labels: labels([0, 2, 1]) }, null);
    expect(set.shape).toEqual({ input: [1, 2, 3], task: 'classification', outputs: 3 });
    expect(set).toMatchObject({ rows: 3, testFrom: 3, maximum: 255, outputNames: ['0', '1', '2'], targets: null });
    expect(set.labels).toEqual(Int32Array.of(0, 2, 1));
    expect(set.x).toBeInstanceOf(Uint8Array);
  });

  it('joins a test split behind the training rows', () => {
    const set = idxDataSet(
      { images: images(2), labels: labels([0, 1]) },
      { images: images(1, 'test images'), labels: labels([1], 'test labels') },
    );
    expect(set).toMatchObject({ rows: 3, testFrom: 2 });
    expect(set.labels).toEqual(Int32Array.of(0, 1, 1));
    expect(set.x.length).toBe(18);
  });

  it('keeps flat rows flat and names their features', () => {
    const rows = { name: 'rows', array: readIdx(idx(0x08, [2, 2], [1, 2, 3, 4]), 'rows') };
    const set = idxDataSet({ images: rows, labels: labels([0, 1]) }, null);
    expect(set.shape.input).toEqual([2]);
    expect(set.featureNames).toEqual(['feature 1', 'feature 2']);
  });

  it.each<[string, () => unknown, string]>([
    [
      'fewer labels than rows',
      () => idxDataSet({ images: images(3), labels: labels([0, 1]) }, null),
      'labels: expected 3 labels for the 3 rows of images, got 2',
    ],
    [
      'a label outside known classes',
      () => idxDataSet({ images: images(2), labels: labels([0, 3]) }, null, { classNames: ['a', 'b', 'c'] }),
      'labels, row 1: expected a class from 0 to 2 (the classes of this set), got 3',
    ],
    [
      'a test label the training labels do not have',
      () =>
        idxDataSet(
          { images: images(2), labels: labels([0, 1]) },
          { images: images(1), labels: labels([2], 'test labels') },
        ),
      'test labels, row 0: expected a class from 0 to 1 (the classes of labels), got 2',
    ],
    [
      'labels with two dimensions',
      () => idxDataSet({ images: images(2), labels: images(2, 'labels') }, null),
      'labels: expected one label a row (1 dimension), got 2 × 2 × 3',
    ],
    [
      'negative labels',
      () =>
        idxDataSet(
          { images: images(1), labels: { name: 'labels', array: readIdx(idx(0x09, [1], [0xff]), 'labels') } },
          null,
        ),
      'labels, row 0: expected a class, a whole number from 0 to 99999, got -1',
    ],
    [
      'test pictures of another size',
      () => {
        const other = {
          name: 'test images',
          array: readIdx(idx(0x08, [1, 3, 3], Array<number>(9).fill(0)), 'test images'),
        };
        return idxDataSet({ images: images(1), labels: labels([0]) }, { images: other, labels: labels([0]) });
      },
      'test images: expected pictures of 2 × 3 as in images, got 3 × 3',
    ],
  ])('refuses %s', (_what, make, message) => {
    expect(make).toThrow(new DataError(message));
  });
});
