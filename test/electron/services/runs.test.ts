import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HealthChunk } from '../../../engine/spec/health.ts';
import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { MetricChunk } from '../../../engine/spec/metric.ts';
import { endlessSpec, irisSpec, TestStudio } from './studio.ts';

const upTo = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);

describe('a run', () => {
  it('trains to its end and leaves rows, curves, histograms and a checkpoint', async () => {
    const studio = new TestStudio();
    const chunks: MetricChunk[] = [];
    const frames: HistogramFrame[] = [];
    const samples: HealthChunk[] = [];
    studio.runs.on('chunks', (more) => chunks.push(...more));
    studio.runs.on('health', (more) => samples.push(more));
    studio.runs.on('histograms', (more) => frames.push(...more));
    const id = await studio.start(irisSpec());
    const { summary, finished } = await studio.ended(id);
    expect(finished).toMatchObject({ status: 'completed', steps: 300, epochs: 30 });
    expect(summary).toMatchObject({
      id,
      number: 1,
      status: 'completed',
      data: 'iris',
      model: '4-16-3',
      optimizer: 'adam',
      parameters: 4 * 16 + 16 + 16 * 3 + 3,
      stepsDone: 300,
      stepsPlanned: 300,
      epochsDone: 30,
      stepsPerEpoch: 10,
      testAccuracy: finished?.testAccuracy,
      bestEpoch: finished?.bestEpoch,
    });
    expect(summary.sparkline.length).toBeGreaterThan(8);
    expect(summary.endedAt).toBeGreaterThanOrEqual(summary.startedAt ?? Infinity);

    const curve = await studio.curve(id);
    expect(curve.steps).toEqual(upTo(300));
    const live = chunks.filter(({ metric, split }) => metric === 'loss' && split === 'batch');
    expect([...curve.values]).toEqual(live.flatMap(({ values }) => [...values]));
    expect((await studio.curve(id, 'accuracy', 'validation')).steps).toEqual(upTo(30).map((i) => 10 * (i + 1)));

    const health = await studio.runs.readHealth({ id, maxSamples: null });
    expect([...health.steps]).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 100, 200, 300]);
    expect(health.values).toEqual(Float32Array.from(samples.flatMap(({ values }) => [...values])));
    const stored = await studio.runs.readHistograms({ id, kind: 'weights', maxSteps: null });
    expect(stored[0]).toMatchObject({ step: 0, layer: 0, layerName: 'affine 1' });
    expect(stored).toEqual(frames.filter(({ kind }) => kind === 'weights'));
    const detail = await studio.detail(id);
    expect(detail).toMatchObject({
      kernels: expect.stringContaining('reference') as string,
      checkpoint: { step: 300 },
    });
    expect(detail.weightsSha256).toBe(finished?.weightsSha256);
  });

  it('is refused with the field at fault, and leaves no row', async () => {
    const studio = new TestStudio();
    await expect(studio.start(irisSpec({ optimizer: { type: 'sgd', lr: 0 } }))).rejects.toMatchObject({
      error: { code: 'spec_invalid', issues: [{ path: 'optimizer.lr' }] },
    });
    await expect(studio.start(irisSpec({ model: { layers: [{ type: 'affine', units: 2 }] } }))).rejects.toMatchObject({
      error: { code: 'spec_invalid', issues: [{ path: 'model.layers.0.units' }] },
    });
    await expect(studio.start(irisSpec({ data: { source: { file: 'none.npz' } } }))).rejects.toMatchObject({
      error: { code: 'data_invalid', issues: [{ path: 'data.source' }] },
    });
    expect(await studio.runs.list({ trash: false })).toEqual([]);
  });

  it('pauses, freezes, steps by exactly one, goes on and stops', async () => {
    const studio = new TestStudio();
    const id = await studio.start(endlessSpec());
    await studio.next('progress', ({ step }) => step > 20);
    await studio.runs.control(id, 'pause');
    const { step } = await studio.next('progress', ({ status }) => status === 'paused');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const frozen = studio.runs.progress()[0];
    expect(frozen).toMatchObject({ status: 'paused', step });
    for (let i = 1; i <= 3; i++) {
      const stepped = studio.next('progress', (progress) => progress.step > step + i - 1);
      await studio.runs.control(id, 'step');
      expect((await stepped).step).toBe(step + i);
    }
    await expect
      .poll(async () => (await studio.detail(id)).summary)
      .toMatchObject({ status: 'paused', stepsDone: step + 3 });
    const resumed = studio.next('progress', (progress) => progress.step > step + 50);
    await studio.runs.control(id, 'resume');
    expect((await resumed).status).toBe('running');
    const ended = studio.ended(id);
    await studio.runs.control(id, 'stop');
    const { summary, finished } = await ended;
    expect(summary).toMatchObject({ status: 'stopped', resumable: true, stepsDone: finished?.steps });
    expect((await studio.curve(id)).steps).toEqual(upTo(finished?.steps ?? -1));
    await expect(studio.runs.control(id, 'pause')).rejects.toMatchObject({ error: { code: 'conflict' } });
  });

  it('waits for a free worker and can be stopped while it waits', async () => {
    const studio = new TestStudio({ workers: 1 });
    const first = await studio.start(endlessSpec());
    const second = await studio.start(endlessSpec());
    await studio.next('progress', ({ step }) => step > 5);
    expect(studio.runs.load()).toEqual({ running: 1, queued: 1, workers: 1, saved: true });
    await expect(studio.runs.control(second, 'pause')).rejects.toMatchObject({ error: { code: 'conflict' } });
    const ended = studio.ended(second);
    await studio.runs.control(second, 'stop');
    expect((await ended).summary).toMatchObject({ status: 'stopped', stepsDone: 0 });
    const third = await studio.start(irisSpec());
    const done = studio.ended(third);
    await studio.runs.control(first, 'pause');
    expect((await done).summary.status).toBe('completed');
  });

  it('diverges with its last finite weights kept', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec({ optimizer: { type: 'sgd', lr: 1e6 } }));
    const { summary, finished } = await studio.ended(id);
    expect(summary.status).toBe('diverged');
    expect((await studio.detail(id)).message?.message).toMatch(
      /^diverged at step \d+: .* was (too large|not finite) \(learning rate 1000000\); /,
    );
    expect(finished?.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    const evaluation = await studio.evaluations.read(id, 'validation');
    expect(Number.isFinite(evaluation.loss)).toBe(true);
  });

  it('can be renamed, thrown away, brought back and deleted', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec({ training: { steps: 3 } }));
    await studio.ended(id);
    expect(await studio.runs.rename(id, 'a better name')).toMatchObject({ name: 'a better name' });
    await studio.runs.remove([id]);
    expect(await studio.runs.list({ trash: false })).toEqual([]);
    await studio.runs.restore([id]);
    expect(await studio.runs.list({ trash: false })).toMatchObject([{ id, name: 'a better name', deletedAt: null }]);
    const purged = studio.next('purged');
    expect((await studio.runs.purge([id])).freedBytes).toBeGreaterThan(0);
    expect(await purged).toBe(id);
  });
});

