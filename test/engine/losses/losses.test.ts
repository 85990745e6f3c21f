/** Values and accuracy of each loss, worked out by hand; gradients are checked in test/engine/layers/gradients. */

import { describe, expect, test } from 'vitest';
import { createLoss } from '../../../engine/losses/create-loss.ts';
import { countRight } from '../../../engine/losses/zero-one.ts';
import { lossSchema } from '../../../engine/spec/layer-spec.ts';
import { KERNELS } from '../../support/kernels.ts';

interface LossTest {
  readonly loss: unknown;
  readonly outputs: number[][];
  readonly labels?: number[];
  readonly targets?: number[][];
}

describe.each(KERNELS)('$name', ({ kernels }) => {
  function evaluate({ loss: spec, outputs, labels, targets }: LossTest) {
    const arena = kernels.createArena();
    const rows = outputs.length;
    const columns = outputs[0]!.length;
    const tensor = arena.tensor([rows, columns]);
    const context = { kernels, arena, capacity: rows, outputs: tensor, columns, classes: labels !== undefined };
    const loss = createLoss(context, lossSchema.parse(spec));
    arena.commit();
    tensor.data.set(outputs.flat());
    if (labels !== undefined) loss.labels!.data.set(labels);
    if (targets !== undefined) loss.targets!.data.set(targets.flat());
    return { sum: loss.evaluate(rows, null), correct: loss.correct() };
  }
  const log1pexp = (x: number): number => Math.log(1 + Math.exp(x));

  test.each<[string, LossTest, number, number]>([
    [
      'softmax cross-entropy',
      {
        loss: 'softmax-cross-entropy',
        outputs: [
          [1, 3, 2],
          [0, 0, 0],
        ],
        labels: [1, 2],
      },
      Math.log(Math.exp(-2) + 1 + Math.exp(-1)) + Math.log(3),
      1,
    ],
    [
      'softmax cross-entropy far beyond where exp overflows',
      { loss: 'softmax-cross-entropy', outputs: [[1000, 990]], labels: [1] },
      10 + Math.log(1 + Math.exp(-10)),
      0,
    ],
    [
      'label smoothing',
      { loss: { type: 'softmax-cross-entropy', labelSmoothing: 0.2 }, outputs: [[2, 0]], labels: [0] },
      log1pexp(-2) + 0.1 * 2,
      1,
    ],
    ['mse with classes', { loss: 'mse', outputs: [[0.5, 2, 0]], labels: [1] }, (0.25 + 1) / 2, 1],
    ['mse with targets', { loss: 'mse', outputs: [[1, 2]], targets: [[3, 5]] }, 6.5, NaN],
    ['mae', { loss: 'mae', outputs: [[1, -2]], targets: [[3, 5]] }, 9, NaN],
    ['huber', { loss: { type: 'huber', delta: 2 }, outputs: [[1, -2]], targets: [[2, 5]] }, 0.5 + 2 * (7 - 1), NaN],
    [
      'binary cross-entropy, one output and classes',
      { loss: 'binary-cross-entropy', outputs: [[2], [-1], [3]], labels: [1, 0, 0] },
      log1pexp(-2) + log1pexp(-1) + log1pexp(3),
      2,
    ],
    [
      'binary cross-entropy does not overflow',
      { loss: 'binary-cross-entropy', outputs: [[-800, 800]], targets: [[1, 0]] },
      1600,
      NaN,
    ],
    [
      'hinge reads 0 and 1 as −1 and +1',
      { loss: 'hinge', outputs: [[0.5], [0.5], [-3]], labels: [1, 0, 0] },
      0.5 + 1.5,
      2,
    ],
    ['exponential', { loss: 'exponential', outputs: [[1], [1]], labels: [1, 0] }, Math.exp(-1) + Math.exp(1), 1],
  ])('%s', (_name, lossTest, sum, correct) => {
    const got = evaluate(lossTest);
    expect(Math.abs(got.sum - sum)).toBeLessThan(1e-5 * (1 + Math.abs(sum)));
    expect(got.correct).toBe(correct);
  });
});

describe('0-1 metric', () => {
  test('the first of equal outputs is the class', () => {
    expect(countRight(Float32Array.of(1, 1, 0, 2, 2, 2), Int32Array.of(0, 1), 2, 3, 0)).toBe(1);
  });

  test('one output is class 1 above the threshold', () => {
    expect(countRight(Float32Array.of(0.4, 0.6, 0.5), Int32Array.of(0, 1, 0), 3, 1, 0.5)).toBe(3);
  });
});
