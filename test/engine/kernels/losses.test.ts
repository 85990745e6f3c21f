import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allKernels, expectClose, oracle, seed, size, values, Workbench } from './support.ts';
import type { ElementwiseLoss, Kernels } from '../../../engine/kernels/kernels.ts';

function crossEntropy(
  kernels: Kernels,
  logits: ArrayLike<number>,
  labels: ArrayLike<number>,
  smoothing: number,
  withGradient = true,
) {
  const rows = labels.length;
  const classes = logits.length / rows;
  const bench = new Workbench(kernels);
  const x = bench.tensor([rows, classes], logits);
  const t = bench.ints(labels);
  const correct = bench.ints([-1]);
  const gradient = bench.tensor([rows, classes]);
  bench.commit();
  const loss = kernels.softmaxCrossEntropy(x, t, withGradient ? gradient : null, correct, rows, classes, smoothing);
  bench.check();
  return { loss, correct: correct.data[0], gradient: Array.from(gradient.data) };
}

describe.each(allKernels)('softmax with cross-entropy, $name', (kernels) => {
  test('loss, gradient and hits for any rows, classes and smoothing', () => {
    fc.assert(
      fc.property(
        size(20),
        size(70),
        fc.constantFrom(0, 0.1),
        fc.constantFrom(0, 900),
        seed,
        (rows, classes, smoothing, offset, from) => {
          const logits = values(rows * classes, from, offset - 6, offset + 6);
          const labels = Array.from(values(rows, from + 1, 0, classes), Math.floor);
          const got = crossEntropy(kernels, logits, labels, smoothing);
          const expected = crossEntropy(oracle, logits, labels, smoothing);
          expect(Math.abs(got.loss - expected.loss)).toBeLessThan(1e-6 * (1 + Math.abs(expected.loss)));
          expect(got.correct).toBe(expected.correct);
          expectClose(got.gradient, expected.gradient, 3e-7);
          const scored = crossEntropy(kernels, logits, labels, smoothing, false);
          expect(scored.loss).toBe(got.loss);
          expect(scored.correct).toBe(got.correct);
          expect(scored.gradient.every((value) => value === 12345)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('the first of equal logits is the answer', () => {
    expect(crossEntropy(kernels, [1, 1, 0, 1, 1, 0, 0, 0, 0], [0, 1, 2], 0).correct).toBe(1);
  });

  test('logits beyond e^88 give no NaN, and a sure answer no loss', () => {
    const { loss, gradient } = crossEntropy(kernels, [1010, 1000, 990], [0], 0);
    expect(loss).toBeCloseTo(Math.log1p(Math.exp(-10) + Math.exp(-20)), 9);
    expect(gradient.every(Number.isFinite)).toBe(true);
  });

  test('NaN and infinite logits give a loss that is not finite', () => {
    for (const bad of [NaN, Infinity]) {
      for (const place of [0, 1, 4]) {
        const logits = [1, 2, 3, 4, 5];
        logits[place] = bad;
        expect(Number.isFinite(crossEntropy(kernels, logits, [2], 0).loss)).toBe(false);
      }
    }
  });

  test('the loss of softmaxed [0.3, 2.9, 4.0] follows from the book’s probabilities', () => {
    const { loss, gradient } = crossEntropy(kernels, [0.3, 2.9, 4.0], [1], 0);
    expect(loss).toBeCloseTo(-Math.log(0.24519181), 6);
    expectClose(gradient, [0.01821127, 0.24519181 - 1, 0.73659691], 1e-6);
  });
});

const KINDS: readonly ElementwiseLoss[] = ['mse', 'mae', 'huber', 'binary-cross-entropy', 'hinge', 'exponential'];

describe.each(allKernels)('element-wise losses, $name', (kernels) => {
  test.each(KINDS)('%s: sum over rows and gradient of the mean', (kind) => {
    fc.assert(
      fc.property(size(20), size(40), seed, (rows, columns, from) => {
        const outputs = values(rows * columns, from, -4, 4);
        const targets = values(rows * columns, from + 1, 0, 2).map(Math.floor);
        const evaluate = (set: Kernels, withGradient: boolean) => {
          const bench = new Workbench(set);
          const o = bench.tensor([rows, columns], outputs);
          const t = bench.tensor([rows, columns], targets);
          const gradient = bench.tensor([rows, columns]);
          bench.commit();
          const loss = set.elementwiseLoss(kind, o, t, withGradient ? gradient : null, rows, columns, 0.7);
          bench.check();
          return { loss, gradient: Array.from(gradient.data) };
        };
        const got = evaluate(kernels, true);
        const expected = evaluate(oracle, true);
        expect(Math.abs(got.loss - expected.loss)).toBeLessThan(1e-6 * (1 + Math.abs(expected.loss)));
        expectClose(got.gradient, expected.gradient, (i) => 1e-6 * (Math.abs(expected.gradient[i] ?? 0) + 1 / rows));
        expect(evaluate(kernels, false).loss).toBe(got.loss);
      }),
      { numRuns: 25 },
    );
  });

  test.each(KINDS)('%s: NaN among the outputs gives a loss that is not finite', (kind) => {
    const bench = new Workbench(kernels);
    const o = bench.tensor([1, 3], [0.5, NaN, 1]);
    const t = bench.tensor([1, 3], [0, 1, 1]);
    bench.commit();
    expect(Number.isFinite(kernels.elementwiseLoss(kind, o, t, null, 1, 3, 1))).toBe(false);
  });
});
