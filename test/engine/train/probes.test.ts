import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { RunSpec, RunSpecInput } from '../../../engine/spec/run-spec.ts';
import { countValues, linearEdges } from '../../../engine/train/histogram.ts';
import { logSpaced } from '../../../engine/train/probes.ts';
import { KERNELS } from '../../support/kernels.ts';
import { dataOf, randomClasses, runSteps, specOf, trainerOf } from '../../support/runs.ts';

const data = randomClasses(70, [30], 3, { validation: 20 });
const spec = (histograms: object, optimizer: object = {}) =>
  specOf({
    model: {
      layers: [
        { type: 'affine', units: 20 },
        { type: 'batch-norm' },
        { type: 'sigmoid' },
        { type: 'affine', units: 3 },
      ],
    },
    optimizer: { type: 'momentum', lr: 0.1, ...optimizer },
    training: { batchSize: 10, epochs: 4, histograms },
  });
const reference = createReferenceKernels('float32');

describe('counting values', () => {
  test('bins are half open, the last one closed; the rest goes to below, above and nonFinite', () => {
    const values = Float32Array.of(-1.1, -1, -0.6, -0.5, 0, 0.99, 1, 1.01, NaN, Infinity);
    const got = countValues(values, values.length, linearEdges(-1, 1, 4));
    expect(Array.from(got.counts)).toEqual([2, 1, 1, 2]);
    expect([got.below, got.above, got.nonFinite]).toEqual([1, 1, 2]);
  });

  test('every value is counted exactly once, in the bin its edges say', () => {
    const values = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        values,
        fc.integer({ min: 1, max: 50 }),
        fc.float({ min: Math.fround(0.01), max: 2, noNaN: true }),
        (list, bins, range) => {
          const data32 = Float32Array.from(list);
          const edges = linearEdges(-range, range, bins);
          const got = countValues(data32, data32.length, edges);
          const expected = new Array<number>(bins).fill(0);
          for (const value of data32) {
            if (value < edges[0]! || value > edges[bins]!) continue;
            let bin = bins - 1;
            while (bin > 0 && value < edges[bin]!) bin--;
            expected[bin]!++;
          }
          expect(Array.from(got.counts)).toEqual(expected);
          expect(got.counts.reduce((a, b) => a + b, 0) + got.below + got.above).toBe(data32.length);
        },
      ),
      { numRuns: 300, seed: 5 },
    );
  });

  test('mean and standard deviation leave non-finite values out', () => {
    const got = countValues(Float32Array.of(1, 3, NaN), 3, linearEdges(0, 4, 4));
    expect([got.mean, got.std]).toEqual([2, 1]);
    expect(countValues(Float32Array.of(NaN), 1, linearEdges(0, 1, 2))).toMatchObject({ mean: 0, std: 0 });
  });
});

describe('when histograms are due', () => {
  const dueSteps = (histograms: object): number[] => {
    const trainer = trainerOf(reference, spec(histograms), data);
    const due: number[] = [];
    for (;;) {
      if (trainer.histogramsDue()) due.push(trainer.step);
      if (trainer.done) return due;
      if (trainer.trainStep().epochEnded) trainer.finishEpoch();
    }
  };

  test('at step 0, at log-spaced early steps, at every epoch and at the end', () => {
    expect(logSpaced(1000, 4)).toEqual([1, 10, 100, 1000]);
    expect(logSpaced(5, 20)).toEqual([1, 2, 3, 4, 5]);
    expect(logSpaced(5, 0)).toEqual([]);
    expect(dueSteps({ earlySteps: 3 })).toEqual([0, 1, 2, 5, 10, 15, 20]);
    expect(dueSteps({ earlySteps: 0, everyEpochs: 3 })).toEqual([0, 15, 20]);
    expect(dueSteps({ enabled: false })).toEqual([]);
  });
});

describe('bins', () => {
  const range = (changes: RunSpec, kind: string, layer: number, on = data): number => {
    const trainer = trainerOf(reference, changes, on);
    if (kind === 'gradients') trainer.trainStep();
    const frame = trainer.histograms().find((one) => one.kind === kind && one.layer === layer)!;
    expect(frame.edges[0]).toBe(-frame.edges.at(-1)!);
    return frame.edges.at(-1)!;
  };
  const narrow = (optimizer: RunSpecInput['optimizer'], steps: number, units = 3) =>
    specOf({
      model: {
        layers: [
          { type: 'affine', units: 20, init: { normal: 0.01 } },
          { type: 'affine', units, init: { normal: 0.01 } },
        ],
      },
      ...(units === 1 ? { loss: 'mse' as const } : {}),
      optimizer,
      training: { batchSize: 10, steps },
    });

  test('of weights and biases reach to where a long run takes them, not where it cannot', () => {
    const long = narrow({ type: 'sgd', lr: 0.5 }, 5000);
    expect([range(long, 'weights', 1), range(long, 'biases', 1)]).toEqual([3, 3]);
    const short = narrow({ type: 'adam', lr: 0.001 }, 100);
    expect(range(short, 'weights', 1)).toBeCloseTo(5 * Math.sqrt(2 / 20), 6);
    const between = narrow({ type: 'adam', lr: 0.001 }, 2000);
    expect(range(between, 'biases', 1)).toBeCloseTo(2, 6);
  });

  test('of gradients hold five times the first ones', () => {
    const one = narrow({ type: 'sgd', lr: 0.1 }, 10);
    const trainer = trainerOf(reference, one, data, { keepGradients: true });
    trainer.trainStep();
    const largest = Math.max(...Array.from(trainer.gradients().get('layers.1.weight')!, Math.abs));
    expect(range(one, 'gradients', 1)).toBeCloseTo(5 * largest, 6);
  });

  test('of the outputs hold logits, or numbers as large as the training targets', () => {
    expect(range(narrow({ type: 'sgd', lr: 0.1 }, 10), 'activations', 1)).toBe(20);
    const x = Array.from({ length: 12 }, (_, i) => i / 12);
    const targets = x.map((v) => (v === 11 / 12 ? 5000 : -300 * v));
    const regression = dataOf({ input: [1], x, targets, outputs: 1, test: 1 });
    const spread = range(narrow({ type: 'sgd', lr: 0.001 }, 10, 1), 'activations', 1, regression);
    expect(spread).toBeCloseTo(1.25 * 250, 3);
  });
});

