/** The way to the last checkpoint trained again: what comes of it when it cannot be gone to its end. */

import { expect, test } from 'vitest';
import { replay } from '../../../electron/workers/replay.ts';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { dataOf, specOf, trainerOf } from '../../support/runs.ts';

const data = dataOf({ input: [2], x: [1, 2, 3, 4, 5, 6, 7, 8], targets: [1, 2, 3, 4], outputs: 1 });
/** Diverges within a few steps. */
const wild = specOf({
  model: { layers: [{ type: 'affine', units: 4 }, { type: 'relu' }, { type: 'affine', units: 1 }] },
  loss: 'mse',
  optimizer: { type: 'sgd', lr: 1e5 },
  training: { batchSize: 10, epochs: 50 },
});

function begin() {
  const trainer = trainerOf(createReferenceKernels('float32'), wild, data);
  const start = trainer.checkpoint();
  const losses: number[] = [];
  for (;;) {
    const { diverged, epochEnded, loss } = trainer.trainStep();
    if (diverged) break;
    losses.push(loss);
    if (epochEnded) trainer.finishEpoch();
  }
  return { trainer, losses, checkpoints: { from: start, last: start } };
}

test('a replay that diverges where the run went on says at which step', async () => {
  const { trainer, losses, checkpoints } = begin();
  const logged = Float32Array.from([...losses, 0.5, 0.25, 0.125]);
  const comparison = await replay(trainer, checkpoints, { from: 0, losses: logged }, () => true);
  expect(comparison?.identical).toBe(losses.length);
  expect(comparison?.difference?.step).toBe(losses.length);
  expect(trainer.step).toBe(0);
});

test('one that was called off has no verdict, one that got through has', async () => {
  const { trainer, losses, checkpoints } = begin();
  const logged = { from: 0, losses: Float32Array.from(losses) };
  expect(await replay(trainer, checkpoints, logged, () => false)).toBeNull();
  const steps = losses.length;
  expect(await replay(trainer, checkpoints, logged, () => true)).toEqual({ steps, identical: steps, difference: null });
});
