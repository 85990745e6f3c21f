import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope, nextTick, type EffectScope } from 'vue';
import type { FeedFrame } from '../../../electron/contract/feed.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { Curve, MetricChunk } from '../../../engine/spec/metric.ts';
import { useRunsStore } from '../../../renderer/stores/runs.ts';
import { useLook } from '../../../renderer/views/run/use-look.ts';
import { useZoomedCurve } from '../../../renderer/views/run/use-zoomed-curve.ts';
import { useRunData, type RunData } from '../../../renderer/views/run/use-run-data.ts';
import { EMPTY_FRAME } from '../support/empty-frame.ts';
import { fakeRun } from '../support/fake-runs.ts';

/** The other side of the wire: a store of points, and the window's feed. */
class Wire {
  readonly calls: string[] = [];
  points: [number, number][] = [];
  row: RunSummary = fakeRun(1, {
    status: 'running',
    stepsDone: 3,
    stepsPlanned: 100,
    stepsPerEpoch: 5,
    bestEpoch: 2,
    bestStep: 10,
  });
  failing = false;
  /** The curve is too long to be held: a read of all of it gives every tenth point. */
  long = false;
  #sink: ((frame: FeedFrame) => void) | null = null;
  #seq = 0;

  readonly studio = {
    invoke: (channel: string, argument: unknown): Promise<unknown> => {
      this.calls.push(channel);
      if (this.failing) return Promise.resolve({ ok: false, error: { code: 'not_found', message: 'no such run' } });
      return Promise.resolve({ ok: true, value: this.#answer(channel, argument) });
    },
    openFeed: (onFrame: (frame: FeedFrame) => void) => {
      this.#sink = onFrame;
      return { send: () => undefined, close: () => undefined };
    },
  };

  #answer(channel: string, argument: unknown): unknown {
    if (channel === 'run:get') return { summary: this.row, splitSizes: { train: 9, validation: 3, test: 3 } };
    if (channel === 'histogram:read') return [];
    const { metric, split, maxPoints, steps } = argument as {
      metric: string;
      split: string;
      maxPoints: number | null;
      steps?: { from: number; to: number };
    };
    const all = metric === 'loss' && split === 'batch' ? this.points : [];
    const part = steps === undefined ? all : all.filter(([step]) => step >= steps.from && step <= steps.to);
    const thin = this.long && steps === undefined ? part.filter((_, i) => i % 10 === 0) : part;
    const kept = maxPoints === null ? thin : thin.slice(0, maxPoints);
    return {
      metric,
      split,
      steps: Int32Array.from(kept, (p) => p[0]),
      values: Float32Array.from(kept, (p) => p[1]),
      elapsedMs: Float32Array.from(kept, (p) => p[0]),
      total: this.long && steps === undefined && all.length > 0 ? 4_000_000 : part.length,
    } as Curve;
  }

  chunk(points: [number, number][]): MetricChunk {
    return {
      runId: this.row.id,
      metric: 'loss',
      split: 'batch',
      steps: Int32Array.from(points, (p) => p[0]),
      values: Float32Array.from(points, (p) => p[1]),
      startMs: 0,
      endMs: 1,
    };
  }

  /** @param lost frames that never arrive before this one */
  send(chunks: MetricChunk[], lost = 0): void {
    this.#seq += 1 + lost;
    this.#sink?.({
      ...EMPTY_FRAME,
      seq: this.#seq,
      chunks,
    });
  }
}

let wire: Wire;
let scope: EffectScope;
let data: RunData;

beforeEach(() => {
  setActivePinia(createPinia());
  wire = new Wire();
  Object.assign(globalThis, { window: { studio: wire.studio } });
  scope = effectScope();
  data = scope.run(() => useRunData(wire.row.id)) as RunData;
});
afterEach(() => scope.stop());

const steps = (): number[] => [...data.curve('loss', 'batch').steps];
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await nextTick();
};

