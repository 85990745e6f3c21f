import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue';
import type { FeedCommand, FeedFrame } from '../../../electron/contract/feed.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve } from '../../../engine/spec/metric.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { useRunsStore } from '../../../renderer/stores/runs.ts';
import type { Lane } from '../../../renderer/views/compare/lanes-of.ts';
import { useCompareLook, type CompareLook } from '../../../renderer/views/compare/use-compare-look.ts';
import { useComparedRuns, type ComparedRuns } from '../../../renderer/views/compare/use-compared-runs.ts';
import type { ViewSettings } from '../../../renderer/views/compare/view-settings.ts';
import { EMPTY_FRAME } from '../support/empty-frame.ts';
import { fakeId, fakeRun } from '../support/fake-runs.ts';

const PRINTS = { split: 's', initialWeights: 'w', batches: 'b' };

/** The other side of the wire: points and rows of several runs, and the window's feed. */
class Wire {
  readonly calls: string[] = [];
  readonly points = new Map<RunId, number>();
  readonly rows = new Map<RunId, RunSummary>();
  readonly started = new Set<RunId>();
  watched: readonly RunId[] = [];
  #sink: ((frame: FeedFrame) => void) | null = null;
  #seq = 0;

  readonly studio = {
    invoke: (channel: string, argument: unknown): Promise<unknown> => {
      this.calls.push(channel);
      return Promise.resolve({ ok: true, value: this.#answer(channel, argument as { id: RunId }) });
    },
    openFeed: (onFrame: (frame: FeedFrame) => void) => {
      this.#sink = onFrame;
      return {
        send: (command: FeedCommand) => {
          if (command.type === 'watch') this.watched = command.runs;
        },
        close: () => undefined,
      };
    },
  };

  add(number: number, points: number, change: Partial<RunSummary> = {}): RunId {
    const row = fakeRun(number, { stepsDone: points, stepsPlanned: points, stepsPerEpoch: 10, ...change });
    this.rows.set(row.id, row);
    this.points.set(row.id, points);
    this.started.add(row.id);
    useRunsStore().byId.set(row.id, row);
    return row.id;
  }

  #answer(channel: string, argument: { id: RunId }): unknown {
    const { id } = argument;
    if (channel === 'run:get') {
      const parsed = parseRunSpec({
        data: { source: 'digits' },
        model: { layers: [{ type: 'affine', units: 10 }] },
        optimizer: { type: 'sgd', lr: 0.1 },
        training: { epochs: 1, batchSize: 40 },
      });
      return {
        summary: this.rows.get(id),
        spec: parsed.ok ? parsed.spec : null,
        splitSizes: { train: 380, validation: 30, test: 30 },
        fingerprints: this.started.has(id) ? PRINTS : null,
      };
    }
    if (channel === 'histogram:read') return [frameOf(id, 0), frameOf(id, 20)];
    const { metric, split, maxPoints } = argument as unknown as Curve & { maxPoints: number | null };
    const total = metric === 'loss' && split === 'batch' ? (this.points.get(id) ?? 0) : 0;
    const count = maxPoints === null ? total : Math.min(total, maxPoints);
    const steps = Int32Array.from({ length: count }, (_, i) => i);
    return { metric, split, steps, values: Float32Array.from(steps), elapsedMs: Float32Array.from(steps), total };
  }

  send(change: Partial<FeedFrame>): void {
    this.#seq++;
    const frame = { seq: this.#seq, ...EMPTY_FRAME, ...change };
    useRunsStore().applyFrame(frame);
    this.#sink?.(frame);
  }
}

function frameOf(runId: RunId, step: number): HistogramFrame {
  return {
    runId,
    kind: 'weights',
    layer: 0,
    layerName: 'affine 1',
    step,
    edges: Float32Array.of(-1, 0, 1),
    counts: Uint32Array.of(1, 2),
    below: 0,
    above: 0,
    nonFinite: 0,
    mean: 0,
    std: 1,
  };
}

let wire: Wire;
let scope: EffectScope;
const settled = async (): Promise<void> => {
  for (let i = 0; i < 30; i++) await nextTick();
};

beforeEach(() => {
  setActivePinia(createPinia());
  wire = new Wire();
  Object.assign(globalThis, { window: { studio: wire.studio } });
  scope = effectScope();
});
afterEach(() => scope.stop());

function open(ids: () => readonly RunId[]): ComparedRuns {
  return scope.run(() => useComparedRuns(ids)) as ComparedRuns;
}
const length = (runs: ComparedRuns, id: RunId): number => runs.run(id)?.curve('loss', 'batch').length ?? -1;

describe('the runs of a comparison', () => {
  test('are read and watched; a new point of one is its own', async () => {
    const [a, b] = [wire.add(1, 30), wire.add(2, 50)];
    const runs = open(() => [a, b]);
    await settled();
    expect(runs.phase.value).toBe('ready');
    expect(wire.watched).toEqual([a, b]);
    expect([length(runs, a), length(runs, b)]).toEqual([30, 50]);
    const chunk = { runId: b, metric: 'loss', split: 'batch', startMs: 0, endMs: 1 } as const;
    wire.send({ chunks: [{ ...chunk, steps: Int32Array.of(50), values: Float32Array.of(9) }] });
    expect([length(runs, a), length(runs, b)]).toEqual([30, 51]);
    // Another unknown run changes nothing.
    wire.send({ chunks: [{ ...chunk, runId: fakeId(9), steps: Int32Array.of(0), values: Float32Array.of(9) }] });
    expect(runs.run(fakeId(9))).toBeNull();
  });

  test('come and go with the page, and only the new one is read', async () => {
    const [a, b, c] = [wire.add(1, 30), wire.add(2, 50), wire.add(3, 20)];
    const ids = shallowRef<readonly RunId[]>([a, b]);
    const runs = open(() => ids.value);
    await settled();
    const before = wire.calls.filter((call) => call === 'run:get').length;
    ids.value = [b, c];
    await settled();
    expect(wire.calls.filter((call) => call === 'run:get').length - before).toBe(1);
    expect(runs.run(a)).toBeNull();
    expect([length(runs, b), length(runs, c)]).toEqual([50, 20]);
    expect(wire.watched).toEqual([b, c]);
  });

  test('keep long curves reduced, and read them whole for an export', async () => {
    const ids = Array.from({ length: 4 }, (_, i) => wire.add(i + 1, 500_000));
    const short = wire.add(9, 7000);
    const runs = open(() => [...ids, short]);
    await settled();
    expect(length(runs, ids[0] as RunId)).toBe(6000);
    expect(runs.run(ids[0] as RunId)?.curve('loss', 'batch').complete).toBe(false);
    expect(length(runs, short)).toBe(7000);
    expect((await runs.readWhole(ids[0] as RunId, 'loss', 'batch')).length).toBe(500_000);
    expect(length(runs, ids[0] as RunId)).toBe(6000);
  });

  test('have their histograms read whenever a kind is asked for', async () => {
    const a = wire.add(1, 30);
    const runs = open(() => [a]);
    // The page stands while the curves are still on their way.
    while (runs.phase.value !== 'ready') await Promise.resolve();
    expect(runs.run(a)?.loaded.value).toBe(false);
    runs.wantKind('weights');
    await settled();
    expect(runs.run(a)?.storedSteps()).toEqual([0, 20]);
    expect(runs.run(a)?.layers('weights')).toEqual([{ layer: 0, name: 'affine 1' }]);
    wire.send({ histograms: [frameOf(a, 40)] });
    expect(runs.run(a)?.hasKind('gradients')).toBe(false);
  });

  test('have fingerprints as soon as they have begun, and are read again at their end', async () => {
    const a = wire.add(1, 0, { status: 'queued' });
    wire.started.delete(a);
    const runs = open(() => [a]);
    await settled();
    expect(runs.run(a)?.detail.value?.fingerprints).toBeNull();
    wire.started.add(a);
    wire.send({ runs: [fakeRun(1, { status: 'running', stepsPerEpoch: 10 })] });
    await settled();
    expect(runs.run(a)?.detail.value?.fingerprints).toEqual(PRINTS);
    wire.points.set(a, 40);
    wire.send({ runs: [fakeRun(1, { status: 'completed', stepsPerEpoch: 10 })] });
    await settled();
    expect(length(runs, a)).toBe(40);
  });
});

describe('the place a comparison looks at', () => {
  let look: CompareLook;
  let view: ViewSettings;
  let a: RunId;
  let b: RunId;

  beforeEach(async () => {
    a = wire.add(1, 100, { stepsPerEpoch: 10 });
    b = wire.add(2, 400, { stepsPerEpoch: 40 });
    const runs = open(() => [a, b]);
    runs.wantKind('weights');
    await settled();
    view = {
      unit: shallowRef('step'),
      log: shallowRef(true),
      linked: shallowRef(true),
      differencesOnly: shallowRef(true),
      band: shallowRef('std'),
      histograms: shallowRef('ridgeline'),
    };
    const lane = (id: RunId): Lane => ({
      id,
      name: id,
      place: 1,
      number: 1,
      color: null,
      slot: { colour: 1, dash: 1 },
      runs: [id],
      hidden: false,
      pinned: false,
    });
    look = scope.run(() => useCompareLook(() => [lane(a), lane(b)], runs, view)) as CompareLook;
  });

  test('is one axis as long as the longest run', () => {
    expect(look.reference.value).toBe(b);
    expect(look.chart('training').range.value).toEqual({ min: 0, max: 400 });
    expect(look.closed.value).toBe(true);
    view.unit.value = 'epoch';
    expect(look.chart('training').range.value).toEqual({ min: 0, max: 10 });
    // 38 rows a step in one run, 9.5 in the other: both saw the same ten epochs.
    view.unit.value = 'samples';
    expect(look.chart('training').range.value.max).toBeCloseTo(3800);
    expect(look.scaleOf(a).fromStep(100)).toBeCloseTo(3800);
  });

  test('is the same epoch of every run, or the same step, as the axis is', () => {
    look.lookAt(20);
    expect(look.step.value).toBe(20);
    expect([look.stepOf(a), look.stepOf(b)]).toEqual([20, 20]);
    view.unit.value = 'epoch';
    expect([look.stepOf(a), look.stepOf(b)]).toEqual([5, 20]);
    expect(look.chart('training').link.cursor.value).toBeCloseTo(0.5);
    look.follow();
    expect(look.chart('training').link.cursor.value).toBeNull();
  });

  test('moves all charts together while they are linked, each alone when not', () => {
    const [training, validation] = [look.chart('training'), look.chart('validation')];
    training.link.zoom({ min: 120, max: 140 });
    expect(validation.range.value).toEqual({ min: 120, max: 140 });
    expect(look.zoomed.value).toBe(true);
    training.link.point(130);
    expect(look.pointed('validation')).toBe(true);
    expect(look.stepOf(a, 'validation')).toBe(130);
    look.showAll();
    expect(training.range.value).toEqual({ min: 0, max: 400 });
    view.linked.value = false;
    training.link.zoom({ min: 120, max: 140 });
    training.link.point(130);
    expect(training.range.value).toEqual({ min: 120, max: 140 });
    expect(validation.range.value).toEqual({ min: 0, max: 400 });
    expect(look.pointed('validation')).toBe(false);
    // A zoomed stretch stays the same on another axis; less than two steps would show nothing.
    view.unit.value = 'epoch';
    expect(training.range.value).toEqual({ min: 3, max: 3.5 });
    training.link.zoom({ min: 3, max: 3.01 });
    expect(training.range.value).toEqual({ min: 3, max: 3.5 });
    training.link.zoom(null);
    expect(look.zoomed.value).toBe(false);
  });

  test('keeps what charts show when they are separated, and holds it all when they are joined', () => {
    const [training, validation] = [look.chart('training'), look.chart('validation')];
    training.link.zoom({ min: 100, max: 140 });
    view.linked.value = false;
    expect([training.range.value, validation.range.value]).toEqual(Array(2).fill({ min: 100, max: 140 }));
    validation.link.zoom({ min: 120, max: 200 });
    view.linked.value = true;
    expect([training.range.value, validation.range.value]).toEqual(Array(2).fill({ min: 100, max: 200 }));
    // One of them shows everything, so all do.
    view.linked.value = false;
    training.link.zoom(null);
    view.linked.value = true;
    expect(validation.range.value).toEqual({ min: 0, max: 400 });
    expect(look.zoomed.value).toBe(false);
  });

  test('goes from one stored histogram to the next', () => {
    expect(look.stops.value).toEqual([0, 20]);
    look.move(-Infinity);
    expect(look.step.value).toBe(0);
    look.move(1);
    expect(look.step.value).toBe(20);
    // Moving the cursor to a step goes to the nearest one stored.
    look.chart('training').link.pick(13);
    expect(look.step.value).toBe(20);
    look.chart('training').link.pick(7);
    expect(look.step.value).toBe(0);
  });
});
