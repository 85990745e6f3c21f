import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RANGES } from '../../../engine/spec/numbers.ts';
import { formatSetting } from '../../../renderer/text/format.ts';
import { checkNumber, readNumber, stepNumber } from '../../../renderer/text/number-input.ts';

describe('reading a number field', () => {
  it.each([
    ['0.001', 0.001],
    [' 5 ', 5],
    ['1e-3', 0.001],
    ['1e−3', 0.001],
    ['−0.1', -0.1],
    ['1,000', 1000],
    ['1,234,567', 1234567],
    ['.5', 0.5],
    ['5.', 5],
    ['+2E2', 200],
  ])('%j', (text, value) => expect(readNumber(text)).toBe(value));

  it.each(['', 'abc', '1,5', '12abc', '0x10', 'NaN', 'Infinity', '1e999', '1 000', '--1', '1,00'])(
    '%j is no number',
    (text) => expect(readNumber(text)).toBeNull(),
  );

  it('reads back what the screen writes', () => {
    fc.assert(
      fc.property(fc.double({ min: -1e12, max: 1e12, noNaN: true }), (value) => {
        expect(readNumber(formatSetting(value))).toBe(value === 0 ? 0 : value);
      }),
    );
  });
});

describe('checking against a range', () => {
  it.each([
    ['0', RANGES.lr, { code: 'above', bound: 0 }],
    ['-0.1', RANGES.lr, { code: 'above', bound: 0 }],
    ['fast', RANGES.lr, { code: 'notANumber', bound: 0 }],
    ['', RANGES.lr, { code: 'empty', bound: 0 }],
    ['2e6', RANGES.lr, { code: 'atMost', bound: 1e6 }],
    ['2.5', RANGES.units, { code: 'notWhole', bound: 0 }],
    ['0', RANGES.batchSize, { code: 'atLeast', bound: 1 }],
  ] as const)('%j', (text, range, issue) => expect(checkNumber(text, range)).toEqual({ ok: false, issue }));

  it('gives the value when it fits', () => {
    expect(checkNumber('1e−3', RANGES.lr)).toEqual({ ok: true, value: 0.001 });
    expect(checkNumber('64', RANGES.units)).toEqual({ ok: true, value: 64 });
  });
});

describe('arrow keys', () => {
  it('count whole numbers by one, with Shift by ten, inside the range', () => {
    expect(stepNumber(64, 1, RANGES.units, false)).toBe(65);
    expect(stepNumber(64, -1, RANGES.units, true)).toBe(54);
    expect(stepNumber(1, -1, RANGES.units, false)).toBe(1);
  });
  it('climb 1, 2, 5, 10 otherwise', () => {
    expect(stepNumber(0.001, 1, RANGES.lr, false)).toBe(0.002);
    expect(stepNumber(0.002, 1, RANGES.lr, false)).toBe(0.005);
    expect(stepNumber(0.005, 1, RANGES.lr, false)).toBe(0.01);
    expect(stepNumber(0.01, -1, RANGES.lr, false)).toBe(0.005);
    expect(stepNumber(0.003, -1, RANGES.lr, false)).toBe(0.002);
    expect(stepNumber(0.003, 1, RANGES.lr, true)).toBe(0.03);
    expect(stepNumber(0, 1, RANGES.weightDecay, false)).toBe(0.001);
  });
  it('never leave the range', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-9, max: 1e6, noNaN: true }),
        fc.constantFrom(1, -1),
        fc.boolean(),
        (value, by, big) => {
          const next = stepNumber(value, by as 1 | -1, RANGES.lr, big);
          expect(checkNumber(String(next), RANGES.lr).ok).toBe(true);
        },
      ),
    );
  });
});
