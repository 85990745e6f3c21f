/** What a train worker is made of, without the thread. */

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkpointWeights } from '../../../electron/workers/checkpoint-weights.ts';
import { evaluateSplit } from '../../../electron/workers/evaluate-split.ts';
import { toJobError } from '../../../electron/workers/job-errors.ts';
import { checkMemory, estimateMemory } from '../../../electron/workers/memory-budget.ts';
import { buildTrainer, describeRun, prepareRun } from '../../../electron/workers/prepare-run.ts';
import { transferables } from '../../../electron/workers/transferables.ts';
import { weightsSha256 } from '../../../electron/workers/weights-hash.ts';
import { DataError } from '../../../engine/data/dataset.ts';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { expandLayers, SpecError, type RunSpec } from '../../../engine/spec/run-spec.ts';
import { inferShapes } from '../../../engine/spec/shapes.ts';
import type { Trainer } from '../../../engine/train/trainer-types.ts';
import { exampleSpec } from '../store/run-samples.ts';

const FOLDERS = {
  baseFolder: '/',
  datasetsFolder: fileURLToPath(new URL('../../../resources/datasets', import.meta.url)),
};
const KERNELS = createReferenceKernels();

async function trainerOf(spec: RunSpec, resumeFrom: Uint8Array | null = null) {
  const run = await prepareRun(spec, FOLDERS);
  return { run, trainer: await buildTrainer(run, KERNELS, FOLDERS, resumeFrom) };
}

function trainEpochs(trainer: Trainer, count: number): void {
  for (let epoch = 0; epoch < count; epoch++) {
    while (!trainer.trainStep().epochEnded);
    trainer.finishEpoch();
  }
}

const iris = (changes: Record<string, unknown> = {}) =>
  exampleSpec({
    data: { source: 'iris', normalize: 'standardize' },
    model: {
      layers: [{ type: 'affine', units: 5 }, { type: 'batch-norm' }, { type: 'tanh' }, { type: 'affine', units: 3 }],
    },
    optimizer: { type: 'adam', lr: 0.02 },
    training: { epochs: 20, batchSize: 10 },
    ...changes,
  });

describe('a prepared run', () => {
  it('says what it comes to', async () => {
    const { run, trainer } = await trainerOf(iris());
    expect(describeRun(run, trainer)).toEqual({
      data: 'iris',
      model: '4-5-3',
      parameters: 4 * 5 + 5 + 2 * 5 + 5 * 3 + 3,
      task: 'classification',
      stepsPerEpoch: 10,
      stepsPlanned: 200,
      epochsPlanned: 20,
      inputShape: [4],
      outputNames: ['setosa', 'versicolor', 'virginica'],
      splitSizes: { train: 96, validation: 24, test: 30 },
    });
  });

  it('takes histograms at no more than five hundred epochs', async () => {
    const due = async (epochs: number): Promise<number> => {
      const { trainer } = await trainerOf(iris({ training: { epochs, batchSize: 96, histograms: { earlySteps: 0 } } }));
      let count = 0;
      for (let epoch = 0; epoch < epochs; epoch++) {
        if (trainer.histogramsDue()) count++;
        trainEpochs(trainer, 1);
      }
      return count;
    };
    expect(await due(400)).toBe(400);
    expect(await due(1500)).toBe(500);
  });
});

describe('memory', () => {
  it('is counted before it is taken', async () => {
    const spec = exampleSpec({ training: { epochs: 1, batchSize: 100 } });
    const run = await prepareRun(spec, FOLDERS);
    const shapes = inferShapes(run.data.shape, expandLayers(spec.model.layers), spec.loss);
    const estimate = estimateMemory(spec, run.data, shapes, 4);
    const parameters = 64 * 32 + 32 + 32 * 10 + 10;
    expect(estimate).toEqual({
      // Adam: weights, gradients, best, two moments, the weights before an update for the layers' health; and a
      // checkpoint of four of them.
      parameterBytes: parameters * 4 * 10,
      activationBytes: 100 * (2 * (32 + 32 + 10) + 64) * 4,
      dataBytes: 1797 * 64,
    });
    expect(() => checkMemory(estimate, 1e9)).not.toThrow();
    expect(() => checkMemory(estimate, 1e5)).toThrow(/model\.layers: the run needs about 0\.0 GB .*smaller layers/);
    expect(() => checkMemory({ ...estimate, activationBytes: 9e12 })).toThrow(/training\.batchSize: .*9000\.\d GB/);
  });
});

