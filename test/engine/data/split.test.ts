import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { splitRows } from '../../../engine/data/split.ts';

const spec = { test: null, validation: 0.2, limit: null, splitSeed: 0 } as const;
/** 60 rows of class 0, 30 of class 1, 10 of class 2, in this order. */
const labels = Int32Array.from({ length: 100 }, (_, i) => (i < 60 ? 0 : i < 90 ? 1 : 2));
const set = { rows: 100, testFrom: 100, labels };
const counts = (rows: Int32Array): number[] => [0, 1, 2].map((c) => rows.filter((row) => labels[row] === c).length);

describe('splitRows', () => {
  it('holds out 20 % for the test and 20 % of the rest for validation, class by class', () => {
    const { train, validation, test } = splitRows(set, spec);
    expect(counts(test)).toEqual([12, 6, 2]);
    // 16 of 80: exactly 9.6, 4.8 and 1.6 of the classes; the largest remainders are rounded up.
    expect(counts(validation)).toEqual([10, 5, 1]);
    expect(counts(train)).toEqual([38, 19, 7]);
  });

  it('gives every row to exactly one split', () => {
    const { train, validation, test } = splitRows(set, spec);
    expect([...train, ...validation, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('depends on the split seed and on nothing else', () => {
    expect(splitRows(set, spec)).toEqual(splitRows(set, spec));
    expect(splitRows(set, { ...spec, splitSeed: 1 }).test).not.toEqual(splitRows(set, spec).test);
  });

  it('shuffles the training rows of a set without a test split', () => {
    const { train } = splitRows(set, spec);
    expect([...train]).not.toEqual([...train].sort((a, b) => a - b));
  });

  it('keeps the test split a set brings, and its rows in order', () => {
    const own = { rows: 100, testFrom: 70, labels };
    const { train, validation, test } = splitRows(own, { ...spec, test: 0.5, validation: 0 });
    expect([...test]).toEqual(Array.from({ length: 30 }, (_, i) => 70 + i));
    expect([...train]).toEqual(Array.from({ length: 70 }, (_, i) => i));
    expect(validation.length).toBe(0);
    const cut = splitRows(own, { ...spec, validation: 0.1 });
    expect(cut.validation.length).toBe(7);
    expect([...cut.train]).toEqual([...cut.train].sort((a, b) => a - b));
  });

  it('takes the first training rows by limit, after the test split and before validation', () => {
    const all = splitRows(set, { ...spec, validation: 0 });
    const limited = splitRows(set, { ...spec, validation: 0, limit: 25 });
    expect(limited.test).toEqual(all.test);
    expect(limited.train).toEqual(all.train.slice(0, 25));
    const cut = splitRows(set, { ...spec, validation: 0.2, limit: 25 });
    expect([cut.train.length, cut.validation.length]).toEqual([20, 5]);
    expect([...cut.train, ...cut.validation].sort()).toEqual([...limited.train].sort());
    expect(splitRows(set, { ...spec, validation: 0, limit: 1000 }).train).toEqual(all.train);
  });

  it('leaves rows in their order when nothing is drawn from them', () => {
    const { train, test } = splitRows(set, { ...spec, test: 0, validation: 0 });
    expect([...train]).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect(test.length).toBe(0);
  });

  it('shuffles before a limit, so that rows sorted by class give more than one class', () => {
    expect(counts(splitRows(set, { ...spec, test: 0, validation: 0, limit: 40 }).train).every((n) => n > 0)).toBe(true);
  });

  it('splits regression rows without classes', () => {
    const { train, validation, test } = splitRows({ rows: 50, testFrom: 50, labels: null }, spec);
    expect([train.length, validation.length, test.length]).toEqual([32, 8, 10]);
  });

  it.each([
    [
      'no test row',
      { rows: 2, testFrom: 2, labels: null },
      spec,
      'data.test: 0.2 of 2 rows leaves no test row; expected another share or more rows',
    ],
    [
      'no training row',
      { rows: 10, testFrom: 10, labels: null },
      { ...spec, test: 0.99 },
      'data.test: 0.99 of 10 rows leaves no training row; expected another share or more rows',
    ],
    [
      'no validation row',
      { rows: 100, testFrom: 100, labels: null },
      { ...spec, limit: 2 },
      'data.validation: 0.2 of 2 rows leaves no validation row; expected another share or more rows',
    ],
  ])('refuses a split with %s', (_what, rows, how, message) => {
    expect(() => splitRows(rows, how)).toThrow(new DataError(message, message.split(':')[0]));
  });
});
