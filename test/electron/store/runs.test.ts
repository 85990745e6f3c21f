import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { flattenSpec } from '../../../electron/store/writes/hyperparameters.ts';
import type { StudioFailure } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { checkpoint, chunk, epoch, exampleSpec, newRun, resume, RUN_A, RUN_B, started } from './run-samples.ts';
import { openStore } from './support.ts';

describe('runs', () => {
  it('are numbered from 1 and a purged number never comes back', () => {
    const store = openStore();
    expect(store.handle('run:create', newRun(RUN_A)).number).toBe(1);
    store.handle('run:append', { id: RUN_A, status: 'completed' });
    store.handle('run:purge', { ids: [RUN_A] });
    expect(store.handle('run:create', newRun(RUN_B)).number).toBe(2);
  });

  it('show their figures as they come', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:append', {
      id: RUN_A,
      status: 'running',
      started: { at: 1_700_000_000_500, report: started() },
      epochs: [epoch(1), epoch(2)],
      step: 20,
      elapsedMs: 250,
    });
    const summary = store.handle('run:append', {
      id: RUN_A,
      epochs: [
        epoch(3, { best: false, validationLoss: 0.4, validationAccuracy: 0.5 }),
        epoch(4, { best: false, validationLoss: 0.9, validationAccuracy: 0.75 }),
        epoch(5, { best: false, validationLoss: NaN, validationAccuracy: 0.5 }),
        epoch(6, { best: false, validationLoss: 0.9, validationAccuracy: 0.5 }),
      ],
      step: 60,
      elapsedMs: 350,
    });
    expect(summary).toMatchObject({
      status: 'running',
      epochsDone: 6,
      epochsPlanned: 4,
      stepsDone: 60,
      bestEpoch: 2,
      bestStep: 20,
      bestValidationAccuracy: 0.7,
      bestValidationLoss: 0.55,
      // What decides on the best epoch is one figure; the other may have been better before or after.
      lowestValidationLoss: Math.fround(0.4),
      lowestLossEpoch: 3,
      highestValidationAccuracy: 0.75,
      highestAccuracyEpoch: 4,
      lastValidationLoss: 0.9,
      lastValidationAccuracy: 0.5,
      startedAt: 1_700_000_000_500,
      durationMs: 350,
      resumable: false,
    });
    expect([...summary.sparkline]).toEqual([1.1, 0.55, 0.4, 0.9, NaN, 0.9].map(Math.fround));
  });

  it('keep a sparkline of at most 32 points that ends with the newest figure', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    for (let e = 1; e <= 100; e++) {
      const { sparkline } = store.handle('run:append', { id: RUN_A, epochs: [epoch(e, { validationLoss: e })] });
      expect(sparkline.length).toBeLessThanOrEqual(32);
      expect(sparkline[0]).toBe(1);
      expect(sparkline.at(-1)).toBe(e);
    }
  });

  it('count an epoch once when its append is repeated', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const append = { id: RUN_A, epochs: [epoch(1), epoch(2)] };
    store.handle('run:append', append);
    expect([...store.handle('run:append', append).sparkline]).toHaveLength(2);
  });

  it('store a figure that is not a number as none', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const summary = store.handle('run:append', { id: RUN_A, epochs: [epoch(1, { validationLoss: NaN })] });
    expect(summary.lastValidationLoss).toBeNull();
  });

  it('go to the trash, come back, and give their space back when purged', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    store.handle('run:create', newRun(RUN_B));
    const bytes = new Uint8Array(1_000_000).fill(7);
    store.handle('run:append', { id: RUN_A, status: 'completed', checkpoints: [checkpoint(40, bytes)] });
    store.handle('run:trash', { ids: [RUN_A], at: 5 });
    expect(unpackRows(store.handle('run:list', { trash: false })).map(({ id }) => id)).toEqual([RUN_B]);
    expect(unpackRows(store.handle('run:list', { trash: true }))).toMatchObject([{ id: RUN_A, deletedAt: 5 }]);
    store.handle('run:restore', { ids: [RUN_A] });
    expect(unpackRows(store.handle('run:list', { trash: false })).map(({ id }) => id)).toEqual([RUN_B, RUN_A]);
    const before = store.handle('database:info', null).sizeBytes;
    const { freedBytes } = store.handle('run:purge', { ids: [RUN_A] });
    expect(freedBytes).toBeGreaterThanOrEqual(990_000);
    expect(before - store.handle('database:info', null).sizeBytes).toBeGreaterThanOrEqual(990_000);
    expect(() => store.handle('run:get', { id: RUN_A })).toThrow(`there is no run ${RUN_A}`);
  });

  it('that are live cannot be thrown away', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    expect(() => store.handle('run:trash', { ids: [RUN_A], at: 1 })).toThrow('is queued; stop it first');
    expect(() => store.handle('run:purge', { ids: [RUN_A] })).toThrow('is queued; stop it first');
  });

  it('that do not exist are not found', () => {
    const store = openStore();
    try {
      store.handle('run:rename', { id: 'zzzzzzzzzzzz' as RunId, name: 'x' });
      expect.unreachable();
    } catch (error) {
      expect((error as StudioFailure).error.code).toBe('not_found');
    }
  });

  it('give their whole detail back', () => {
    const store = openStore();
    const run = newRun();
    store.handle('run:create', run);
    store.handle('run:append', {
      id: RUN_A,
      started: { at: 1, report: started({ kernels: 'wasm', kernelsDescription: 'WebAssembly' }) },
    });
    store.handle('run:rename', { id: RUN_A, name: 'renamed' });
    expect(store.handle('run:get', { id: RUN_A })).toMatchObject({
      summary: { name: 'renamed' },
      spec: run.spec,
      kernels: 'WebAssembly',
      dataSha256: 'd'.repeat(64),
      inputShape: [1, 8, 8],
      outputNames: run.outputNames,
      splitSizes: { train: 1000, validation: 200, test: 300 },
      checkpoint: null,
      clock: [],
      appVersion: '0.1.0',
    });
  });
});

