import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve } from '../../../engine/spec/metric.ts';
import type { Store } from '../../../electron/store/store.ts';
import { checkpoint, chunk, epoch, exampleSpec, newRun, resume, RUN_A, RUN_B, started } from './run-samples.ts';
import { openStore } from './support.ts';

const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => i % 251);
const steps = (store: Store, id: RunId = RUN_A): number[] => {
  return store.handle('run:get', { id }).checkpoints.map(({ step }) => step);
};
const save = (store: Store, step: number, best = false): void => {
  store.handle('run:append', { id: RUN_A, step, checkpoints: [checkpoint(step, bytes(step + 1), best)] });
};
const values = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 - i / 8);

describe('of the checkpoints of a run', () => {
  it('the last, the one before it and the best stay, and a few more that lie evenly', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    for (let step = 0; step <= 400; step += 10) save(store, step, step === 170);
    const left = steps(store);
    expect(left.slice(-2)).toEqual([390, 400]);
    expect(left).toContain(170);
    expect(left).toHaveLength(7);
    const spread = left.filter((step) => step !== 170 && step < 390);
    for (const [i, step] of spread.slice(1).entries()) expect(step - spread[i]!).toBeGreaterThanOrEqual(50);
  });

  it('twenty stay when the spec asks for them, and none of the middle in a trial', () => {
    const store = openStore();
    const asked = exampleSpec({ training: { epochs: 4, batchSize: 100, checkpoint: { everyEpochs: 1 } } });
    store.handle('run:create', newRun(RUN_A, { spec: asked }));
    for (let step = 0; step <= 300; step += 10) save(store, step);
    expect(steps(store)).toHaveLength(22);
  });

  it('those that a person keeps stay until they are let go', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    save(store, 10);
    store.handle('checkpoint:keep', { id: RUN_A, step: 10, kept: true });
    save(store, 11);
    for (let step = 20; step <= 400; step += 10) save(store, step);
    expect(steps(store)).toContain(10);
    expect(steps(store)).not.toContain(11);
    const detail = store.handle('checkpoint:keep', { id: RUN_A, step: 10, kept: false });
    expect(detail.checkpoints.find(({ step }) => step === 10)).toMatchObject({ kept: false });
    expect(() => store.handle('checkpoint:keep', { id: RUN_A, step: 999, kept: true })).toThrow('no checkpoint');
  });

  it('any can be read by its step', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    save(store, 10);
    save(store, 20, true);
    save(store, 30);
    expect(store.handle('checkpoint:read', { id: RUN_A })).toMatchObject({ step: 30, epoch: 3, elapsedMs: 300 });
    expect(store.handle('checkpoint:read', { id: RUN_A, step: 20 }).bytes).toEqual(bytes(21));
    expect(() => store.handle('checkpoint:read', { id: RUN_A, step: 25 })).toThrow('there are some at 10, 20, 30');
  });
});

describe('a run that goes on', () => {
  const interrupted = (store: Store, logged: number): void => {
    store.handle('run:create', newRun());
    save(store, 10);
    save(store, 20);
    store.handle('run:append', {
      id: RUN_A,
      status: 'interrupted',
      started: { at: 1, report: started() },
      chunks: [chunk(0, values(logged))],
      epochs: [epoch(1), epoch(2)],
    });
  };

  it('keeps the losses after its last checkpoint until they were compared', () => {
    const store = openStore();
    interrupted(store, 27);
    const lost = Float32Array.from(values(27).slice(20));
    const point = store.handle('run:rewind', resume());
    expect(point).toMatchObject({ step: 20, replayFrom: null, logged: { from: 20, losses: lost } });
    // Killed again after four of the seven, with a checkpoint after two.
    store.handle('run:append', { id: RUN_A, chunks: [chunk(20, [7, 7])], checkpoints: [checkpoint(22, bytes(4))] });
    store.handle('run:append', { id: RUN_A, chunks: [chunk(22, [7, 7])], status: 'interrupted' });
    const again = store.handle('run:rewind', resume());
    expect(again).toMatchObject({ step: 22, replayFrom: null, logged: { from: 22, losses: lost.subarray(2) } });

    const difference = { step: 24, logged: 1, now: NaN };
    store.handle('run:append', { id: RUN_A, verified: { steps: 5, identical: 2, difference } });
    const { resumes } = store.handle('run:get', { id: RUN_A });
    expect(resumes.map(({ step, verification }) => [step, verification])).toEqual([
      [20, null],
      [22, { steps: 5, identical: 2, difference }],
    ]);
    store.handle('run:append', { id: RUN_A, status: 'interrupted' });
    expect(store.handle('run:rewind', resume()).logged).not.toMatchObject({ from: 24 });
  });

  it('replays from the checkpoint before when it ended right at the last', () => {
    const store = openStore();
    interrupted(store, 20);
    const point = store.handle('run:rewind', resume());
    expect(point.replayFrom).toEqual(bytes(11));
    expect(point).toMatchObject({ step: 20, logged: { from: 10, losses: Float32Array.from(values(20).slice(10)) } });
    expect(point.bytes).toEqual(bytes(21));
  });

  it('says that there was nothing to compare, and what had changed', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    save(store, 0);
    store.handle('run:append', { id: RUN_A, status: 'interrupted' });
    const changed = { ...resume(), kernels: 'wasm', changes: ['kernels', 'data'] as const };
    expect(store.handle('run:rewind', changed)).toMatchObject({ logged: null, replayFrom: null });
    expect(store.handle('run:get', { id: RUN_A }).resumes).toEqual([
      {
        at: changed.at,
        step: 0,
        kernels: 'wasm',
        appVersion: '0.1.0',
        changes: ['kernels', 'data'],
        verification: { steps: 0, identical: 0, difference: null },
      },
    ]);
  });
});