describe('a run’s page', () => {
  test('shows the whole curve after a reload, and what the feed brought before the answer', async () => {
    wire.points = [
      [0, 2],
      [1, 1.9],
      [2, 1.8],
    ];
    const reading = data.reload();
    wire.send([
      wire.chunk([
        [2, 1.8],
        [3, 1.7],
      ]),
    ]);
    await reading;
    expect(data.phase.value).toBe('ready');
    expect(steps()).toEqual([0, 1, 2, 3]);
    wire.send([wire.chunk([[4, 1.6]])]);
    expect(steps()).toEqual([0, 1, 2, 3, 4]);
  });

  test('reads again after lost frames, so that no point is missing and none is there twice', async () => {
    await data.reload();
    wire.send([wire.chunk([[0, 2]])]);
    wire.points = [
      [0, 2],
      [1, 1.9],
      [2, 1.8],
    ];
    const before = wire.calls.length;
    wire.send([wire.chunk([[3, 1.7]])], 2);
    await settled();
    expect(wire.calls.slice(before)).toContain('curve:read');
    expect(steps()).toEqual([0, 1, 2, 3]);
  });

  test('reads a long curve in two steps: reduced at once, then whole', async () => {
    wire.points = Array.from({ length: 50_000 }, (_, i): [number, number] => [i, 1]);
    await data.reload();
    expect(data.curve('loss', 'batch').length).toBe(50_000);
    expect(data.curve('loss', 'batch').complete).toBe(true);
  });

  test('says why when the run cannot be read, and keeps the page when only a later read fails', async () => {
    wire.failing = true;
    await data.reload();
    expect(data.phase.value).toBe('error');
    wire.failing = false;
    await data.reload();
    expect(data.phase.value).toBe('ready');
    wire.failing = true;
    await data.reload();
    expect(data.phase.value).toBe('ready');
  });

  test('a run that goes on starts from its checkpoint: later points of the old attempt go', async () => {
    const runs = useRunsStore();
    wire.row = { ...wire.row, status: 'interrupted' };
    runs.applyFrame({ runs: [wire.row], purged: [], progress: [], system: null } as unknown as FeedFrame);
    wire.points = [
      [0, 2],
      [1, 1.9],
      [2, 1.8],
    ];
    await data.reload();
    expect(steps()).toEqual([0, 1, 2]);
    wire.points = [[0, 2]];
    wire.row = { ...wire.row, status: 'running' };
    runs.applyFrame({ runs: [wire.row], purged: [], progress: [], system: null } as unknown as FeedFrame);
    await settled();
    expect(steps()).toEqual([0]);
  });
});

describe('the step looked at', () => {
  test('follows a live run, stays where it is put, and follows again on demand', async () => {
    await data.reload();
    const look = scope.run(() => useLook(data));
    if (look === undefined) throw new Error('no look');
    expect(look.step.value).toBe(3);
    expect(look.range.value).toEqual({ min: 0, max: 10 });
    look.lookAt(1);
    expect([look.step.value, look.following.value]).toEqual([1, false]);
    look.lookAt(-5);
    expect(look.step.value).toBe(0);
    look.follow();
    expect([look.step.value, look.following.value]).toEqual([3, true]);
  });

  test('is the best epoch of a run that is over, and zoom is kept in steps across axes', async () => {
    wire.row = { ...wire.row, status: 'completed', stepsDone: 50 };
    await data.reload();
    const look = scope.run(() => useLook(data));
    if (look === undefined) throw new Error('no look');
    expect(look.step.value).toBe(10);
    expect([look.range.value.max, look.closed.value]).toEqual([50, true]);
    look.zoom({ min: 10, max: 30 });
    look.unit.value = 'epoch';
    expect(look.range.value).toEqual({ min: 2, max: 6 });
    look.zoom({ min: 3, max: 3.1 });
    expect(look.range.value).toEqual({ min: 2, max: 6 });
    look.zoom(null);
    expect([look.range.value.max, look.zoomed.value]).toEqual([10, false]);
  });
});

describe('a curve too long to be held', () => {
  test('has all its points where a person zooms in, with those an average needs before them', async () => {
    wire.long = true;
    wire.row = { ...wire.row, status: 'completed', stepsDone: 1000 };
    wire.points = Array.from({ length: 1000 }, (_, i) => [i, 1]);
    await data.reload();
    const look = scope.run(() => useLook(data)) as ReturnType<typeof useLook>;
    const zoomed = scope.run(() => useZoomedCurve(data, look, ['loss', 'batch'], () => 5));
    expect(data.buffer('loss', 'batch').length).toBe(100);
    expect(zoomed?.value).toBeNull();
    look.zoom({ min: 200, max: 240 });
    await vi.waitFor(() => expect(zoomed?.value).not.toBeNull());
    expect([...(zoomed?.value?.steps ?? [])]).toEqual(Array.from({ length: 46 }, (_, i) => 195 + i));
    look.zoom({ min: 600, max: 640 });
    // Points of another stretch are none of this one.
    expect(zoomed?.value).toBeNull();
    await vi.waitFor(() => expect(zoomed?.value?.steps[0]).toBe(595));
    look.zoom(null);
    expect(zoomed?.value).toBeNull();
  });
});
