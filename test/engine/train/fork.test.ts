import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { OPTIMIZER_TYPES } from '../../../engine/spec/layer-spec.ts';
import { SpecError, type RunSpec, type RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { LossCheck } from '../../../engine/train/loss-check.ts';
import type { Trainer } from '../../../engine/train/trainer-types.ts';
import { randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

const kernels = createReferenceKernels('float32');
const data = randomClasses(46, [6], 3, { validation: 9 });
const layers: RunSpecInput['model']['layers'] = [
  { type: 'affine', units: 7 },
  { type: 'batch-norm' },
  { type: 'relu' },
  { type: 'dropout', rate: 0.3 },
  { type: 'affine', units: 3 },
];

function specWith(more: Partial<RunSpecInput> = {}): RunSpec {
  return specOf({
    seed: 9,
    model: { layers },
    optimizer: { type: 'momentum', lr: 0.02 },
    schedule: { type: 'exponential', gamma: 0.97 },
    training: { batchSize: 8, epochs: 4, earlyStopping: { metric: 'validationLoss', patience: 3 } },
    ...more,
  });
}
const parentSpec = specWith();

/** The parent's state after so many steps. */
function stateAfter(steps: number, spec = parentSpec): Uint8Array {
  const parent = trainerOf(kernels, spec, data);
  runSteps(parent, steps);
  return parent.checkpoint();
}

function forkOf(steps: number, child: RunSpec, parent = parentSpec): Trainer {
  return trainerOf(kernels, child, data, { forkFrom: { checkpoint: stateAfter(steps, parent), spec: parent } });
}

const bits = (trainer: Trainer) =>
  trainer.weights('last').map(({ data: values }) => [...new Uint32Array(values.buffer)]);

/** The issues a fork is refused with. */
function issues(child: RunSpec, steps = 7): unknown {
  try {
    forkOf(steps, child);
  } catch (error) {
    if (error instanceof SpecError) return error.issues;
    throw error;
  }
  return [];
}

describe('a fork without changes', () => {
  test.each([...OPTIMIZER_TYPES])('is its parent, whatever the step (%s)', (type) => {
    const spec = specWith({ optimizer: { type, lr: 0.01 } });
    const whole = trainerOf(kernels, spec, data);
    const losses = runSteps(whole);
    for (const cut of [0, 3, 5, 7, losses.length]) {
      const child = forkOf(cut, spec, spec);
      expect([child.step, runSteps(child)]).toEqual([cut, losses.slice(cut)]);
      expect(bits(child)).toEqual(bits(whole));
      expect(child.bestEpoch).toEqual(whole.bestEpoch);
    }
  });
});

describe('a fork', () => {
  test('with another learning rate goes on from the same weights', () => {
    const child = forkOf(7, specWith({ optimizer: { type: 'momentum', lr: 0.002 } }));
    const parent = trainerOf(kernels, parentSpec, data);
    runSteps(parent, 7);
    expect(bits(child)).toEqual(bits(parent));
    // The loss comes before the update, the learning rate with it.
    expect(child.trainStep()).toMatchObject({ step: 7, loss: parent.trainStep().loss, lr: 0.002 * 0.97 ** 7 });
    expect(bits(child)).not.toEqual(bits(parent));
  });

  test('with another optimizer begins with its state at zero and its corrections at the first update', () => {
    const adam = specWith({ optimizer: { type: 'adam', lr: 0.001 }, schedule: { type: 'constant' } });
    const child = forkOf(7, adam);
    const before = bits(child).map((words) => new Float32Array(Uint32Array.from(words).buffer));
    child.trainStep();
    const after = child.weights('last');
    // With m = (1 − β₁)g and v = (1 − β₂)g² corrected, a first update is lr · g/|g|.
    const moved = after.flatMap(({ name, data: values }, i) =>
      name.endsWith('weight') ? Array.from(values, (value, k) => Math.abs(value - before[i]![k]!)) : [],
    );
    for (const distance of moved.filter((d) => d > 1e-5)) expect(distance).toBeCloseTo(0.001, 5);
    expect(moved.some((d) => d > 1e-5)).toBe(true);
    // A resume of the child goes on counting from the fork.
    const resumed = trainerOf(kernels, adam, data, { resumeFrom: child.checkpoint() });
    expect(runSteps(resumed)).toEqual(runSteps(child));
    expect(bits(resumed)).toEqual(bits(child));
  });

  test('with another batch size starts a pass over the data, and its epochs go on', () => {
    const training = { batchSize: 4, epochs: 4 };
    // 37 training rows: 5 steps an epoch before, 10 after. Step 7 is in the second epoch.
    const child = forkOf(7, specWith({ training }));
    expect(child).toMatchObject({ step: 7, epoch: 1, stepsPerEpoch: 10, totalSteps: 7 + 3 * 10 });
    const due = Array.from({ length: 31 }, (_, i) => 7 + i).filter((step) => child.startsEpoch(step));
    expect(due).toEqual([7, 17, 27, 37]);
    const resumed = (): Trainer => trainerOf(kernels, specWith({ training }), data, { resumeFrom: child.checkpoint() });
    runSteps(child, 12);
    const again = resumed();
    expect(again).toMatchObject({ totalSteps: 37, epoch: 2 });
    expect(runSteps(again)).toEqual(runSteps(child));
    expect(child).toMatchObject({ step: 37, epoch: 4, done: true });
  });

  test('may gain or lose layers without weights', () => {
    const fewer = layers.filter((layer) => 'type' in layer && layer.type !== 'dropout');
    const child = forkOf(7, specWith({ model: { layers: fewer } }));
    const parent = trainerOf(kernels, parentSpec, data);
    runSteps(parent, 7);
    expect(bits(child)).toEqual(bits(parent));
    expect(child.checkpoint().length).toBeGreaterThan(0);
    expect(runSteps(child)).toHaveLength(20 - 7);
  });

  test('judges its epochs anew when another figure decides', () => {
    const parent = trainerOf(kernels, parentSpec, data);
    runSteps(parent, 10);
    expect(parent.bestEpoch).not.toBeNull();
    const training = { batchSize: 8, epochs: 6, earlyStopping: { metric: 'validationAccuracy', patience: 2 } } as const;
    expect(forkOf(10, specWith({ training })).bestEpoch).toBeNull();
    // The form writes a loss with its settings, a file by its name.
    const spelled = specWith({ loss: { type: 'softmax-cross-entropy', labelSmoothing: 0 } });
    expect(forkOf(10, spelled).bestEpoch).toEqual(parent.bestEpoch);
    expect(forkOf(10, specWith({ loss: { type: 'softmax-cross-entropy', labelSmoothing: 0.1 } })).bestEpoch).toBeNull();
    const patient = { batchSize: 8, epochs: 6, earlyStopping: { metric: 'validationLoss', patience: 9 } } as const;
    expect(forkOf(10, specWith({ training: patient })).bestEpoch).toEqual(parent.bestEpoch);
  });

  test('of a run that stopped early can have more patience', () => {
    const training = (patience: number) => {
      return { batchSize: 8, epochs: 40, earlyStopping: { metric: 'validationLoss', patience } } as const;
    };
    const impatient = specWith({ training: training(1), optimizer: { type: 'momentum', lr: 0.5 } });
    const parent = trainerOf(kernels, impatient, data);
    const steps = runSteps(parent).length;
    expect(parent.lastEpoch?.stop).toBe(true);
    const patient = specWith({ training: training(30), optimizer: { type: 'momentum', lr: 0.5 } });
    expect(forkOf(steps, patient, impatient).done).toBe(false);
    expect(forkOf(steps, impatient, impatient).done).toBe(true);
  });

  test('is refused where it cannot go on, with the field and the reason', () => {
    expect(issues(specWith({ seed: 10 }))).toMatchObject([
      { path: 'seed', message: expect.stringContaining('seed 9') },
    ]);
    expect(issues(specWith({ data: { source: 'xor', splitSeed: 4 } }))).toMatchObject([{ path: 'data.splitSeed' }]);
    expect(issues(specWith({ training: { batchSize: 8, epochs: 1 } }), 12)).toMatchObject([
      { path: 'training.epochs', message: expect.stringContaining('2 epochs were done') },
    ]);
    const wider = [{ type: 'affine', units: 8 } as const, ...layers.slice(1)];
    expect(issues(specWith({ model: { layers: wider } }))).toMatchObject([
      { path: 'model.layers', message: expect.stringMatching(/6 × 7 at the fork, 6 × 8 here/) },
    ]);
    const without = layers.filter((layer) => 'type' in layer && layer.type !== 'batch-norm');
    expect(issues(specWith({ model: { layers: without } }))).toMatchObject([
      { path: 'model.layers', message: expect.stringContaining('only layers without any may come or go') },
    ]);
    expect(issues(parentSpec)).toEqual([]);
  });
});

describe('losses trained again', () => {
  test('are compared bit for bit, step by step', () => {
    const logged = { from: 5, losses: Float32Array.of(0.1, NaN, 0.3, 0.4) };
    const check = new LossCheck(logged);
    for (const [step, loss] of [
      [4, 9],
      [5, 0.1],
      [6, NaN],
      [7, 0.30000004],
    ] as const) {
      expect(check.done).toBe(false);
      check.step(step, loss);
    }
    check.step(8, 0.4);
    check.step(9, 1);
    expect(check.done).toBe(true);
    expect(check.result).toEqual({
      steps: 4,
      identical: 3,
      difference: { step: 7, logged: Math.fround(0.3), now: Math.fround(0.30000004) },
    });
  });
});