describe('a fork', () => {
  const parent = (store: Store): void => {
    store.handle('run:create', newRun());
    const figures = (split: 'train' | 'validation') => chunk(10, values(3), { split, every: 10 });
    store.handle('run:append', {
      id: RUN_A,
      status: 'completed',
      chunks: [chunk(0, values(37)), figures('train'), figures('validation'), chunk(37, [1], { split: 'test' })],
      epochs: [epoch(1), epoch(2), epoch(3)],
      checkpoints: [checkpoint(20, bytes(9))],
    });
    store.handle('run:append', { id: RUN_A, step: 37, checkpoints: [checkpoint(37, bytes(9))] });
  };
  const curve = (store: Store, id: RunId, split: 'batch' | 'train' | 'test') =>
    store.handle('curve:read', { id, metric: 'loss', split, maxPoints: null });

  it('has what its parent logged up to the fork, and keeps the checkpoint it began at', () => {
    const store = openStore();
    parent(store);
    const origin = { kind: 'fork', id: RUN_A, step: 20, epoch: 2 } as const;
    const child = store.handle('run:create', newRun(RUN_B, { origin }));
    expect(child).toMatchObject({
      origin: { kind: 'fork', id: RUN_A, number: 1, step: 20, epoch: 2 },
      stepsDone: 20,
      epochsDone: 2,
      durationMs: 200,
      resumable: false,
      lastTrainLoss: curve(store, RUN_A, 'train').values[1],
    });
    expect(curve(store, RUN_B, 'batch')).toEqual({
      ...curve(store, RUN_A, 'batch'),
      ...sliced(curve(store, RUN_A, 'batch'), 20),
    });
    expect([...curve(store, RUN_B, 'train').steps]).toEqual([10, 20]);
    expect(curve(store, RUN_B, 'test').steps).toHaveLength(0);
    expect(store.handle('run:get', { id: RUN_A }).checkpoints[0]).toMatchObject({ step: 20, kept: true });

    // It can begin once more where it was to begin, and outlives its parent.
    store.handle('run:append', { id: RUN_B, status: 'interrupted' });
    expect(store.handle('run:rewind', resume(RUN_B))).toMatchObject({
      step: 20,
      epoch: 2,
      elapsedMs: 200,
      bytes: null,
    });
    store.handle('run:purge', { ids: [RUN_A] });
    expect(store.handle('run:get', { id: RUN_B }).summary.origin).toMatchObject({ number: 1 });
    expect(curve(store, RUN_B, 'batch').steps).toHaveLength(20);
  });

  it('is compared with its parent number for number', () => {
    const store = openStore();
    parent(store);
    const origin = { kind: 'fork', id: RUN_A, step: 20, epoch: 2 } as const;
    const other = 'cccccccccccc' as RunId;
    for (const id of [RUN_B, other]) store.handle('run:create', newRun(id, { origin }));
    const rest = values(37).slice(20);
    const more = (last: number, id = RUN_B) => ({
      id,
      chunks: [
        chunk(20, [...rest.slice(0, -1), last], { id }),
        ...(['train', 'validation'] as const).map((split) => chunk(30, [values(3)[2]!], { id, split })),
        chunk(37, [1], { id, split: 'test' }),
      ],
    });
    store.handle('run:append', more(rest.at(-1)!));
    expect(store.handle('run:equality', { id: RUN_B, other: RUN_A })).toEqual({
      compared: 37 + 3 + 3 + 1,
      identical: true,
      difference: null,
      sameWeights: null,
    });
    store.handle('run:append', more(0.5, other));
    expect(store.handle('run:equality', { id: other, other: RUN_A })).toMatchObject({
      identical: false,
      difference: { step: 36, what: { message: 'loss, batch' }, own: 0.5, other: rest.at(-1) },
    });
    store.handle('run:append', { id: RUN_B, chunks: [chunk(37, [NaN], { id: RUN_B })] });
    expect(store.handle('run:equality', { id: RUN_B, other: RUN_A })).toMatchObject({
      identical: false,
      difference: { step: 37, what: { message: 'loss, batch' }, own: NaN, other: null },
    });
  });
});

function sliced(curve: Curve, count: number) {
  const { steps: all, values: figures, elapsedMs } = curve;
  return {
    steps: all.slice(0, count),
    values: figures.slice(0, count),
    elapsedMs: elapsedMs.slice(0, count),
    total: count,
  };
}
