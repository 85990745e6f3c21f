import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFixed,
  formatNumber,
  formatPercent,
  formatSetting,
  formatShape,
  formatTime,
} from '../../../renderer/text/format.ts';

describe('numbers on screen', () => {
  it.each([
    [1797, '1,797'],
    [999, '999'],
    [0, '0'],
    [-1200, '−1,200'],
    [1_234_567.6, '1,234,568'],
    [null, '–'],
    [undefined, '–'],
    [NaN, '–'],
    [Infinity, '∞'],
  ])('count %s', (value, text) => expect(formatCount(value)).toBe(text));

  it.each([
    [0.125, '0.125'],
    [0.1253, '0.125'],
    [1.3e-5, '1.3e−5'],
    [0.001, '0.001'],
    [0.000999, '9.99e−4'],
    [-0.5, '−0.5'],
    [1250, '1,250'],
    [123_456, '1.23e5'],
    [0, '0'],
    [-Infinity, '−∞'],
    [NaN, '–'],
  ])('significant digits %s', (value, text) => expect(formatNumber(value)).toBe(text));

  it.each([
    [0.13086, 4, '0.1309'],
    [2.3, 4, '2.3000'],
    [0.00003, 4, '3e−5'],
    [1234.5, 2, '1,234.50'],
    [0, 4, '0.0000'],
  ])('fixed %s to %s decimals', (value, decimals, text) => expect(formatFixed(value, decimals)).toBe(text));

  it.each([
    [0.001, '0.001'],
    [0.0003, '0.0003'],
    [1e-6, '1e−6'],
    [1.5e-7, '1.5e−7'],
    [0.1, '0.1'],
    [1.2, '1.2'],
    [2_000_000, '2e6'],
  ])('a setting as typed %s', (value, text) => expect(formatSetting(value)).toBe(text));

  it('percent has two decimals and no sign', () => {
    expect(formatPercent(0.9638)).toBe('96.38');
    expect(formatPercent(1, 0)).toBe('100');
    expect(formatPercent(null)).toBe('–');
  });

  it.each([
    [0, '0:00'],
    [7_400, '0:07'],
    [59_600, '1:00'],
    [760_000, '12:40'],
    [3_723_000, '1:02:03'],
    [90_000_000, '25:00:00'],
    [null, '–'],
    [Infinity, '–'],
  ])('duration %s ms', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [0, '0 s'],
    [-5, '0 s'],
    [0.89, '0.89 ms'],
    [1.54, '1.5 ms'],
    [40, '40 ms'],
    [999.4, '999 ms'],
    [999.6, '1.0 s'],
    [1234, '1.2 s'],
    [9_999, '10.0 s'],
    [61_000, '1:01'],
    [null, '–'],
  ])('time of %s ms, where a few seconds matter', (ms, text) => expect(formatTime(ms)).toBe(text));

  it.each([
    [842, '842 B'],
    [12_300, '12 kB'],
    [999_700, '1.0 MB'],
    [1_400_000, '1.4 MB'],
    [312e6, '312 MB'],
    [2.5e9, '2.5 GB'],
    [null, '–'],
  ])('%s bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

  it('shape', () => expect(formatShape([1, 28, 28])).toBe('1 × 28 × 28'));
});
