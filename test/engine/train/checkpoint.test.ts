import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { OPTIMIZER_TYPES, SCHEDULE_TYPES } from '../../../engine/spec/layer-spec.ts';
import type { RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { CheckpointError, decodeCheckpoint, encodeCheckpoint } from '../../../engine/train/checkpoint.ts';
import type { EpochResult, StepResult, Trainer } from '../../../engine/train/trainer-types.ts';
import { KERNELS } from '../../support/kernels.ts';
import { randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

const data = randomClasses(46, [6], 3, { validation: 9 });
const schedules: Record<(typeof SCHEDULE_TYPES)[number], object> = {
  constant: {},
  exponential: { gamma: 0.97 },
  step: { gamma: 0.5, every: 5 },
  'warmup-cosine': { warmup: 4, min: 0.001 },
  'one-cycle': { maxLr: 0.05 },
};

function wholeSpec(optimizer: string, more: Partial<RunSpecInput> = {}, schedule = 'exponential') {
  return specOf({
    seed: 9,
    model: {
      layers: [
        { type: 'affine', units: 7 },
        { type: 'batch-norm' },
        { type: 'relu' },
        { type: 'dropout', rate: 0.3 },
        { type: 'affine', units: 3 },
      ],
    },
    optimizer: { type: optimizer, lr: 0.02, weightDecay: 0.01, clipNorm: 1 } as RunSpecInput['optimizer'],
    schedule: { type: schedule, ...schedules[schedule as keyof typeof schedules] } as RunSpecInput['schedule'],
    training: { batchSize: 8, epochs: 4, earlyStopping: { metric: 'validationLoss', patience: 3 } },
    ...more,
  });
}

/** Everything a run logs from here to its end, and its weights, best and last, bit for bit. */
function story(trainer: Trainer) {
  const steps: StepResult[] = [];
  const epochs: EpochResult[] = [];
  while (!trainer.done) {
    const result = trainer.trainStep();
    steps.push({ ...result });
    if (trainer.histogramsDue()) trainer.histograms();
    if (result.epochEnded) epochs.push(trainer.finishEpoch());
  }
  const bits = (which: 'last' | 'best') =>
    trainer.weights(which).map(({ name, data }) => [name, ...new Uint32Array(data.buffer)]);
  return { steps, epochs, last: bits('last'), best: bits('best'), bestEpoch: trainer.bestEpoch };
}

describe.each(KERNELS)('$name: a resumed run equals one that never stopped', ({ kernels }) => {
  test.each(OPTIMIZER_TYPES)('%s, cut at every step', (type) => {
    const spec = wholeSpec(type);
    const whole = story(trainerOf(kernels, spec, data));
    expect(whole.steps.length).toBeGreaterThan(10);
    for (let cut = 0; cut < whole.steps.length; cut++) {
      const before = trainerOf(kernels, spec, data);
      runSteps(before, cut);
      const after = trainerOf(kernels, spec, data, { resumeFrom: before.checkpoint() });
      const rest = story(after);
      expect(rest.steps).toEqual(whole.steps.slice(cut));
      expect(rest.epochs).toEqual(whole.epochs.slice(whole.epochs.length - rest.epochs.length));
      expect(rest.last).toEqual(whole.last);
      expect(rest.best).toEqual(whole.best);
      expect(rest.bestEpoch).toEqual(whole.bestEpoch);
    }
  });

  test.each(['shuffle', 'sequential', 'replacement'] as const)('%s', (sampling) => {
    const spec = wholeSpec('adam', { training: { batchSize: 8, steps: 17, sampling } });
    const whole = story(trainerOf(kernels, spec, data));
    for (const cut of [0, 1, 4, 5, 11, 16]) {
      const before = trainerOf(kernels, spec, data);
      runSteps(before, cut);
      const rest = story(trainerOf(kernels, spec, data, { resumeFrom: before.checkpoint() }));
      expect({ ...rest, steps: rest.steps.length, epochs: rest.epochs.at(-1) }).toEqual({
        ...whole,
        steps: 17 - cut,
        epochs: whole.epochs.at(-1),
      });
    }
  });

  test.each(SCHEDULE_TYPES)('schedule %s', (schedule) => {
    const spec = wholeSpec('momentum', {}, schedule);
    const whole = story(trainerOf(kernels, spec, data));
    const before = trainerOf(kernels, spec, data);
    runSteps(before, 7);
    const rest = story(trainerOf(kernels, spec, data, { resumeFrom: before.checkpoint() }));
    expect(rest.steps).toEqual(whole.steps.slice(7));
    expect(rest.last).toEqual(whole.last);
  });

  test('a checkpoint between the last step of an epoch and its end', () => {
    const spec = wholeSpec('adam');
    const whole = story(trainerOf(kernels, spec, data));
    const before = trainerOf(kernels, spec, data);
    while (!before.trainStep().epochEnded);
    const after = trainerOf(kernels, spec, data, { resumeFrom: before.checkpoint() });
    expect(() => after.trainStep()).toThrow(/finishEpoch comes before/);
    expect(after.finishEpoch()).toEqual(whole.epochs[0]);
    expect(story(after).last).toEqual(whole.last);
  });
});

describe('a checkpoint', () => {
  const kernels = createReferenceKernels('float32');
  const spec = wholeSpec('adam');
  const trainer = trainerOf(kernels, spec, data);
  runSteps(trainer, 7);
  const bytes = trainer.checkpoint();
  const resume =
    (from: Uint8Array, other = spec) =>
    () =>
      trainerOf(kernels, other, data, { resumeFrom: from });

  test('keeps every bit of a tensor and every number of the state', () => {
    const values = Float32Array.of(-0, 1e-45, 3.4e38, 0.1, NaN, Infinity);
    const { state } = decodeCheckpoint(bytes);
    const odd = { ...state, sums: { loss: NaN, right: -Infinity, rows: 0.1 + 0.2 } };
    const back = decodeCheckpoint(
      encodeCheckpoint({ state: odd, tensors: [{ name: 'ä b', shape: [6], data: values }] }),
    );
    expect(new Uint32Array(back.tensors[0]!.data.slice().buffer)).toEqual(new Uint32Array(values.buffer));
    expect(back.tensors[0]!.name).toBe('ä b');
    expect(back.state).toEqual(odd);
  });

  test('reads from memory that is not aligned', () => {
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeCheckpoint(shifted.subarray(3)).state.step).toBe(7);
  });

  test.each<[string, (b: Uint8Array) => Uint8Array, RegExp]>([
    ['nothing', () => new Uint8Array(0), /these bytes are not one/],
    ['random bytes', () => Uint8Array.from({ length: 500 }, (_, i) => (i * 131) % 256), /these bytes are not one/],
    ['a newer version', (b) => b.with(12, 2), /expected format version 1, got 2/],
    ['the end cut off', (b) => b.slice(0, b.length - 8), /damaged|cut off/],
    ['half a header', (b) => b.slice(0, 64), /cut off/],
    ['a changed byte', (b) => b.with(b.length - 100, b[b.length - 100]! ^ 4), /damaged/],
  ])('%s is refused', (_name, spoil, message) => {
    expect(resume(spoil(bytes))).toThrow(message);
    expect(resume(spoil(bytes))).toThrow(CheckpointError);
  });

  test('any changed byte is noticed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        expect(() => decodeCheckpoint(bytes.with(at, bytes[at]! ^ flip))).toThrow(CheckpointError);
      }),
      { numRuns: 200, seed: 4 },
    );
  });

  test('of another run is refused by name', () => {
    expect(resume(bytes, wholeSpec('sgd'))).toThrow(/belongs to a run with adam, this one uses sgd/);
    const wider = wholeSpec('adam', { model: { layers: [{ type: 'affine', units: 3 }] } });
    expect(resume(bytes, wider)).toThrow(/expected 18 values of layers\.0\.weight, got 42: another model/);
    const batches = wholeSpec('adam', { training: { batchSize: 5, epochs: 4 } });
    expect(resume(bytes, batches)).toThrow(/has 5 steps an epoch, this run 8/);
    const double = createReferenceKernels('float64');
    expect(() => trainerOf(double, spec, data, { resumeFrom: bytes })).toThrow(/written in float32/);
  });
});
