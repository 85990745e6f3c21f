import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Curve, MetricChunk } from '../../../engine/spec/metric.ts';
import { runId } from '../../../engine/spec/ids.ts';
import { SeriesBuffer } from '../../../renderer/feed/series-buffer.ts';
import { joinGaps, reduceCurve } from '../../../renderer/charts/series/reduce.ts';
import {
  AVERAGE_CHOICES,
  defaultSmoothing,
  Smoother,
  SMOOTHING_CHOICES,
} from '../../../renderer/charts/series/smooth.ts';

const id = runId('k3v9x0c2m1qa');

function chunk(steps: number[], values: number[], startMs = 0, endMs = 0): MetricChunk {
  return {
    runId: id,
    metric: 'loss',
    split: 'batch',
    steps: Int32Array.from(steps),
    values: Float32Array.from(values),
    startMs,
    endMs,
  };
}
function curve(steps: number[], values: number[], total = steps.length): Curve {
  return {
    metric: 'loss',
    split: 'batch',
    steps: Int32Array.from(steps),
    values: Float32Array.from(values),
    elapsedMs: Float32Array.from(steps, (step) => step * 10),
    total,
  };
}
function buffer(values: ArrayLike<number>): SeriesBuffer {
  const made = new SeriesBuffer('loss', 'batch');
  made.append(
    chunk(
      Array.from(values, (_, i) => i),
      Array.from(values),
    ),
  );
  return made;
}

describe('SeriesBuffer', () => {
  test('appends chunks and spreads the training time over their points', () => {
    const b = new SeriesBuffer('loss', 'batch');
    expect(b.append(chunk([0, 1, 2], [3, 2, 1], 100, 200))).toBe(3);
    expect(b.append(chunk([3], [0.5], 250, 260))).toBe(1);
    expect([...b.steps]).toEqual([0, 1, 2, 3]);
    expect([...b.values]).toEqual([3, 2, 1, 0.5]);
    expect([...b.elapsedMs]).toEqual([100, 150, 200, 260]);
    expect(b.complete).toBe(true);
  });

  test('keeps one point a step when a chunk overlaps what is held: the later value', () => {
    const b = buffer([9, 8, 7, 6]);
    const generation = b.generation;
    expect(b.append(chunk([2, 3, 4], [70, 60, 50]))).toBe(1);
    expect([...b.steps]).toEqual([0, 1, 2, 3, 4]);
    expect([...b.values]).toEqual([9, 8, 70, 60, 50]);
    expect(b.generation).toBe(generation + 1);
  });

  test('a read of the history keeps what the feed brought meanwhile, and nothing twice', () => {
    const b = new SeriesBuffer('loss', 'batch');
    b.append(chunk([4, 5, 6], [4, 5, 6]));
    b.replace(curve([0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5]));
    expect([...b.steps]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...b.values]).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(b.total).toBe(7);
  });

  test('knows when it holds a reduced curve', () => {
    const b = new SeriesBuffer('loss', 'batch');
    b.replace(curve([0, 50, 99], [3, 2, 1], 100));
    expect(b.complete).toBe(false);
    b.append(chunk([100], [0.9]));
    expect(b.total).toBe(101);
    expect(b.complete).toBe(false);
  });

  test('keeps NaN and infinities as logged, and finds the value at a step', () => {
    const b = buffer([1, Number.NaN, Infinity, 4]);
    expect(b.valueAt(1)).toBeNaN();
    expect(b.valueAt(2)).toBe(Infinity);
    expect(b.valueAt(100)).toBe(4);
    expect(b.valueAt(-1)).toBeNull();
  });

  test('grows past its first capacity without losing a point', () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) => Math.fround(Math.sin(i)));
    const b = new SeriesBuffer('loss', 'batch');
    for (let at = 0; at < 5000; at += 512) {
      const part = values.slice(at, at + 512);
      b.append(
        chunk(
          Array.from(part, (_, i) => at + i),
          [...part],
        ),
      );
    }
    expect([...b.values]).toEqual([...values]);
  });
});