describe.each(KERNELS)('$name', ({ kernels }) => {
  test('step 0 has weights, biases and activations; later steps have gradients too', () => {
    const trainer = trainerOf(kernels, spec({}), data);
    const kinds = () => trainer.histograms().map(({ kind, layerName }) => `${kind} of ${layerName}`);
    const still = [
      'weights of affine 1',
      'biases of affine 1',
      'weights of batch-norm 1',
      'biases of batch-norm 1',
      'weights of affine 2',
      'biases of affine 2',
      'activations of affine 1',
      'activations of batch-norm 1',
      'activations of sigmoid 1',
      'activations of affine 2',
    ];
    expect(kinds()).toEqual(still);
    trainer.trainStep();
    const gradients = ['gradients of affine 1', 'gradients of batch-norm 1', 'gradients of affine 2'];
    expect(kinds().sort()).toEqual([...still, ...gradients].sort());
  });

  test('bins stay the same for the whole run, also over a checkpoint, and hold every value', () => {
    const trainer = trainerOf(kernels, spec({}), data);
    const key = ({ kind, layer }: { kind: string; layer: number }) => `${kind} ${layer}`;
    const start = new Map(trainer.histograms().map((frame) => [key(frame), frame]));
    expect(start.get('weights 0')?.counts.length).toBe(96);
    expect(start.get('biases 0')?.counts.length).toBe(48);
    expect(start.get('weights 0')?.below).toBe(0);
    expect(start.get('weights 0')?.above).toBe(0);
    trainer.trainStep();
    for (const frame of trainer.histograms()) start.set(key(frame), start.get(key(frame)) ?? frame);
    expect(start.get('gradients 0')?.counts.length).toBe(3 * 96);
    runSteps(trainer, 8);
    const resumed = trainerOf(kernels, spec({}), data, { resumeFrom: trainer.checkpoint() });
    trainer.trainStep();
    resumed.trainStep();
    const frames = trainer.histograms();
    expect(resumed.histograms()).toEqual(frames);
    for (const frame of frames) {
      expect(frame.edges).toEqual(start.get(key(frame))?.edges);
      const total = frame.counts.reduce((a, b) => a + b, 0) + frame.below + frame.above + frame.nonFinite;
      const rows = { activations: 20 * (frame.layer === 3 ? 3 : 20), biases: frame.layer === 3 ? 3 : 20 };
      const weights = frame.layer === 0 ? 600 : frame.layer === 1 ? 20 : 60;
      expect(total).toBe(
        frame.kind === 'activations' ? rows.activations : frame.kind === 'biases' ? rows.biases : weights,
      );
    }
  });

  test('counts match the weights they were taken of', () => {
    const trainer = trainerOf(kernels, spec({}), data);
    runSteps(trainer, 5);
    const frame = trainer.histograms().find(({ kind, layer }) => kind === 'weights' && layer === 3)!;
    const weights = trainer.states().get('layers.3.weight')!;
    expect(Array.from(frame.counts)).toEqual(Array.from(countValues(weights, weights.length, frame.edges).counts));
    expect(frame.step).toBe(5);
  });

  test('looking does not change the run, not by one bit', () => {
    const optimizer = { weightDecay: 0.01, clipNorm: 0.5 };
    const run = (look: boolean) => {
      const trainer = trainerOf(kernels, spec({ enabled: look }, optimizer), data, { keepGradients: look });
      const losses: number[] = [];
      while (!trainer.done) {
        if (look) {
          trainer.histograms();
          trainer.predict(data.train);
          trainer.checkpoint();
        }
        const result = trainer.trainStep();
        losses.push(result.loss);
        if (look) trainer.histograms();
        if (result.epochEnded) trainer.finishEpoch();
      }
      return { losses, weights: trainer.weights('last') };
    };
    expect(run(true)).toEqual(run(false));
  });
});
