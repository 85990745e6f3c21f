/** A train job without its thread: what it says to whoever hosts it. */

import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { CONTROL, type JobMessage, type TrainJob } from '../../../electron/contract/jobs.ts';
import { buildTrainer, prepareRun } from '../../../electron/workers/prepare-run.ts';
import { TrainJobRunner } from '../../../electron/workers/train-job.ts';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { exampleSpec } from '../store/run-samples.ts';

const FOLDERS = {
  baseFolder: '/',
  datasetsFolder: fileURLToPath(new URL('../../../resources/datasets', import.meta.url)),
};

it('never reports a step as done whose loss is not in the chunks', async () => {
  const spec = exampleSpec({
    data: { source: 'fashion-mnist', limit: 3000 },
    model: { layers: [{ type: 'affine', units: 10 }] },
    training: { epochs: 1, batchSize: 1 },
  });
  const run = await prepareRun(spec, FOLDERS);
  const kernels = createReferenceKernels();
  const trainer = await buildTrainer(run, kernels, FOLDERS, null);
  const messages: JobMessage[] = [];
  const job: TrainJob = {
    ...FOLDERS,
    runId: 'r1' as RunId,
    spec,
    kernels: 'reference',
    resumeFrom: null,
    elapsedMs: 0,
    control: new SharedArrayBuffer(CONTROL.words * 4),
  };
  const words = new Int32Array(job.control);
  const ahead: number[] = [];
  let recorded = 0;
  await new TrainJobRunner(job, run, trainer, kernels, {
    post: (message) => {
      messages.push(message);
      if (message.type !== 'chunks') return;
      words.fill(0);
      for (const { metric, split, steps } of message.chunks) {
        if (metric === 'loss' && split === 'batch') recorded = steps.at(-1)! + 1;
      }
      expect(message.step).toBe(recorded);
      ahead.push(trainer.step - message.step);
    },
  }).train();
  expect(messages.at(-1)).toMatchObject({ type: 'finished', finished: { steps: trainer.totalSteps } });
  expect(recorded).toBe(trainer.totalSteps);
  // Training was ahead of its chunks at least once, or nothing was shown here.
  expect(Math.max(...ahead)).toBeGreaterThan(0);
});
