import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { loadDataSet } from '../../../electron/workers/data-source.ts';
import { prepareData } from '../../../engine/data/prepare.ts';
import { specOf } from '../../support/runs.ts';
import { irisSpec, Workplace, type Line } from './support.ts';

const finished = (lines: readonly Line[]): Line => lines.find(({ event }) => event === 'finished') ?? {};

describe('descent train --fork and descent repeat', () => {
  it('go on from a checkpoint, and train the same once more', async () => {
    const work = new Workplace();
    const spec = irisSpec({ training: { epochs: 60, batchSize: 10, checkpoint: { everyEpochs: 10 } } });
    work.file('run.json', spec);
    const first = finished((await work.run(['train', 'run.json', '--json'])).lines());
    const [shown] = (await work.run(['runs', 'show', '1', '--json'])).lines() as unknown as {
      checkpoints: { step: number }[];
    }[];
    const step = shown?.checkpoints.find((checkpoint) => checkpoint.step > 0)?.step ?? NaN;

    const fork = (await work.run(['train', 'run.json', '--fork', `1@${step}`, '--json'])).lines();
    expect(fork.find(({ event }) => event === 'step')?.['step']).toBe(step);
    expect(finished(fork)['weightsSha256']).toBe(first['weightsSha256']);
    expect((await work.run(['runs', 'show', '2'])).stdout).toContain(`fork of run #1 at step ${step}\n`);

    const again = await work.run(['repeat', '1', '--json']);
    expect(again.status).toBe(0);
    expect(again.lines().at(-1)).toMatchObject({
      event: 'repeated',
      identical: true,
      sameWeights: true,
      difference: null,
    });
    expect((await work.run(['repeat', '1'])).stdout).toMatch(
      /\nidentical: all \d+ logged values and the final weights\n$/,
    );

    const nowhere = await work.run(['train', 'run.json', '--fork', '1@7']);
    expect([nowhere.status, nowhere.stderr]).toEqual([
      2,
      expect.stringContaining('no checkpoint at step 7; there are'),
    ]);
    work.file('wide.json', { ...spec, seed: 99 });
    const refused = await work.run(['train', 'wide.json', '--fork', '1']);
    expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining('wide.json: seed: a fork goes on')]);
  });

  it('say when kernels have changed, and go on all the same when told to', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    await work.run(['train', 'run.json']);
    const other = { DESCENT_KERNELS: 'wasm' };
    const refused = await work.run(['repeat', '1'], other);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('it began with the kernels reference and would go on with wasm');
    const allowed = await work.run(['repeat', '1', '--inexact', '--json'], other);
    expect(allowed.status).toBe(1);
    expect(allowed.lines().at(-1)).toMatchObject({ event: 'repeated', identical: false });
  });
});

describe('early stopping', () => {
  it('with patience 5 and its best at epoch 7 exports weights that score what epoch 7 did', async () => {
    const work = new Workplace();
    // A rate that doubles with every step: better at first, then worse and worse.
    const spec = specOf({
      name: 'impatient',
      seed: 1,
      data: { source: 'iris', normalize: 'standardize', validation: 0.5 },
      model: { layers: [{ type: 'affine', units: 8 }, { type: 'relu' }, { type: 'affine', units: 3 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      schedule: { type: 'exponential', gamma: 2 },
      training: { epochs: 60, batchSize: 100, earlyStopping: { metric: 'validationLoss', patience: 5 } },
    });
    work.file('run.json', spec);
    const { lines } = await work.run(['train', 'run.json', '--json', '--export', 'best.npz']);
    const epochs = lines().filter(({ event }) => event === 'epoch');
    expect(finished(lines())).toMatchObject({ status: 'completed', bestEpoch: 7, epochs: 12 });
    const best = Number(epochs[6]?.['validationAccuracy']);
    expect(best).not.toBe(epochs.at(-1)?.['validationAccuracy']);

    const predictions = (await work.run(['predict', 'best.npz', '--data', 'iris', '--json'])).lines();
    const datasetsDir = fileURLToPath(new URL('../../../resources/datasets', import.meta.url));
    const { dataset } = await loadDataSet('iris', { datasetsDir, baseDir: work.folder });
    const rows = new Set(prepareData(dataset, spec.data).validation);
    const scored = predictions.filter(({ event, row }) => event === 'prediction' && rows.has(Number(row)));
    expect(scored).toHaveLength(rows.size);
    const right = scored.filter(({ predicted, truth }) => predicted === truth).length;
    expect(right / rows.size).toBe(best);
  });
});