describe('evaluation and export', () => {
  it('use the weights as they are while the run trains', async () => {
    const studio = new TestStudio();
    const id = await studio.start(endlessSpec());
    await studio.next('progress', ({ step }) => step > 100);
    const evaluation = await studio.evaluations.read(id, 'validation');
    expect(evaluation).toMatchObject({ runId: id, split: 'validation', weights: 'live', rows: 24 });
    expect(evaluation.step).toBeGreaterThan(100);
    expect(evaluation.confusion.reduce((sum, n) => sum + n, 0)).toBe(24);
    const path = join(studio.folder, 'live.npz');
    expect(await studio.runs.exportWeights({ id, path })).toMatchObject({ path });
    expect(existsSync(path)).toBe(true);
  });

  it('use the best epoch of a run that has ended', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec());
    const { summary } = await studio.ended(id);
    const evaluation = await studio.evaluations.read(id, 'validation');
    expect(evaluation).toMatchObject({ weights: 'best', epoch: summary.bestEpoch });
    expect(evaluation.accuracy).toBe(summary.bestValidationAccuracy);
    expect(evaluation.classes).toEqual(['setosa', 'versicolor', 'virginica']);
    await expect(studio.evaluations.read(id, 'test')).rejects.toMatchObject({ error: { code: 'conflict' } });
    expect(await studio.evaluations.openTest(id, evaluation.step)).toBe(1);
    const test = await studio.evaluations.read(id, 'test');
    expect(test.accuracy).toBe(summary.testAccuracy);
    expect(test.examples.rows).toHaveLength(20);
    const right = test.confusion.filter((_, i) => i % 4 === 0).reduce((sum, n) => sum + n, 0);
    expect(right / test.rows).toBe(test.accuracy);
    expect(test.mistakes.rows).toHaveLength(test.rows - right);
  });
});

