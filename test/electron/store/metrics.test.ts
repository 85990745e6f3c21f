import { describe, expect, it } from 'vitest';
import { reduceCurve } from '../../../electron/store/reads/reduce-curve.ts';
import { chunk, newRun, RUN_A, RUN_B } from './run-samples.ts';
import { openStore } from './support.ts';
import type { Curve, Split } from '../../../engine/spec/metric.ts';
import type { Store } from '../../../electron/store/store.ts';

function curve(store: Store, maxPoints: number | null = null, split: Split = 'batch'): Curve {
  return store.handle('curve:read', { id: RUN_A, metric: 'loss', split, maxPoints });
}

describe('metric chunks', () => {
  it('come back bit for bit, NaN, infinities and -0 included', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const values = Float32Array.from([0.1, -0, 1e-45, 3.4e38, Infinity, -Infinity, NaN, -1.5]);
    // A NaN with a payload of its own, and a negative one.
    new Uint32Array(values.buffer).set([0x7fc12345, 0xffc00001], 6);
    store.handle('run:append', {
      id: RUN_A,
      chunks: [{ ...chunk(0, [...values]), values }],
    });
    const read = curve(store);
    expect(new Uint32Array(read.values.buffer)).toEqual(new Uint32Array(values.buffer));
    expect(read.steps).toEqual(Int32Array.from([0, 1, 2, 3, 4, 5, 6, 7]));
    expect(read.total).toBe(8);
  });

  it('join small appends, split large ones and keep time', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    for (let i = 0; i < 3000; i += 3) {
      store.handle('run:append', { id: RUN_A, chunks: [chunk(i, [i, i + 1, i + 2], { startMs: i, endMs: i + 2 })] });
    }
    const read = curve(store);
    expect(read.steps).toEqual(Int32Array.from({ length: 3000 }, (_, i) => i));
    expect(read.values).toEqual(Float32Array.from({ length: 3000 }, (_, i) => i));
    for (const i of [0, 1, 500, 1500, 2999]) expect(read.elapsedMs[i]).toBeCloseTo(i, 2);
  });

  it('appended twice are stored once, and an overlap adds only what is new', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const first = chunk(0, [5, 4, 3]);
    store.handle('run:append', { id: RUN_A, chunks: [first] });
    store.handle('run:append', { id: RUN_A, chunks: [first] });
    store.handle('run:append', { id: RUN_A, chunks: [chunk(1, [9, 9, 2, 1])] });
    expect([...curve(store).values]).toEqual([5, 4, 3, 2, 1]);
    expect(curve(store).total).toBe(5);
  });

  it('of one run do not show in another', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:create', newRun(RUN_B));
    store.handle('run:append', { id: RUN_A, chunks: [chunk(0, [1])] });
    store.handle('run:append', { id: RUN_B, chunks: [chunk(0, [2], { id: RUN_B })] });
    expect([...curve(store).values]).toEqual([1]);
    expect([...curve(store, null, 'train').values]).toEqual([]);
  });

  it('are all or nothing: a chunk that cannot be stored takes the others of its append with it', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const broken = { ...chunk(0, [1, 2], { split: 'train' }), steps: Int32Array.from([0]) };
    expect(() => store.handle('run:append', { id: RUN_A, step: 7, chunks: [chunk(0, [1]), broken] })).toThrow(
      'has 1 steps and 2 values',
    );
    expect(curve(store).total).toBe(0);
    expect(store.handle('run:get', { id: RUN_A }).summary.stepsDone).toBe(0);
  });
});

describe('a part of a curve', () => {
  it('has the points from one step to another, over chunk borders, and counts those', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    for (let i = 0; i < 5000; i += 500) {
      const values = Array.from({ length: 500 }, (_, k) => i + k);
      store.handle('run:append', { id: RUN_A, chunks: [chunk(i, values, { startMs: i, endMs: i + 499 })] });
    }
    const part = (from: number, to: number, maxPoints: number | null = null): Curve =>
      store.handle('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints, steps: { from, to } });
    const read = part(1200, 3400);
    expect(read.steps).toEqual(Int32Array.from({ length: 2201 }, (_, i) => 1200 + i));
    expect(read.values).toEqual(Float32Array.from({ length: 2201 }, (_, i) => 1200 + i));
    expect(read.elapsedMs[0]).toBeCloseTo(1200, 1);
    expect(read.total).toBe(2201);
    const reduced = part(1200, 3400, 100);
    expect(reduced.total).toBe(2201);
    expect(reduced.steps.length).toBeLessThanOrEqual(100);
    expect([reduced.steps[0], reduced.steps.at(-1)]).toEqual([1200, 3400]);
    expect(part(-5, 0).steps).toEqual(Int32Array.of(0));
    expect(part(6000, 7000).total).toBe(0);
  });

  it('is empty between two points', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:append', { id: RUN_A, chunks: [chunk(0, [1, 2, 3], { every: 100 })] });
    const steps = { from: 110, to: 190 };
    const read = store.handle('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints: null, steps });
    expect(read.steps).toHaveLength(0);
  });
});

describe('reduced curves', () => {
  const steps = (n: number): Int32Array<ArrayBuffer> => Int32Array.from({ length: n }, (_, i) => i * 2);

  it('keep a spike of one step, a dip, the ends and values that are not finite', () => {
    const n = 100_000;
    const values = Float32Array.from({ length: n }, (_, i) => Math.sin(i / 5000));
    values[31_415] = 50;
    values[27_182] = -50;
    values[60_000] = NaN;
    values[70_000] = Infinity;
    const elapsedMs = Float32Array.from({ length: n }, (_, i) => i / 2);
    const reduced = reduceCurve({ steps: steps(n), values, elapsedMs }, 400);
    expect(reduced.values.length).toBeLessThanOrEqual(400);
    expect(reduced.values.length).toBeGreaterThan(200);
    const at = (value: number): number => [...reduced.values].findIndex((v) => Object.is(v, value));
    expect(reduced.steps[at(50)]).toBe(62_830);
    expect(reduced.elapsedMs[at(50)]).toBe(31_415 / 2);
    expect(reduced.steps[at(-50)]).toBe(54_364);
    expect(reduced.steps[at(NaN)]).toBe(120_000);
    expect(reduced.steps[at(Infinity)]).toBe(140_000);
    expect(reduced.steps[0]).toBe(0);
    expect(reduced.steps.at(-1)).toBe(2 * (n - 1));
    expect([...reduced.steps].every((step, i) => i === 0 || step > (reduced.steps[i - 1] ?? 0))).toBe(true);
  });

  it('are left alone when they are short', () => {
    const whole = { steps: steps(16), values: new Float32Array(16), elapsedMs: new Float32Array(16) };
    expect(reduceCurve(whole, 16)).toBe(whole);
  });

  it.each([16, 17, 100, 999])('never exceed %i points', (maxPoints) => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i % 7 === 0 ? NaN : i % 13));
    const reduced = reduceCurve({ steps: steps(1000), values, elapsedMs: new Float32Array(1000) }, maxPoints);
    expect(reduced.values.length).toBeLessThanOrEqual(maxPoints);
  });

  it('come from the store with the full count', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const values = Array.from({ length: 5000 }, (_, i) => (i === 1234 ? 99 : 1));
    store.handle('run:append', { id: RUN_A, chunks: [chunk(0, values)] });
    const read = curve(store, 64);
    expect(read.total).toBe(5000);
    expect(read.values.length).toBeLessThanOrEqual(64);
    expect(read.steps[read.values.indexOf(99)]).toBe(1234);
  });
});
