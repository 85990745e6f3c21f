/** The thread that trains one run at a time, and answers questions about it and about runs that have ended. */

import { parentPort } from 'node:worker_threads';
import type { JobMessage, TrainJob } from '../contract/jobs.ts';
import type { WorkerMessage, WorkerRequest } from '../contract/worker-messages.ts';
import { toJobError } from './job-errors.ts';
import { runTask } from './job-tasks.ts';
import { kernelChoice, loadKernels } from './load-kernels.ts';
import { lastData } from './data-cache.ts';
import { buildTrainer } from './prepare-run.ts';
import { yieldToWindow } from './thread-priority.ts';
import { TrainJobRunner } from './train-job.ts';
import { transferables } from './transferables.ts';

const port = parentPort;
if (port === null) throw new Error('train.worker runs in a worker thread only');

let live: TrainJobRunner | null = null;

port.on('message', (request: WorkerRequest) => {
  switch (request.type) {
    case 'train':
      void train(request.job);
      break;
    case 'wake':
      live?.wake();
      break;
    case 'task':
      void answer(request);
      break;
  }
});

async function train(job: TrainJob): Promise<void> {
  try {
    yieldToWindow();
    const run = await lastData.prepare(job.spec, job);
    const { kernels } = loadKernels(kernelChoice(job.kernels));
    const trainer = await buildTrainer(run, kernels, job, job.resumeFrom, job.forkFrom);
    live = new TrainJobRunner(job, run, trainer, kernels, { post: postJob });
    await live.train();
  } catch (error) {
    postJob({ type: 'failed', error: toJobError(error) });
  } finally {
    live = null;
  }
}

async function answer(question: Extract<WorkerRequest, { type: 'task' }>): Promise<void> {
  const { request, task, args } = question;
  try {
    post({ type: 'answer', request, value: await runTask(task, args, live) });
  } catch (error) {
    post({ type: 'refused', request, error: toJobError(error) });
  }
}

function postJob(message: JobMessage): void {
  post({ type: 'job', message });
}

function post(message: WorkerMessage): void {
  port?.postMessage(message, transferables(message));
}
