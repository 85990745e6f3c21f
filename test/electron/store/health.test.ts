import { describe, expect, it } from 'vitest';
import type { Store } from '../../../electron/store/store.ts';
import type { HealthChunk } from '../../../engine/spec/health.ts';
import { newRun, resume, RUN_A, RUN_B } from './run-samples.ts';
import { openStore } from './support.ts';

const WIDTH = 12;

function samples(steps: readonly number[], value: (step: number, column: number) => number): HealthChunk {
  return {
    runId: RUN_A,
    steps: Int32Array.from(steps),
    values: Float32Array.from({ length: steps.length * WIDTH }, (_, i) =>
      value(steps[Math.floor(i / WIDTH)] ?? 0, i % WIDTH),
    ),
    startMs: steps[0] ?? 0,
    endMs: steps.at(-1) ?? 0,
  };
}
const plain = (step: number, column: number): number => step + column / 16;
const read = (store: Store, maxSamples: number | null = null) => store.handle('health:read', { id: RUN_A, maxSamples });

describe('samples of health', () => {
  it('come back bit for bit over many appends, with their times', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:create', newRun(RUN_B));
    const steps = Array.from({ length: 4000 }, (_, i) => i * 5);
    const odd = (step: number, column: number): number =>
      column === 3 ? NaN : column === 4 ? Infinity : column === 5 ? -0 : plain(step, column);
    for (let i = 0; i < steps.length; i += 250) {
      store.handle('run:append', { id: RUN_A, health: [samples(steps.slice(i, i + 250), odd)] });
    }
    const all = read(store);
    expect(all.steps).toEqual(Int32Array.from(steps));
    expect(new Uint32Array(all.values.buffer)).toEqual(new Uint32Array(samples(steps, odd).values.buffer));
    expect(all.total).toBe(4000);
    for (const i of [0, 1, 999, 3999]) expect(all.elapsedMs[i]).toBeCloseTo(steps[i] ?? NaN, 1);
    expect(store.handle('health:read', { id: RUN_B, maxSamples: null })).toMatchObject({ total: 0 });
  });

  it('appended twice are stored once', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    for (const part of [
      [0, 1, 2],
      [0, 1, 2],
      [1, 2, 4],
    ]) {
      store.handle('run:append', { id: RUN_A, health: [samples(part, plain)] });
    }
    expect(read(store).steps).toEqual(Int32Array.of(0, 1, 2, 4));
    expect(read(store).values).toEqual(samples([0, 1, 2, 4], plain).values);
  });

  it('are thinned with the first and the last', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const steps = Array.from({ length: 101 }, (_, i) => i);
    store.handle('run:append', { id: RUN_A, health: [samples(steps, plain)] });
    const few = read(store, 5);
    expect(few.steps).toEqual(Int32Array.of(0, 25, 50, 75, 100));
    expect(few.values).toEqual(samples([0, 25, 50, 75, 100], plain).values);
    expect(few.total).toBe(101);
  });

  it('and moments of the clock after the checkpoint are dropped when a run is taken back to it', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const checkpoint = {
      step: 20,
      epoch: 2,
      elapsedMs: 200,
      best: false,
      reason: 'epoch' as const,
      savedAt: 1,
      bytes: Uint8Array.of(1, 2),
    };
    store.handle('run:append', { id: RUN_A, clock: { elapsedMs: 0, at: 1000 }, health: [samples([0, 10, 20], plain)] });
    store.handle('run:append', { id: RUN_A, checkpoints: [checkpoint] });
    store.handle('run:append', { id: RUN_A, clock: { elapsedMs: 150, at: 5000 }, status: 'running' });
    store.handle('run:append', { id: RUN_A, clock: { elapsedMs: 250, at: 9000 }, health: [samples([30, 40], plain)] });
    store.handle('run:append', { id: RUN_A, status: 'interrupted' });
    store.handle('run:rewind', resume());
    expect(read(store).steps).toEqual(Int32Array.of(0, 10, 20));
    expect(store.handle('run:get', { id: RUN_A }).clock).toEqual([
      { elapsedMs: 0, at: 1000 },
      { elapsedMs: 150, at: 5000 },
    ]);
    store.handle('run:append', { id: RUN_A, health: [samples([30], plain)] });
    expect(read(store).values).toEqual(samples([0, 10, 20, 30], plain).values);
  });

  it('that are damaged are refused by name', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const broken = { ...samples([0, 1], plain), values: new Float32Array(3) };
    expect(() => store.handle('run:append', { id: RUN_A, health: [broken] })).toThrow();
    expect(read(store).total).toBe(0);
  });
});