describe('weights out of a checkpoint', () => {
  it('are the last ones, or those of the best epoch', async () => {
    const { trainer } = await trainerOf(iris());
    trainEpochs(trainer, 6);
    while (trainer.bestEpoch?.epoch === trainer.epoch) trainEpochs(trainer, 1);
    const bytes = trainer.checkpoint();
    const last = checkpointWeights(bytes, 'last');
    expect(last).toMatchObject({ which: 'last', step: trainer.step, epoch: trainer.epoch });
    expect(last.weights).toEqual(trainer.weights('last'));
    const best = checkpointWeights(bytes, 'best');
    expect(best).toMatchObject({ which: 'best', epoch: trainer.bestEpoch?.epoch });
    expect(best.weights).toEqual(trainer.weights('best'));
    expect(weightsSha256(best.weights)).not.toBe(weightsSha256(last.weights));
  });

  it('are the last ones while no epoch has ended', async () => {
    const { trainer } = await trainerOf(iris());
    expect(checkpointWeights(trainer.checkpoint(), 'best')).toMatchObject({ which: 'last', step: 0, epoch: 0 });
  });

  it('have a hash over their little-endian bytes in layer order, running statistics included', async () => {
    const { trainer } = await trainerOf(iris());
    trainEpochs(trainer, 1);
    const weights = trainer.weights('last');
    expect(weights.map(({ name }) => name.split('.').at(-1))).toContain('runningMean');
    const bytes = Buffer.concat(
      weights.map(({ data }) => {
        const part = Buffer.alloc(4 * data.length);
        for (const [i, value] of data.entries()) part.writeFloatLE(value, 4 * i);
        return part;
      }),
    );
    expect(weightsSha256(weights)).toBe(createHash('sha256').update(bytes).digest('hex'));
  });
});

describe('an evaluation', () => {
  const options = { runId: 'aaaaaaaaaaaa' as RunId, split: 'validation', weights: 'live', step: 7, epoch: 1 } as const;

  it('counts who was taken for whom and shows the surest mistakes first', async () => {
    const { run, trainer } = await trainerOf(iris());
    trainEpochs(trainer, 1);
    const evaluation = evaluateSplit(run, trainer, options);
    const { confusion, mistakes, examples, rows } = evaluation;
    expect(evaluation).toMatchObject({ ...options, rows: 24, classes: ['setosa', 'versicolor', 'virginica'] });
    expect(evaluation.probabilities).toBe(true);
    const labels = Array.from(run.data.validation, (row) => run.data.labels?.[row]);
    for (const label of [0, 1, 2]) {
      const inRow = confusion.slice(3 * label, 3 * label + 3).reduce((sum, n) => sum + n, 0);
      expect(inRow).toBe(labels.filter((other) => other === label).length);
    }
    const right = [0, 4, 8].reduce((sum, i) => sum + (confusion[i] ?? 0), 0);
    expect(right / rows).toBe(evaluation.accuracy);
    expect(mistakes.rows).toHaveLength(rows - right);
    expect([...mistakes.confidence]).toEqual([...mistakes.confidence].sort((a, b) => b - a));
    for (const [i, row] of mistakes.rows.entries()) {
      expect(mistakes.truth[i]).toBe(run.data.labels?.[row]);
      expect(mistakes.predicted[i]).not.toBe(mistakes.truth[i]);
    }
    expect(examples.inputs).toHaveLength(20 * 4);
    expect(examples.inputs.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it('of a regression shows the largest residuals', async () => {
    const { run, trainer } = await trainerOf(
      exampleSpec({
        data: { source: 'diabetes', normalize: 'standardize' },
        model: { layers: [{ type: 'affine', units: 1 }] },
        loss: 'mse',
        optimizer: { type: 'sgd', lr: 0.01 },
      }),
    );
    const found = evaluateSplit(run, trainer, { ...options, split: 'test' });
    const { accuracy, confusion, mistakes, classes } = found;
    expect(found.probabilities).toBe(false);
    expect([accuracy, confusion.length, classes.length]).toEqual([null, 0, 0]);
    expect(mistakes.rows).toHaveLength(60);
    const sizes = [...mistakes.confidence].map(Math.abs);
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(mistakes.confidence[0]).toBe(Math.fround((mistakes.truth[0] ?? 0) - (mistakes.predicted[0] ?? 0)));
    expect(mistakes.truth[0]).toBe(run.data.targets?.[mistakes.rows[0] ?? -1]);
  });

  it('needs rows', async () => {
    const { run, trainer } = await trainerOf(iris({ data: { source: 'iris', validation: 0 } }));
    expect(() => evaluateSplit(run, trainer, options)).toThrow('the run has no validation split');
  });
});

describe('errors of a job', () => {
  it.each([
    [new SpecError([{ path: 'loss', message: 'no' }]), { code: 'spec_invalid', issues: [{ path: 'loss' }] }],
    [new DataError('x.csv: no'), { code: 'data_invalid', message: 'x.csv: no' }],
    [new RangeError('Array buffer allocation failed'), { code: 'environment' }],
    [new Error('surprise'), { code: 'internal', message: expect.stringContaining('surprise') as string }],
  ])('%s', (error, expected) => {
    expect(toJobError(error)).toMatchObject(expected);
  });

  it('lead to the field at fault', async () => {
    const spec = iris({ initialWeights: 'none.npz' });
    await expect(trainerOf(spec)).rejects.toMatchObject({
      error: { code: 'file_invalid', issues: [{ path: 'initialWeights' }] },
    });
  });
});

describe('memory that moves with a message', () => {
  it('is whole buffers only, each once', () => {
    const whole = new Float32Array(4);
    const part = new Uint8Array(8).subarray(2);
    const shared = new Int32Array(new SharedArrayBuffer(8));
    const found = transferables({ a: [{ whole }], again: whole, part, shared, list: [1, 2], text: 'x', none: null });
    expect(found).toEqual([whole.buffer]);
  });
});
