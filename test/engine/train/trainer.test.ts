import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { SpecError } from '../../../engine/spec/run-spec.ts';
import { classify, confusionMatrix } from '../../../engine/train/evaluation.ts';
import { createPredictor } from '../../../engine/train/predictor.ts';
import { KERNELS } from '../../support/kernels.ts';
import { dataOf, randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

type Part = Partial<RunSpecInput>;
const mlp = (more: Part = {}) =>
  specOf({
    seed: 3,
    model: { layers: [{ type: 'affine', units: 8 }, { type: 'tanh' }, { type: 'affine', units: 3 }] },
    optimizer: { type: 'sgd', lr: 0.5 },
    training: { batchSize: 10, epochs: 3 },
    ...more,
  });
const data = randomClasses(64, [5], 3, { validation: 12, test: 8 });
const reference = createReferenceKernels('float32');
const weightsOf = (trainer: ReturnType<typeof trainerOf>) =>
  trainer.weights('last').map(({ data: d }) => Array.from(d));

describe.each(KERNELS)('$name', ({ kernels }) => {
  test('learns: the loss falls and the validation accuracy passes 80 %', () => {
    const trainer = trainerOf(kernels, mlp({ training: { batchSize: 10, epochs: 60 } }), data);
    const losses = runSteps(trainer);
    expect(losses[0]).toBeGreaterThan(0.8);
    expect(losses.at(-1)).toBeLessThan(0.2);
    expect(trainer.score(data.validation).accuracy).toBeGreaterThan(0.8);
  });

  test('same spec and seed give bit-identical weights, another seed does not', () => {
    const run = (seed: number) => {
      const trainer = trainerOf(kernels, mlp({ seed }), data);
      runSteps(trainer);
      return weightsOf(trainer);
    };
    expect(run(3)).toEqual(run(3));
    expect(run(3)).not.toEqual(run(4));
  });

  test('rows side by side are read where they lie, with the outputs of rows that are gathered', () => {
    const many = randomClasses(420, [40], 3);
    const trainer = trainerOf(kernels, mlp({}), many);
    const forwards = trainer.outputs(many.train);
    const backwards = trainer.outputs(Int32Array.from(many.train).reverse());
    const { columns } = forwards;
    const turned = many.train.length - 1;
    for (const row of many.train) {
      const expected = backwards.values.subarray((turned - row) * columns, (turned - row + 1) * columns);
      expect(forwards.values.subarray(row * columns, (row + 1) * columns)).toEqual(expected);
    }
    const before = trainer.checkpoint();
    trainer.trainStep();
    trainer.restore(before);
    expect(trainer.outputs(many.train)).toEqual(forwards);
  });

  test('an image goes into an affine layer with and without flatten alike', () => {
    const images = randomClasses(40, [1, 4, 4], 2);
    const training = { batchSize: 8, epochs: 2 };
    const losses = (flatten: object[]) => {
      const layers = [...flatten, { type: 'affine', units: 2 }] as RunSpecInput['model']['layers'];
      return runSteps(trainerOf(kernels, mlp({ model: { layers }, training }), images));
    };
    expect(losses([])).toEqual(losses([{ type: 'flatten' }]));
  });
});

describe('steps and epochs', () => {
  test('are counted, and scores are means over rows', () => {
    const trainer = trainerOf(reference, mlp(), data);
    expect([trainer.stepsPerEpoch, trainer.totalSteps, trainer.parameterCount]).toEqual([5, 15, 5 * 8 + 8 + 8 * 3 + 3]);
    const rows: number[] = [];
    let loss = 0;
    let right = 0;
    for (let i = 0; i < 5; i++) {
      const result = trainer.trainStep();
      expect([result.step, result.epoch, result.lr]).toEqual([i, 0, 0.5]);
      rows.push(result.rows);
      loss += result.loss * result.rows;
      right += result.accuracy * result.rows;
      expect(result.epochEnded).toBe(i === 4);
    }
    expect(rows).toEqual([10, 10, 10, 10, 4]);
    expect(() => trainer.trainStep()).toThrow(/finishEpoch comes before/);
    const epoch = trainer.finishEpoch();
    expect(epoch.train.loss).toBeCloseTo(loss / 44, 12);
    expect(epoch.train.accuracy).toBeCloseTo(right / 44, 12);
    expect(epoch).toMatchObject({ epoch: 1, step: 5, best: true, stop: false });
    expect(epoch.validation).toEqual(trainer.score(data.validation));
    expect(() => trainer.finishEpoch()).toThrow(/has not ended/);
    runSteps(trainer);
    expect([trainer.step, trainer.epoch, trainer.done]).toEqual([15, 3, true]);
    expect(() => trainer.trainStep()).toThrow(/no step is left/);
  });

  test('a run of so many steps ends its last epoch early and scores it', () => {
    const trainer = trainerOf(reference, mlp({ training: { batchSize: 10, steps: 7 } }), data);
    runSteps(trainer);
    expect(trainer.lastEpoch).toMatchObject({ epoch: 2, step: 7 });
    expect(trainer.lastEpoch?.train.loss).toBeGreaterThan(0);
  });

  test('weight decay is in every loss: the step’s, the epoch’s and the score', () => {
    const plain = trainerOf(reference, mlp(), data);
    const decayed = trainerOf(reference, mlp({ optimizer: { type: 'sgd', lr: 0.5, weightDecay: 0.3 } }), data);
    const squares = plain
      .weights('last')
      .filter(({ name }) => name.endsWith('weight'))
      .reduce((sum, tensor) => sum + tensor.data.reduce((s, w) => s + w * w, 0), 0);
    expect(decayed.score(data.test).loss - plain.score(data.test).loss).toBeCloseTo(0.15 * squares, 5);
    expect(decayed.trainStep().loss - plain.trainStep().loss).toBeCloseTo(0.15 * squares, 5);
  });

  test('gradients are those before weight decay and clipping', () => {
    const more = { keepGradients: true };
    const plain = trainerOf(reference, mlp(), data, more);
    const changed = mlp({ optimizer: { type: 'sgd', lr: 0.5, weightDecay: 0.3, clipNorm: 0.01 } });
    const clipped = trainerOf(reference, changed, data, more);
    plain.trainStep();
    clipped.trainStep();
    expect(clipped.gradients()).toEqual(plain.gradients());
    expect(() => trainerOf(reference, mlp(), data).gradients()).toThrow(/keepGradients/);
  });

  test('clipping limits the length of an update to lr times the limit', () => {
    const trainer = trainerOf(reference, mlp({ optimizer: { type: 'sgd', lr: 0.5, clipNorm: 0.01 } }), data);
    const before = weightsOf(trainer).flat();
    trainer.trainStep();
    const length = Math.hypot(
      ...weightsOf(trainer)
        .flat()
        .map((w, i) => w - before[i]!),
    );
    expect(length).toBeCloseTo(0.005, 6);
  });
});

describe('best epoch', () => {
  const spec = mlp({
    optimizer: { type: 'sgd', lr: 3 },
    training: { batchSize: 10, epochs: 40, earlyStopping: { metric: 'validationLoss', patience: 5 } },
  });

  test('its weights are kept, score what it scored, and the last ones come back afterwards', () => {
    const trainer = trainerOf(reference, spec, data);
    const epochs = [];
    while (!trainer.done) if (trainer.trainStep().epochEnded) epochs.push(trainer.finishEpoch());
    const best = trainer.bestEpoch!;
    expect(epochs.length).toBe(best.epoch + 5);
    expect(epochs.at(-1)!.stop).toBe(true);
    expect(Math.min(...epochs.map((e) => e.validation!.loss))).toBe(best.validation.loss);
    const last = weightsOf(trainer);
    expect(trainer.withWeights('best', () => trainer.score(data.validation))).toEqual(best.validation);
    expect(weightsOf(trainer)).toEqual(last);
    trainer.loadWeights(trainer.weights('best'));
    expect(trainer.score(data.validation)).toEqual(best.validation);
  });

  test('without a validation split there is none, and best means last', () => {
    const trainer = trainerOf(reference, mlp(), randomClasses(30, [5], 3));
    runSteps(trainer);
    expect(trainer.bestEpoch).toBeNull();
    expect(trainer.lastEpoch?.validation).toBeNull();
    expect(trainer.weights('best')).toEqual(trainer.weights('last'));
  });
});

describe('losses and data', () => {
  const regression = dataOf({ input: [2], x: [0, 1, 1, 0, 2, 1, 1, 3], targets: [1, 2, 3, 4], outputs: 1 });
  const one = { layers: [{ type: 'affine', units: 1 }] } as RunSpecInput['model'];

  test('a regression has no accuracy, and a straight line is found', () => {
    const training = { batchSize: 4, epochs: 2000 };
    const trainer = trainerOf(
      reference,
      mlp({ model: one, loss: 'mse', training, optimizer: { type: 'sgd', lr: 0.1 } }),
      regression,
    );
    expect(trainer.trainStep().accuracy).toBeNaN();
    trainer.finishEpoch();
    runSteps(trainer);
    const { loss, accuracy } = trainer.score(regression.train);
    expect(accuracy).toBeNaN();
    // Least squares of these four points with two weights and a bias leaves a sum of squares of 0.2: ½·0.2/4.
    expect(loss).toBeLessThan(0.2);
    expect(trainer.predict(regression.train)).toMatchObject({ columns: 1, probabilities: false });
  });

  const two = randomClasses(40, [4], 2);
  test.each(['binary-cross-entropy', 'hinge', 'exponential'] as const)(
    '%s with one output tells two classes',
    (loss) => {
      const optimizer = { type: 'adam', lr: 0.05 } as const;
      const trainer = trainerOf(
        reference,
        mlp({ model: one, loss, optimizer, training: { batchSize: 10, epochs: 60 } }),
        two,
      );
      runSteps(trainer);
      const prediction = trainer.predict(two.train);
      const { predicted, confidence } = classify(prediction);
      const right = predicted.filter((label, row) => label === two.labels![row]).length;
      expect(trainer.score(two.train).accuracy).toBeCloseTo(right / 40, 12);
      expect(right).toBeGreaterThan(34);
      expect(confidence.every((c) => (loss === 'binary-cross-entropy' ? c >= 0.5 && c <= 1 : c >= 0))).toBe(true);
    },
  );

  test.each<[string, Part, ReturnType<typeof dataOf>, RegExp]>([
    ['cross-entropy on real targets', { model: one }, regression, /^loss: softmax-cross-entropy needs class labels/],
    ['hinge on three classes', { model: one, loss: 'hinge' }, data, /^loss: hinge is for two classes, the data has 3/],
    [
      'binary cross-entropy on targets beyond 0 and 1',
      { model: one, loss: 'binary-cross-entropy' },
      regression,
      /^loss: binary-cross-entropy needs targets from 0 to 1, row 1 has 2/,
    ],
    [
      'hinge on two target columns',
      { model: one, loss: 'hinge' },
      dataOf({ input: [1], x: [1, 2], targets: [1, 0, 1, 0], outputs: 2 }),
      /^loss: hinge is for one target column, the data has 2/,
    ],
    [
      'the exponential loss on targets between 0 and 1',
      { model: one, loss: 'exponential' },
      dataOf({ input: [1], x: [1, 2], targets: [1, 0.5], outputs: 1 }),
      /^loss: exponential needs targets of 0 or 1, row 1 has 0.5/,
    ],
    ['too few outputs', { model: one }, data, /^model\.layers\.0\.units: expected 3 outputs/],
    [
      'early stopping on accuracy in a regression',
      {
        model: one,
        loss: 'mse',
        training: { epochs: 1, earlyStopping: { patience: 1, metric: 'validationAccuracy' } },
      },
      dataOf({ input: [1], x: [1, 2], targets: [1, 2], outputs: 1, validation: 1 }),
      /^training\.earlyStopping\.metric: expected validationLoss/,
    ],
    [
      'early stopping without a validation split',
      { training: { epochs: 1, earlyStopping: { patience: 1 } } },
      randomClasses(10, [5], 3),
      /^training\.earlyStopping: needs a validation split/,
    ],
    [
      'best without a validation split',
      { training: { epochs: 1, evaluate: 'best' } },
      randomClasses(10, [5], 3),
      /^training\.evaluate/,
    ],
    ['no rows', {}, randomClasses(10, [5], 3, { test: 10 }), /^data: expected at least one training row/],
    [
      'a step layer',
      { model: { layers: [...one.layers, { type: 'step' }] }, loss: 'mse' },
      regression,
      /^model\.layers\.1\.type: a step/,
    ],
  ])('%s is refused at the field', (_name, more, dataSet, message) => {
    expect(() => trainerOf(reference, mlp(more), dataSet)).toThrow(message);
    expect(() => trainerOf(reference, mlp(more), dataSet)).toThrow(SpecError);
  });

  test('one-hot targets of mse leave room for classes the data does not have', () => {
    const wide = { layers: [{ type: 'affine', units: 5 }] } as RunSpecInput['model'];
    const trainer = trainerOf(reference, mlp({ model: wide, loss: 'mse' }), data);
    runSteps(trainer);
    expect(trainer.score(data.train).accuracy).toBeGreaterThan(0.5);
  });
});

describe('evaluation', () => {
  test('confusion counts: rows are the truth, columns what it was taken for', () => {
    const counts = confusionMatrix(Int32Array.of(0, 0, 1, 2, 2), Int32Array.of(0, 1, 1, 2, 0), 3);
    expect(Array.from(counts)).toEqual([1, 1, 0, 0, 1, 0, 1, 0, 1]);
    expect(() => confusionMatrix(Int32Array.of(3), Int32Array.of(0), 3)).toThrow(RangeError);
  });

  test('a predictor made of the weights gives the trainer’s outputs, bit for bit', () => {
    const layers = [
      { type: 'affine' as const, units: 8, init: 'he' as const },
      { type: 'batch-norm' as const, momentum: 0.9, epsilon: 1e-5 },
      { type: 'relu' as const },
      { type: 'dropout' as const, rate: 0.2, form: 'book' as const },
      { type: 'affine' as const, units: 3, init: 'he' as const },
    ];
    const trainer = trainerOf(reference, mlp({ model: { layers } }), data);
    runSteps(trainer);
    const weights = trainer.weights('last');
    const predictor = createPredictor({ kernels: reference, layers, loss: 'softmax-cross-entropy', data, weights });
    expect(predictor.predict(data.train)).toEqual(trainer.predict(data.train));
    expect(predictor.outputs(data.test)).toEqual(trainer.outputs(data.test));
    expect(predictor.score(data.test)).toEqual(trainer.score(data.test));
    const { outputs } = predictor.predict(data.train);
    for (let row = 0; row < 44; row++) {
      expect(outputs[row * 3]! + outputs[row * 3 + 1]! + outputs[row * 3 + 2]!).toBeCloseTo(1, 5);
    }
  });
});