describe('reduceCurve', () => {
  const request = { xScale: 1, positiveOnly: false };

  test('keeps a one-step spike in a million points, and the lowest point too', () => {
    const n = 1_000_000;
    const ys = new Float32Array(n).fill(0.5);
    ys[654_321] = 7.25;
    ys[123_457] = 0.001;
    const xs = Int32Array.from({ length: n }, (_, i) => i);
    const reduced = reduceCurve({ ...request, xs, ys, from: 0, to: n - 1, columns: 300 });
    expect(reduced.points.length / 2).toBeLessThanOrEqual(4 * 301 + 2);
    expect(reduced.high).toBe(7.25);
    const at = [...reduced.indices].indexOf(654_321);
    expect(at).toBeGreaterThanOrEqual(0);
    expect([reduced.points[2 * at], reduced.points[2 * at + 1]]).toEqual([654_321, 7.25]);
    expect([...reduced.indices]).toContain(123_457);
    const rising = [...reduced.indices].every((index, i, all) => i === 0 || index > (all[i - 1] ?? 0));
    expect(rising).toBe(true);
  });

  test('keeps everything when there are few points, with one neighbour on either side', () => {
    const xs = Int32Array.from({ length: 20 }, (_, i) => i * 10);
    const ys = Float32Array.from(xs, (x) => x / 2);
    const reduced = reduceCurve({ ...request, xs, ys, from: 45, to: 95, columns: 100 });
    expect([...reduced.indices]).toEqual([4, 5, 6, 7, 8, 9, 10]);
    expect(reduced.inRange).toBe(5);
    expect([reduced.low, reduced.high]).toEqual([25, 45]);
  });

  test('breaks the line at values that cannot be drawn, and says where, how many and what was before', () => {
    const xs = [0, 1, 2, 3, 4, 5];
    const ys = [1, 2, Number.NaN, Infinity, -1, 6];
    const log = reduceCurve({ ...request, xs, ys, from: 0, to: 5, columns: 50, positiveOnly: true });
    expect([...log.indices]).toEqual([0, 1, -1, 5]);
    expect(log.gaps).toEqual([
      { kind: 'not-finite', x: 2, index: 2, count: 2, lastValue: 2 },
      { kind: 'not-positive', x: 4, index: 4, count: 1, lastValue: 2 },
    ]);
    const linear = reduceCurve({ ...request, xs, ys, from: 0, to: 5, columns: 50 });
    expect([...linear.indices]).toEqual([0, 1, -1, 4, 5]);
    expect(linear.gaps.map((gap) => gap.kind)).toEqual(['not-finite']);
  });

  test('reduces points that are nothing but gaps to one break', () => {
    const n = 10_000;
    const xs = Int32Array.from({ length: n }, (_, i) => i);
    const ys = new Float32Array(n).fill(Number.NaN);
    const reduced = reduceCurve({ ...request, xs, ys, from: 0, to: n, columns: 100 });
    expect([...reduced.indices]).toEqual([-1]);
    expect([reduced.low, reduced.high]).toEqual([null, null]);
    expect(reduced.gaps).toEqual([{ kind: 'not-finite', x: 0, index: 0, count: n, lastValue: null }]);
  });

  test('joins gaps that are too near to be told apart, each kind on its own', () => {
    const gap = (kind: 'not-finite' | 'not-positive', x: number) => ({ kind, x, index: x, count: 2, lastValue: 1 });
    const joined = joinGaps(
      [gap('not-finite', 0), gap('not-positive', 1), gap('not-finite', 2), gap('not-finite', 9)],
      5,
    );
    expect(joined.map((g) => [g.kind, g.x, g.count])).toEqual([
      ['not-finite', 0, 4],
      ['not-positive', 1, 2],
      ['not-finite', 9, 2],
    ]);
  });
});

describe('Smoother', () => {
  test('never shifts a constant, whatever the smoothing', () => {
    for (const constant of [0.1, 1 / 3, 2.302585, 1e-7, -4.2]) {
      const value = Math.fround(constant);
      const b = buffer(new Float32Array(20_000).fill(value));
      for (const smoothing of [...SMOOTHING_CHOICES, 0.9999, ...AVERAGE_CHOICES, 7777]) {
        expect(new Set(new Smoother(b, smoothing).values())).toEqual(new Set([value]));
      }
    }
  });

  test('is the debiased average, and the same whether computed at once or as points arrive', () => {
    const values = Float32Array.from({ length: 40 }, (_, i) => 3 / (i + 1));
    const whole = new Smoother(buffer(values), 0.9).values();
    const b = new SeriesBuffer('loss', 'batch');
    const growing = new Smoother(b, 0.9);
    for (let i = 0; i < 40; i++) {
      b.append(chunk([i], [values[i] ?? 0]));
      growing.values();
    }
    expect([...growing.values()]).toEqual([...whole]);
    // By hand for the third point: (0.1·0.81·v0 + 0.1·0.9·v1 + 0.1·v2) / (0.1·(0.81 + 0.9 + 1))
    const [a = 0, c = 0, d = 0] = values;
    expect(whole[2]).toBeCloseTo((0.81 * a + 0.9 * c + d) / 2.71, 6);
  });

  test('a plain average is the mean of the points of the last steps, however they arrive', () => {
    const point = fc.oneof(
      { weight: 9, arbitrary: fc.float({ noNaN: true, min: -1e4, max: 1e4 }) },
      { weight: 1, arbitrary: fc.constantFrom(Number.NaN, Infinity, 1e30) },
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(point, fc.integer({ min: 1, max: 4 })), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 1, max: 7 }),
        (points, window, at) => {
          let step = 0;
          const steps = points.map(([, gap]) => (step += gap));
          const values = Float32Array.from(points, ([value]) => value);
          const b = new SeriesBuffer('loss', 'batch');
          const smoother = new Smoother(b, window);
          for (let i = 0; i < steps.length; i += at) {
            b.append(chunk(steps.slice(i, i + at), [...values.subarray(i, i + at)]));
            smoother.values();
          }
          steps.forEach((now, i) => {
            const inside = [...values].filter((v, k) => k <= i && (steps[k] ?? 0) > now - window && Number.isFinite(v));
            const mean = inside.reduce((sum, v) => sum + v, 0) / inside.length;
            const got = smoother.values()[i] ?? 0;
            if (Number.isFinite(values[i] ?? 0))
              expect(Math.abs(got - mean)).toBeLessThanOrEqual(1e-6 * Math.abs(mean) + 1e-3);
            else expect(got).toBeNaN();
          });
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  test('nothing of a spike is left once it has gone by', () => {
    const values = new Float32Array(400).fill(1);
    values[100] = 3e38;
    const smoothed = new Smoother(buffer(values), 30).values();
    expect(smoothed[129]).toBeGreaterThan(1e36);
    expect(new Set(smoothed.subarray(130))).toEqual(new Set([1]));
  });

  test('passes over values that are not finite and starts again when the history changed', () => {
    const b = buffer([1, Number.NaN, 1]);
    const smoother = new Smoother(b, 0.9);
    expect([...smoother.values()]).toEqual([1, Number.NaN, 1]);
    b.append(chunk([1], [1]));
    expect([...smoother.values()]).toEqual([1, 1, 1]);
  });

  test('the usual smoothing grows with the run', () => {
    expect([780, 9_400, 60_000].map(defaultSmoothing)).toEqual([0.9, 0.99, 0.999]);
  });
});
