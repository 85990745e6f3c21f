/** Reports about splits, with real threads and a real database. */

import { describe, expect, it } from 'vitest';
import { endlessSpec, irisSpec, TestStudio } from './studio.ts';

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('a report', () => {
  it('agrees with what the run logged, for the best and the last weights of every split', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec());
    const { summary } = await studio.ended(id);
    const report = (split: 'train' | 'validation', weights: 'best' | 'last') =>
      studio.evaluations.report({ id, split, weights, ticket: 'a' });
    const best = await report('validation', 'best');
    expect(best).toMatchObject({ weights: 'best', epoch: summary.bestEpoch, rows: 24, regression: null });
    expect(Math.fround(best.loss)).toBe(Math.fround(summary.bestValidationLoss ?? NaN));
    const last = await report('validation', 'last');
    expect(last).toMatchObject({ weights: 'last', epoch: 30, step: summary.stepsDone });
    expect(last.loss).toBe(summary.lastValidationLoss);

    const train = await report('train', 'best');
    const { splitSizes } = await studio.detail(id);
    expect(train.rows).toBe(splitSizes.train);
    for (const { rows, classification } of [best, last, train]) {
      if (classification === null) throw new Error('the flowers have classes');
      const { confusion, scores, truth, predicted, confidences, accuracy } = classification;
      const trace = confusion.filter((_, i) => i % 4 === 0);
      expect(sum(confusion)).toBe(rows);
      expect(accuracy).toBe(sum(trace) / rows);
      // The gallery is the off-diagonal: as many rows differ as the matrix says.
      expect(truth.filter((label, i) => label !== predicted[i])).toHaveLength(rows - sum(trace));
      expect([...scores.support]).toEqual([0, 1, 2].map((label) => truth.filter((one) => one === label).length));
      expect(sum(confidences.right) + sum(confidences.wrong)).toBe(rows);
      expect(sum(confidences.right)).toBe(sum(trace));
    }
  });

  it('shows any row, with its features by name', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec({ training: { steps: 3 } }));
    await studio.ended(id);
    const samples = await studio.evaluations.samples(id, [0, 149]);
    expect(samples.featureNames).toHaveLength(4);
    expect([...samples.values].slice(0, 4).map((value) => Number(value.toFixed(1)))).toEqual([5.1, 3.5, 1.4, 0.2]);
    await expect(studio.evaluations.samples(id, [150])).rejects.toMatchObject({ error: { code: 'not_found' } });
  });

  it('of a checkpoint that is kept has the step asked for', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec());
    await studio.ended(id);
    const kept = await studio.evaluations.checkpoints(id);
    expect(kept.length).toBeGreaterThan(0);
    for (const { step, epoch } of kept) {
      const report = await studio.evaluations.report({ id, split: 'validation', weights: step, ticket: 'a' });
      expect(report).toMatchObject({ weights: 'kept', step, epoch });
    }
    await expect(studio.evaluations.report({ id, split: 'validation', weights: 7, ticket: 'a' })).rejects.toMatchObject(
      { error: { code: 'not_found' } },
    );
  });

  it('of a run that trains has the weights of the moment, or the best so far', async () => {
    const studio = new TestStudio();
    const id = await studio.start(endlessSpec());
    await studio.next('progress', ({ step }) => step > 200);
    const live = await studio.evaluations.report({ id, split: 'train', weights: 'live', ticket: 'a' });
    expect(live).toMatchObject({ weights: 'live' });
    expect(live.step).toBeGreaterThan(200);
    const best = await studio.evaluations.report({ id, split: 'validation', weights: 'best', ticket: 'b' });
    expect(best.weights).toBe('best');
    expect(best.step % 10).toBe(0);
    const done = studio.ended(id);
    await studio.runs.control(id, 'stop');
    await done;
    await expect(studio.evaluations.report({ id, split: 'train', weights: 'live', ticket: 'c' })).rejects.toMatchObject(
      { error: { code: 'conflict' } },
    );
  });

  it('of a regression has its scores and every row', async () => {
    const studio = new TestStudio();
    const model = { layers: [{ type: 'affine', units: 1 }] };
    const data = { source: 'diabetes', normalize: 'standardize' };
    const id = await studio.start(irisSpec({ data, model, loss: 'mse', training: { epochs: 3, batchSize: 32 } }));
    await studio.ended(id);
    const report = await studio.evaluations.report({ id, split: 'validation', weights: 'last', ticket: 'a' });
    const { regression } = report;
    if (regression === null) throw new Error('the diabetes set has real targets');
    const residuals = regression.targets.map((target, i) => target - (regression.predictions[i] ?? NaN));
    const [scores] = regression.scores;
    expect(residuals).toHaveLength(report.rows);
    expect(scores?.rmse).toBeCloseTo(Math.sqrt(sum(residuals.map((r) => r * r)) / report.rows), 3);
    expect(sum(scores?.counts ?? [])).toBe(report.rows);
    expect(report.classification).toBeNull();
  });

  it('can be watched and given up', async () => {
    const studio = new TestStudio();
    const id = await studio.start(
      irisSpec({
        data: { source: 'fashion-mnist', limit: 20_000 },
        model: { layers: [{ type: 'affine', units: 100 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
        training: { steps: 1, batchSize: 10 },
      }),
    );
    await studio.ended(id);
    const ticket = 'long';
    const report = studio.evaluations.report({ id, split: 'train', weights: 'last', ticket });
    const ended = expect(report).rejects.toMatchObject({ error: { code: 'cancelled' } });
    const seen = await new Promise<number>((resolve) => {
      const look = setInterval(() => {
        const share = studio.evaluations.progress(ticket)?.share ?? 0;
        if (share === 0) return;
        clearInterval(look);
        resolve(share);
      }, 1);
    });
    expect(seen).toBeLessThan(1);
    studio.evaluations.cancel(ticket);
    await ended;
    expect(studio.evaluations.progress(ticket)).toBeNull();
    // The next question finds the worker sound.
    const small = await studio.evaluations.report({ id, split: 'validation', weights: 'last', ticket });
    expect(small.rows).toBe(4000);
  });
});

describe('the test split', () => {
  it('stays sealed until it is opened, and every opening counts', async () => {
    const studio = new TestStudio();
    const id = await studio.start(irisSpec({ training: { epochs: 2, batchSize: 10 } }));
    await studio.ended(id);
    const report = () => studio.evaluations.report({ id, split: 'test', weights: 'best', ticket: 'a' });
    await expect(report()).rejects.toMatchObject({ error: { code: 'conflict' } });
    expect(await studio.evaluations.openTest(id, 10)).toBe(1);
    expect((await report()).rows).toBe(30);
    expect(await studio.evaluations.openTest(id, 20)).toBe(2);
    expect((await studio.detail(id)).testOpenings).toBe(2);
  });
});