describe('what goes wrong around a run', () => {
  it('a worker that dies leaves it interrupted, and it goes on to the same end', async () => {
    const studio = new TestStudio();
    const wholeId = await studio.start(irisSpec({ training: { epochs: 1500, batchSize: 10 } }));
    const whole = (await studio.ended(wholeId)).finished;
    const id = await studio.start(irisSpec({ training: { epochs: 1500, batchSize: 10 } }));
    const ended = studio.ended(id);
    await studio.next('progress', ({ step }) => step > 300);
    await studio.trainWorkers.at(-1)?.terminate();
    expect((await ended).summary).toMatchObject({ status: 'interrupted', resumable: true });
    expect((await studio.detail(id)).message?.message).toMatch(/the train worker died/);
    const again = studio.ended(id);
    await studio.runs.continueRun(id);
    const { finished } = await again;
    const { elapsedMs: _a, ...figures } = finished ?? { elapsedMs: 0 };
    const { elapsedMs: _b, ...wanted } = whole ?? { elapsedMs: 0 };
    expect(figures).toEqual(wanted);
    const [curve, other] = [await studio.curve(id), await studio.curve(wholeId)];
    expect(curve.steps).toEqual(upTo(15_000));
    expect(curve.values).toEqual(other.values);
    expect((await studio.detail(id)).summary).toMatchObject({ status: 'completed', bestEpoch: whole?.bestEpoch });
  });

  it('a store worker that dies is replaced, and nothing is lost', async () => {
    const studio = new TestStudio();
    const id = await studio.start(endlessSpec());
    for (let round = 0; round < 3; round++) {
      const { savedStep } = await studio.next('progress', ({ savedStep, step }) => savedStep > 0 && step > savedStep);
      // Right while an append is on its way, or just before the next one.
      await studio.storeWorkers.at(-1)?.terminate();
      await studio.next('progress', (progress) => progress.savedStep > savedStep);
    }
    expect(studio.storeWorkers).toHaveLength(4);
    expect((await studio.detail(id)).summary.status).toBe('running');
    const ended = studio.ended(id);
    await studio.runs.control(id, 'stop');
    const { finished } = await ended;
    expect((await studio.curve(id)).steps).toEqual(upTo(finished?.steps ?? -1));
  });

  it('leaving suspends every run within its time, and all of them can go on', async () => {
    const studio = new TestStudio({ workers: 2 });
    const ids = [
      await studio.start(endlessSpec()),
      await studio.start(endlessSpec()),
      await studio.start(endlessSpec()),
    ];
    await studio.next('progress', ({ id, step }) => id === ids[1] && step > 50);
    await studio.runs.control(ids[0]!, 'pause');
    await studio.next('progress', ({ status }) => status === 'paused');
    await studio.runs.shutdown('suspend');
    const summaries = await studio.runs.list({ trash: false });
    expect(summaries.map(({ status, resumable }) => [status, resumable])).toEqual(ids.map(() => ['interrupted', true]));
    for (const { id, stepsDone } of summaries) expect((await studio.curve(id)).total).toBe(stepsDone);
    await expect(studio.start(irisSpec())).rejects.toMatchObject({ error: { code: 'cancelled' } });
    await studio.store.close();

    const next = new TestStudio({ folder: studio.folder, workers: 3 });
    for (const id of ids) await next.runs.continueRun(id);
    await Promise.all(ids.map((id) => next.next('progress', (progress) => progress.id === id && progress.step > 200)));
    await next.close();
  });
});
