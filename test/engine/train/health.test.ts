/** The layers' figures are right, come when they should, and change nothing. */

import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { HEALTH_MEASURES, healthColumn, healthLayers, type HealthMeasure } from '../../../engine/spec/health.ts';
import { expandLayers, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import type { Trainer } from '../../../engine/train/trainer-types.ts';
import { KERNELS } from '../../support/kernels.ts';
import { randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

type Layers = RunSpecInput['model']['layers'];

const data = randomClasses(70, [30], 3, { validation: 20 });
const pictures = randomClasses(60, [2, 6, 6], 3, { validation: 20 });
const mixed: Layers = [
  { type: 'affine', units: 20 },
  { type: 'batch-norm' },
  { type: 'sigmoid' },
  { type: 'dropout', rate: 0.2 },
  { type: 'affine', units: 8 },
  { type: 'relu' },
  { type: 'affine', units: 3 },
];
const convolution: Layers = [
  { type: 'conv2d', filters: 5, kernel: 3 },
  { type: 'relu' },
  { type: 'max-pool2d', kernel: 2 },
  { type: 'affine', units: 3 },
];
const specWith = (layers: Layers, health: object, more: object = {}) =>
  specOf({
    model: { layers },
    optimizer: { type: 'momentum', lr: 0.1 },
    training: { batchSize: 10, epochs: 4, health },
    ...more,
  });
const reference = createReferenceKernels('float64');

function measured(trainer: Trainer, row: number, measure: HealthMeasure): number {
  return trainer.health()[healthColumn(row, measure)]!;
}

describe('the rows of the table', () => {
  test('a layer with parameters, with the activation that bends what it gives', () => {
    const rows = (layers: Layers) =>
      healthLayers(expandLayers(specWith(layers, {}).model.layers)).map(
        ({ name, activation, output, last }) => `${name}, ${activation} at ${output}${last ? ', last' : ''}`,
      );
    expect(rows(mixed)).toEqual([
      'affine 1, null at 0',
      'batch-norm 1, sigmoid at 2',
      'affine 2, relu at 5',
      'affine 3, null at 6, last',
    ]);
    expect(rows(convolution)).toEqual(['conv2d 1, relu at 1', 'affine 1, null at 3, last']);
  });
});

describe('when samples are due', () => {
  const due = (health: object, epochs = 60): number[] => {
    const spec = specOf({
      model: { layers: [{ type: 'affine', units: 3 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training: { batchSize: 10, epochs, health },
    });
    const trainer = trainerOf(reference, spec, data);
    const steps: number[] = [];
    for (;;) {
      if (trainer.healthDue()) steps.push(trainer.step);
      if (trainer.done) return steps;
      if (trainer.trainStep().epochEnded) trainer.finishEpoch();
    }
  };

  test('at powers of two, then every hundredth step, and at the end', () => {
    expect(due({}, 61)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 100, 200, 300, 305]);
  });

  test('as often as the spec says, or never', () => {
    expect(due({ everySteps: 7 }, 5)).toEqual([0, 1, 2, 4, 7, 14, 21, 25]);
    expect(due({ enabled: false })).toEqual([]);
  });
});

describe.each(KERNELS)('$name', ({ kernels }) => {
  test('gradient norms are those of the backward pass, before weight decay and clipping', () => {
    const spec = specWith(
      mixed,
      { everySteps: 1 },
      { optimizer: { type: 'sgd', lr: 0.1, weightDecay: 0.1, clipNorm: 0.01 } },
    );
    const trainer = trainerOf(kernels, spec, data, { keepGradients: true });
    runSteps(trainer, 3);
    const gradients = trainer.gradients();
    const norm = (...names: string[]): number =>
      Math.hypot(...names.flatMap((name) => Array.from(gradients.get(name) ?? [])));
    expect(measured(trainer, 0, 'gradient-norm')).toBeCloseTo(norm('layers.0.weight', 'layers.0.bias'), 5);
    expect(measured(trainer, 1, 'gradient-norm')).toBeCloseTo(norm('layers.1.gamma', 'layers.1.beta'), 5);
    expect(measured(trainer, 3, 'gradient-norm')).toBeCloseTo(norm('layers.6.weight', 'layers.6.bias'), 5);
  });

  test('the update is compared with the weights before it', () => {
    const trainer = trainerOf(kernels, specWith(mixed, { everySteps: 1 }), data);
    runSteps(trainer, 4);
    const before = trainer.weights('last').find(({ name }) => name === 'layers.4.weight')!.data;
    trainer.trainStep();
    const after = trainer.weights('last').find(({ name }) => name === 'layers.4.weight')!.data;
    const moved = Math.hypot(...Array.from(after, (value, i) => value - before[i]!));
    expect(measured(trainer, 2, 'update-ratio') / (moved / Math.hypot(...before))).toBeCloseTo(1, 4);
  });

  test('mean and spread of activations are those of their histogram', () => {
    for (const [layers, on] of [
      [mixed, data],
      [convolution, pictures],
    ] as const) {
      const spec = specWith(layers, { everySteps: 1 });
      const trainer = trainerOf(kernels, spec, on);
      runSteps(trainer, 6);
      const frames = trainer.histograms().filter(({ kind }) => kind === 'activations');
      healthLayers(expandLayers(spec.model.layers)).forEach(({ output }, row) => {
        const frame = frames.find(({ layer }) => layer === output)!;
        expect(measured(trainer, row, 'activation-mean')).toBeCloseTo(frame.mean, 5);
        expect(measured(trainer, row, 'activation-std')).toBeCloseTo(frame.std, 5);
      });
    }
  });

  test('units that never fire are dead, filters too; others are not', () => {
    const dead = trainerOf(kernels, specWith(mixed, {}), data);
    dead.loadWeights(biased(dead, 'layers.4.bias', (i) => (i < 3 ? -1000 : 1000)));
    expect(measured(dead, 2, 'dead')).toBeCloseTo(3 / 8, 6);
    expect(measured(dead, 1, 'dead')).toBeNaN();
    const filters = trainerOf(kernels, specWith(convolution, {}), pictures);
    filters.loadWeights(biased(filters, 'layers.0.bias', () => -1000));
    expect(measured(filters, 0, 'dead')).toBe(1);
    filters.loadWeights(biased(filters, 'layers.0.bias', (i) => (i === 2 ? -1000 : 1000)));
    expect(measured(filters, 0, 'dead')).toBeCloseTo(1 / 5, 6);
  });

  test('values at the flat ends of a sigmoid are saturated', () => {
    const trainer = trainerOf(kernels, specWith(mixed, {}), data);
    trainer.loadWeights(biased(trainer, 'layers.1.beta', (i) => (i < 5 ? 1000 : i < 10 ? -1000 : 0)));
    expect(measured(trainer, 1, 'saturated')).toBeCloseTo(0.5, 1);
    expect(measured(trainer, 2, 'saturated')).toBeNaN();
  });

  test('the initial state has activations, but neither gradients nor updates', () => {
    const sample = trainerOf(kernels, specWith(mixed, {}), data).health();
    expect(sample.length).toBe(4 * HEALTH_MEASURES.length);
    for (let row = 0; row < 4; row++) {
      expect(sample[healthColumn(row, 'gradient-norm')]).toBeNaN();
      expect(sample[healthColumn(row, 'update-ratio')]).toBeNaN();
      expect(sample[healthColumn(row, 'activation-std')]).toBeGreaterThan(0);
    }
  });

  test.each([
    ['layers of all kinds', mixed, data],
    ['convolutions', convolution, pictures],
  ])('%s: training is the same to the bit without, with and at any rate', (_, layers, on) => {
    const run = (health: { enabled?: boolean; everySteps?: number }) => {
      const optimizer = { type: 'adam', lr: 0.01, weightDecay: 0.01, clipNorm: 0.5 };
      const trainer = trainerOf(kernels, specWith(layers, health, { optimizer }), on);
      const losses: number[] = [];
      if (trainer.healthDue()) trainer.health();
      while (!trainer.done) {
        const result = trainer.trainStep();
        losses.push(result.loss);
        if (trainer.healthDue()) trainer.health();
        if (result.epochEnded) trainer.finishEpoch();
      }
      return { losses, last: trainer.weights('last'), best: trainer.weights('best') };
    };
    const off = run({ enabled: false });
    for (const health of [{}, { everySteps: 1 }, { everySteps: 3 }]) expect(run(health)).toEqual(off);
  });

  test('a resumed run measures the same', () => {
    const spec = specWith(mixed, { everySteps: 4 });
    const whole = trainerOf(kernels, spec, data);
    runSteps(whole, 10);
    const resumed = trainerOf(kernels, spec, data, { resumeFrom: whole.checkpoint() });
    for (const trainer of [whole, resumed]) runSteps(trainer, 2);
    expect(whole.healthDue()).toBe(true);
    expect(resumed.health()).toEqual(whole.health());
  });

  test('a run that diverges leaves the gradients that were too much', () => {
    const layers: Layers = [{ type: 'affine', units: 20 }, { type: 'relu' }, { type: 'affine', units: 3 }];
    const spec = specWith(layers, {}, { optimizer: { type: 'sgd', lr: 1e6 }, loss: 'mse' });
    const trainer = trainerOf(kernels, spec, data);
    while (!trainer.done) if (trainer.trainStep().epochEnded) trainer.finishEpoch();
    expect(trainer.divergence).not.toBeNull();
    expect(trainer.healthDue()).toBe(true);
    const sample = trainer.health();
    expect(sample.length).toBe(2 * HEALTH_MEASURES.length);
    expect(sample.some((value) => !(Math.abs(value) < 1e6))).toBe(true);
  });
});

function biased(trainer: Trainer, name: string, value: (i: number) => number) {
  return trainer.weights('last').map((tensor) => {
    return tensor.name === name ? { ...tensor, data: Float32Array.from(tensor.data, (_, i) => value(i)) } : tensor;
  });
}
