import { describe, expect, it } from 'vitest';
import type { DataSet } from '../../../engine/data/dataset.ts';
import { prepareData } from '../../../engine/data/prepare.ts';
import type { DataSpec } from '../../../engine/spec/run-spec.ts';

const spec: DataSpec = {
  source: 'iris',
  normalize: 'unit',
  validation: 0,
  test: null,
  splitSeed: 0,
  limit: null,
};

/** Rows of real targets; the last is the set's own test split and far away from the others. */
function flat(rows: readonly (readonly number[])[]): DataSet {
  const width = rows[0]?.length ?? 0;
  return {
    shape: { input: [width], task: 'regression', outputs: 1 },
    x: Float32Array.from(rows.flat()),
    rows: rows.length,
    labels: null,
    targets: new Float32Array(rows.length),
    outputNames: ['y'],
    featureNames: null,
    testFrom: rows.length - 1,
    maximum: null,
  };
}

/** Row `row` as the network sees it: value·scale + shift, in float32. */
function seen(set: DataSet, how: DataSpec, row: number): number[] {
  const { scale, shift, x, rowSize } = prepareData(set, how);
  return Array.from(x.subarray(row * rowSize, (row + 1) * rowSize), (value, j) =>
    Math.fround(Math.fround(value * (scale?.[j] ?? 1)) + (shift?.[j] ?? 0)),
  );
}

const set = flat([
  [1, 5, -4],
  [2, 5, 0],
  [3, 5, 4],
  [100, 7, 100],
]);

describe('prepareData', () => {
  it('leaves values alone with none', () => {
    const prepared = prepareData(set, { ...spec, normalize: 'none' });
    expect(prepared).toMatchObject({ scale: null, shift: null, rowSize: 3 });
    expect(prepared.x).toBe(set.x);
  });

  it('unit maps the range of the training rows to 0..1, feature by feature; the test row does not count', () => {
    expect([0, 1, 2].map((row) => seen(set, spec, row))).toEqual([
      [0, 0, 0],
      [0.5, 0, 0.5],
      [1, 0, 1],
    ]);
    expect(seen(set, spec, 3)).toEqual([49.5, 0, 13]);
  });

  it('unit divides by the largest value the source names', () => {
    const { scale, shift } = prepareData({ ...set, maximum: 16 }, spec);
    expect(scale).toEqual(new Float32Array(3).fill(1 / 16));
    expect(shift).toEqual(new Float32Array(3));
  });

  it('standardize gives the training rows mean 0 and standard deviation 1; a constant feature becomes 0', () => {
    const rows = [0, 1, 2].map((row) => seen(set, { ...spec, normalize: 'standardize' }, row));
    const root = Math.sqrt(1.5);
    const expected = [
      [-root, 0, -root],
      [0, 0, 0],
      [root, 0, root],
    ];
    rows.flat().forEach((value, i) => expect(value).toBeCloseTo(expected.flat()[i] ?? NaN, 5));
  });

  it('does not fit on validation rows', () => {
    const rows = Array.from({ length: 11 }, (_, i) => [i]);
    const prepared = prepareData(flat(rows), { ...spec, validation: 0.5 });
    const values = Array.from(prepared.train, (row) => row);
    const [min, max] = [Math.min(...values), Math.max(...values)];
    expect(prepared.scale?.[0]).toBeCloseTo(1 / (max - min), 6);
    expect(prepared.shift?.[0]).toBeCloseTo(-min / (max - min), 6);
    // The largest or smallest row is in the validation split for this seed, so the fit differs from one over all rows.
    expect(max - min).toBeLessThan(9);
  });

  it('fits pictures channel by channel, flat bytes all together', () => {
    const picture: DataSet = {
      ...set,
      shape: { input: [2, 1, 2], task: 'regression', outputs: 1 },
      x: Float32Array.of(0, 2, 10, 20, 4, 2, 30, 20),
      rows: 2,
      targets: new Float32Array(2),
      testFrom: 1,
    };
    expect(prepareData(picture, spec).scale).toEqual(Float32Array.of(0.5, 0.5, 0.1, 0.1));
    const bytes: DataSet = {
      ...picture,
      shape: { ...picture.shape, input: [4] },
      x: Uint8Array.of(0, 2, 10, 20, 4, 2, 30, 20),
    };
    expect(prepareData(bytes, spec).scale).toEqual(new Float32Array(4).fill(0.05));
  });
});
