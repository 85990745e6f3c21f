import type { RunDetail } from '../../../electron/contract/runs.ts';
import { describe, expect, test } from 'vitest';
import { formatLoss, formatSeconds, formatTick } from '../../../renderer/charts/format.ts';
import { pixelToX, plotBox, rightMargin, xToPixel, yToPixel } from '../../../renderer/charts/plot.ts';
import {
  accuracyRange,
  linearRange,
  linearTicks,
  liveEnd,
  logRange,
  logTicks,
  timeTicks,
  valueTicks,
} from '../../../renderer/charts/ticks.ts';
import { clockMarks, samplesPerStep, interpolate, XScale } from '../../../renderer/charts/x-axis.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';

describe('ranges and labels', () => {
  test('a log axis has decades only, thinned to six, and falls back when it holds fewer than two', () => {
    expect(logTicks({ min: 0.02, max: 3 })).toEqual([0.1, 1]);
    expect(logTicks({ min: 1e-9, max: 10 })).toEqual([1e-9, 1e-7, 1e-5, 1e-3, 0.1, 10]);
    expect(logTicks({ min: 0.2, max: 0.5 })).toEqual([0.2, 0.5]);
    expect(logTicks({ min: 0.3, max: 2 })).toEqual([0.3, 1]);
    for (const min of [0.011, 0.23, 0.9, 3.7]) {
      for (const factor of [1.01, 1.3, 2, 7, 40, 5000]) {
        const ticks = logTicks({ min, max: min * factor });
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(6);
      }
    }
  });

  test('a log range holds its values, ends on round numbers and is never empty', () => {
    expect(logRange(0.0213, 2.44)).toEqual({ min: 0.02, max: 3 });
    expect(logRange(0.1, 1)).toEqual({ min: 0.1, max: 1 });
    const same = logRange(0.5, 0.5);
    expect(same.min).toBeLessThan(0.5);
    expect(same.max).toBeGreaterThanOrEqual(0.5);
    expect(same.max).toBeGreaterThan(same.min);
  });

  test('a linear range of a constant leaves room on both sides', () => {
    const range = linearRange(5, 5);
    expect(range.min).toBeLessThan(5);
    expect(range.max).toBeGreaterThan(5);
    expect(linearRange(0, 0)).toEqual({ min: -1, max: 1 });
    expect(linearTicks({ min: 0, max: 1 }, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(valueTicks({ min: -0.72, max: 0.72 })).toEqual([-0.6, -0.3, 0, 0.3, 0.6]);
  });

  test('accuracy starts where the data does, not at 0', () => {
    const rising = [0.1, 0.55, ...Array.from({ length: 18 }, (_, i) => 0.82 + i / 120)];
    expect(accuracyRange(rising)).toEqual({ min: 0.8, max: 1 });
    expect(accuracyRange(Array(20).fill(0.985))).toEqual({ min: 0.98, max: 1 });
    expect(accuracyRange([0.2, 0.25, 0.3])).toEqual({ min: 0.2, max: 1 });
    expect(accuracyRange([])).toEqual({ min: 0, max: 1 });
    expect(accuracyRange([Number.NaN, 1, 1])).toEqual({ min: 0.99, max: 1 });
  });

  test('a live axis moves in tenths, holds the last point and ends at the plan', () => {
    const ends = new Set<number>();
    for (let step = 10; step < 1000; step++) {
      const end = liveEnd(step, 5000);
      expect(end).toBeGreaterThanOrEqual(step);
      expect(end).toBeLessThanOrEqual(Math.ceil(step * 1.1) + 1);
      ends.add(end);
    }
    expect(ends.size).toBeLessThan(60);
    expect(liveEnd(770, 780)).toBe(780);
    expect(liveEnd(0, 780)).toBe(10);
    expect(liveEnd(900, 780)).toBe(900);
  });

  test('time has clock steps', () => {
    expect(timeTicks({ min: 0, max: 62 })).toEqual([0, 15, 30, 45, 60]);
    expect(timeTicks({ min: 0, max: 7000 }).map(formatSeconds)).toEqual(['0:00', '30:00', '1:00:00', '1:30:00']);
  });

  test('figures are written for reading', () => {
    expect([0, 0.25, -0.012, 12_000, 5e-7, 2.5e8].map(formatTick)).toEqual([
      '0',
      '0.25',
      '−0.012',
      '12,000',
      '5e−7',
      '2.5e8',
    ]);
    expect([null, Number.NaN, Infinity, 0.10371, 12.3456, 680.71, 2e-7, 12345.6, 3.0241e30].map(formatLoss)).toEqual([
      '–',
      'NaN',
      '∞',
      '0.1037',
      '12.35',
      '680.7',
      '2e−7',
      '12,346',
      '3.02e30',
    ]);
  });
});

describe('the shared x axis', () => {
  const clock = new SeriesBuffer('loss', 'batch');
  clock.append({
    runId: 'k3v9x0c2m1qa' as never,
    metric: 'loss',
    split: 'batch',
    steps: Int32Array.from([0, 10, 20]),
    values: Float32Array.from([1, 1, 1]),
    startMs: 0,
    endMs: 4000,
  });

  test('goes from steps to epochs and training time and back', () => {
    expect(new XScale('epoch', 13, null).fromStep(312)).toBe(24);
    expect(new XScale('epoch', 13, null).toStep(24)).toBe(312);
    const time = new XScale('time', 13, clock);
    expect(time.fromStep(15)).toBe(3);
    expect(time.toStep(3)).toBe(15);
    expect(time.fromStep(99)).toBe(4);
    expect(new XScale('time', 13, null).fromStep(5)).toBe(0);
  });

  test('tells when it was, over pauses, and back', () => {
    const noon = new Date(2026, 10, 30, 12, 0, 0).getTime();
    // Two seconds of training, a pause of an hour, two more.
    const marks = [
      { elapsedMs: 0, at: noon },
      { elapsedMs: 2000, at: noon + 3_602_000 },
    ];
    const wall = new XScale('wall', 13, clock, 1, marks);
    expect([0, 5, 10, 15, 20].map((step) => wall.fromStep(step) - noon / 1000)).toEqual([0, 1, 3602, 3603, 3604]);
    expect([0, 1, 2, 1800, 3602, 3604].map((x) => wall.toStep(noon / 1000 + x))).toEqual([0, 5, 10, 10, 10, 20]);
    expect(wall.start).toBe(noon / 1000);
    const { xs, scale } = wall.column(clock);
    expect([...Array.from(xs)].map((x) => x * scale - noon / 1000)).toEqual([0, 3602, 3604]);
    const range = { min: noon / 1000, max: noon / 1000 + 3604 };
    expect(wall.ticks(range, 400, true).map((t) => t.label)).toEqual(['11-30 12:00', '12:30', '13:00']);
    const short = { min: noon / 1000, max: noon / 1000 + 0.5 };
    expect(wall.ticks(short, 320, true).map((t) => t.label)).toEqual(['12:00:00.0', '12:00:00.2', '12:00:00.4']);
    // The day stands where it changes.
    const night = { min: noon / 1000 + 11 * 3600, max: noon / 1000 + 13 * 3600 };
    expect(wall.ticks(night, 300, false).map((t) => t.label)).toEqual(['11-30 23:00', '12-01 00:00', '01:00']);
  });

  test('a run from before moments were kept began its clock once', () => {
    expect(clockMarks(null)).toEqual([]);
    const detail = { clock: [], summary: { startedAt: 5000 } } as unknown as RunDetail;
    expect(clockMarks(detail)).toEqual([{ elapsedMs: 0, at: 5000 }]);
  });

  test('counts training rows', () => {
    const spec = { training: { sampling: 'shuffle', batchSize: 100 } };
    const detail = { spec, splitSizes: { train: 1150 } } as unknown as RunDetail;
    expect(samplesPerStep(detail, 12)).toBeCloseTo(95.83, 2);
    const drawn = { spec: { training: { sampling: 'replacement', batchSize: 100 } } } as unknown as RunDetail;
    expect(samplesPerStep(drawn, 12)).toBe(100);
    expect(new XScale('samples', 12, null, 95.8).fromStep(12)).toBeCloseTo(1149.6, 6);
  });

  test('reads the matching column of a curve', () => {
    const { xs, scale } = new XScale('time', 13, clock).column(clock);
    expect([...Array.from(xs)].map((x) => x * scale)).toEqual([0, 2, 4]);
  });

  test('labels the end of a finished run, and only whole steps', () => {
    const steps = new XScale('step', 13, null);
    expect(steps.ticks({ min: 0, max: 481 }, 320, true).map((t) => t.label)).toEqual([
      '0',
      '100',
      '200',
      '300',
      '400',
      '481',
    ]);
    expect(steps.ticks({ min: 0, max: 3 }, 320, false).every((t) => Number.isInteger(t.value))).toBe(true);
    const short = new XScale('time', 13, clock).ticks({ min: 0, max: 0.6 }, 320, false);
    expect(short.map((t) => t.label)).toEqual(['0 s', '0.2 s', '0.4 s', '0.6 s']);
  });

  test('interpolates, and is flat beyond the ends', () => {
    expect([-1, 0, 5, 10, 20].map((x) => interpolate([0, 10], [100, 200], x))).toEqual([100, 100, 150, 200, 200]);
    expect(interpolate([1, 1, 2], [5, 6, 7], 1)).toBe(6);
  });
});

describe('geometry', () => {
  test('values and pixels are each other’s inverse, on linear and log axes', () => {
    const box = plotBox({ width: 400, height: 200 }, { left: 40, right: 10, top: 8, bottom: 22 });
    expect(box).toEqual({ x: 40, y: 8, width: 350, height: 170 });
    const range = { min: 100, max: 450 };
    expect(xToPixel(box, range, 275)).toBe(215);
    expect(pixelToX(box, range, 215)).toBe(275);
    expect(yToPixel(box, { min: 0.01, max: 1 }, true, 0.1)).toBeCloseTo(8 + 85, 9);
    expect(yToPixel(box, { min: 0, max: 10 }, false, 10)).toBe(8);
  });

  test('a long last label gets its room', () => {
    const tick = { value: 1_000_000, label: '1,000,000' };
    expect(rightMargin([tick], { min: 0, max: 1_000_000 }, 300)).toBe(36);
    expect(rightMargin([tick], { min: 0, max: 1_500_000 }, 300)).toBe(12);
  });
});