describe('the flattened spec', () => {
  it('has a row for every setting', () => {
    const rows = new Map(flattenSpec(exampleSpec()).map((row) => [row.path, row.number ?? row.text]));
    expect(rows.get('optimizer.lr')).toBe(0.001);
    expect(rows.get('optimizer.type')).toBe('adam');
    expect(rows.get('model.layers.2.units')).toBe(10);
    expect(rows.get('training.histograms.enabled')).toBe(1);
    expect(rows.has('name')).toBe(false);
    expect(rows.has('data.limit')).toBe(false);
  });
});

describe('histograms', () => {
  const frame = (layer: number, step: number, mean = 0.5) => ({
    runId: RUN_A,
    kind: 'weights' as const,
    layer,
    layerName: `affine ${layer + 1}`,
    step,
    edges: Float32Array.from([-1, 0, 1]),
    counts: Uint32Array.from([step, 4_294_967_295]),
    below: 1,
    above: 2,
    nonFinite: 3,
    mean,
    std: 0.25,
  });

  it('come back by step and layer, once each, NaN means included', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const histograms = [frame(0, 0), frame(2, 0), frame(0, 10), frame(2, 10, NaN)];
    store.handle('run:append', { id: RUN_A, histograms });
    store.handle('run:append', { id: RUN_A, histograms });
    expect(store.handle('histogram:read', { id: RUN_A, kind: 'weights', maxSteps: null })).toEqual(histograms);
    expect(store.handle('histogram:read', { id: RUN_A, kind: 'biases', maxSteps: null })).toEqual([]);
  });

  it('are thinned evenly with the first and the last step kept', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:append', { id: RUN_A, histograms: Array.from({ length: 101 }, (_, i) => frame(0, i)) });
    const steps = store.handle('histogram:read', { id: RUN_A, kind: 'weights', maxSteps: 5 }).map(({ step }) => step);
    expect(steps).toEqual([0, 25, 50, 75, 100]);
  });
});

