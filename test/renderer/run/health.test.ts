import { describe, expect, it } from 'vitest';
import { HEALTH_MEASURES, type HealthChunk } from '../../../engine/spec/health.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { miniLine, sharedRange, type MiniCurve } from '../../../renderer/charts/options/mini-line.ts';
import { XScale } from '../../../renderer/charts/x-axis.ts';
import { HealthStore } from '../../../renderer/views/run/health-store.ts';

const M = HEALTH_MEASURES.length;
function chunk(steps: readonly number[], rows = 2): HealthChunk {
  return {
    runId: 'aaaaaaaaaaaa' as RunId,
    steps: Int32Array.from(steps),
    values: Float32Array.from({ length: steps.length * rows * M }, (_, i) => {
      return 100 * (steps[Math.floor(i / (rows * M))] ?? 0) + (i % (rows * M));
    }),
    startMs: steps[0] ?? 0,
    endMs: steps.at(-1) ?? 0,
  };
}
const samplesOf = (part: HealthChunk) => ({
  ...part,
  elapsedMs: Float32Array.from(part.steps),
  total: part.steps.length,
});

describe('the samples of a page', () => {
  it('are those of the store with what the feed brought after them', () => {
    const store = new HealthStore();
    store.append(chunk([0, 1, 2]));
    store.append(chunk([2, 4]));
    expect([...store.samples.steps]).toEqual([0, 1, 2, 4]);
    store.replace(samplesOf(chunk([0, 1])));
    expect([...store.samples.steps]).toEqual([0, 1, 2, 4]);
    expect(store.samples.values).toEqual(chunk([0, 1, 2, 4]).values);
    store.clear();
    expect(store.samples.total).toBe(0);
  });

  it('are read by layer and measure, the same object until more come', () => {
    const store = new HealthStore();
    store.append(chunk([1, 3]));
    const curve = store.curve(1, 'activation-std', 2);
    expect([...curve.values]).toEqual([100 + M + 3, 300 + M + 3]);
    expect(store.curve(1, 'activation-std', 2)).toBe(curve);
    store.append(chunk([5]));
    expect(store.curve(1, 'activation-std', 2).length).toBe(3);
  });
});

describe('a curve in a cell', () => {
  const curveOf = (values: readonly number[]): MiniCurve => ({
    steps: values.map((_, i) => i),
    elapsedMs: values.map((_, i) => i),
    values,
    length: values.length,
  });
  const draw = (values: readonly number[], axis: 'log' | 'linear' | 'share' = 'log') => {
    const curve = curveOf(values);
    return miniLine({
      curve,
      scale: new XScale('step', 1, null),
      range: { min: 0, max: values.length - 1 },
      y: sharedRange([curve], axis),
      axis,
      size: { width: 104, height: 44 },
    });
  };

  it('shares one range among layers, on a log axis of what can be drawn there', () => {
    expect(sharedRange([curveOf([1, NaN]), curveOf([0, 1e-3])], 'log')).toEqual({ min: 1e-3, max: 1 });
    expect(sharedRange([curveOf([0.2])], 'share')).toEqual({ min: 0, max: 1 });
  });

  it('breaks at what was not measured without a mark, and marks what is not finite or has no place', () => {
    expect(draw([NaN, 1, 2]).marks).toEqual([]);
    expect(draw([1, Infinity, 2]).marks).toMatchObject([{ kind: 'not-finite', step: 1, count: 1 }]);
    expect(draw([1, 0, 0, 2]).marks).toMatchObject([{ kind: 'not-positive', step: 1, count: 2 }]);
    expect(draw([1, Infinity, 2]).path.match(/M/g)).toHaveLength(2);
  });

  it('keeps a single spike among many samples', () => {
    const values = Array.from({ length: 10_000 }, (_, i) => (i === 4321 ? 1000 : 1));
    const { path, box } = draw(values);
    const heights = [...path.matchAll(/[ML][\d.]+ ([\d.]+)/g)].map(([, y]) => Number(y));
    expect(Math.min(...heights)).toBe(box.y);
    expect(heights.filter((y) => y === box.y)).toHaveLength(1);
  });
});