describe('checkpoints', () => {
  const bytes = (n: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => (i * 7 + n) % 256);

  it('larger than one part come back whole', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const large = new Uint8Array(64 * 1024 * 1024 + 5);
    large[0] = 1;
    large[large.length - 1] = 2;
    store.handle('run:append', { id: RUN_A, checkpoints: [checkpoint(0, large)] });
    const read = store.handle('checkpoint:read', { id: RUN_A }).bytes;
    expect(Buffer.compare(read ?? new Uint8Array(0), large)).toBe(0);
  });

  it('that were changed on disk are refused', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:append', { id: RUN_A, status: 'interrupted', checkpoints: [checkpoint(0, bytes(100))] });
    store.close();
    const db = new Sqlite(store.path);
    db.prepare('UPDATE checkpoint_part SET bytes = ?').run(Buffer.from(bytes(100).fill(1, 50, 51)));
    db.close();
    expect(() => openStore(store.path).handle('checkpoint:read', { id: RUN_A })).toThrow('is damaged');
  });

  it('take the run back: what was logged after them goes, figures follow', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    const values = (n: number): number[] => Array.from({ length: n }, (_, i) => 10 - i);
    const epochChunk = (n: number, split: 'train' | 'validation') =>
      chunk(
        10,
        values(n).map((v) => v / 10),
        { split, every: 10 },
      );
    store.handle('run:append', {
      id: RUN_A,
      status: 'running',
      chunks: [chunk(0, values(37)), epochChunk(3, 'train'), epochChunk(3, 'validation')],
      epochs: [epoch(1, { validationLoss: 1 }), epoch(2, { validationLoss: 0.9 })],
      checkpoints: [checkpoint(20, bytes(5))],
      step: 20,
    });
    store.handle('run:append', { id: RUN_A, epochs: [epoch(3)], step: 37, status: 'interrupted', elapsedMs: 370 });
    const point = store.handle('run:rewind', resume());
    expect(point).toMatchObject({ step: 20, epoch: 2, elapsedMs: 200 });
    expect(point.summary).toMatchObject({
      status: 'queued',
      stepsDone: 20,
      epochsDone: 2,
      durationMs: 200,
      // The third epoch was the best, and is gone.
      bestEpoch: null,
      lowestValidationLoss: Math.fround(0.9),
      lowestLossEpoch: 2,
      lastTrainLoss: Math.fround(0.9),
      lastValidationLoss: Math.fround(0.9),
    });
    expect([...point.summary.sparkline]).toEqual([1, 0.9].map(Math.fround));
    const steps = (split: 'batch' | 'train'): number[] => [
      ...store.handle('curve:read', { id: RUN_A, metric: 'loss', split, maxPoints: null }).steps,
    ];
    expect(steps('batch')).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(steps('train')).toEqual([10, 20]);
    store.handle('run:append', { id: RUN_A, chunks: [chunk(20, [1, 2])] });
    expect(steps('batch')).toHaveLength(22);
  });

  it('keep the best epoch that they go back behind', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    store.handle('run:append', {
      id: RUN_A,
      status: 'running',
      chunks: [chunk(0, [1, 1, 1])],
      epochs: [epoch(1, { validationLoss: 1 }), epoch(2, { validationLoss: 2, best: false })],
      checkpoints: [checkpoint(20, bytes(5))],
      step: 20,
    });
    store.handle('run:append', { id: RUN_A, epochs: [epoch(3, { best: false })], step: 37, status: 'interrupted' });
    const { summary } = store.handle('run:rewind', resume());
    expect(summary).toMatchObject({ epochsDone: 2, bestEpoch: 1, bestStep: 10, bestValidationLoss: 1 });
  });

  it('are missing for a run that never began: it starts over', () => {
    const store = openStore();
    store.handle('run:create', newRun());
    expect(store.handle('run:append', { id: RUN_A, status: 'interrupted' }).resumable).toBe(true);
    expect(store.handle('run:rewind', resume())).toMatchObject({ step: 0, bytes: null, elapsedMs: 0 });
  });
});
