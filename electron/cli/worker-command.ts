/** `descent worker`: trains what others search for, until it is told to stop. */

import { availableParallelism, hostname } from 'node:os';
import { join } from 'node:path';
import { StudioFailure } from '../contract/outcome.ts';
import { homeFolder } from '../main/home.ts';
import { TrainPool } from '../main/hosts/train-host.ts';
import { workerFile } from '../main/hosts/worker-files.ts';
import { workerFactory } from '../main/hosts/worker-like.ts';
import { QueueWorker } from '../queue/queue-worker.ts';
import { HOLD_SECONDS, type QueueKernels } from '../queue/trial-queue.ts';
import { kernelChoice, loadAllKernels, loadKernels } from '../workers/load-kernels.ts';
import { appVersion, datasetsFolder } from './app-folder.ts';
import { EXIT } from './exit-status.ts';
import { openQueue, queueKernels, say } from './queue-link.ts';
import { onInterrupt } from './signals.ts';

export interface WorkerOptions {
  readonly queue: string;
  readonly workers?: number;
  readonly kernels?: string;
  readonly holdSeconds?: number;
}

const HEAP_MEGABYTES = 2048;

/** Resolves with the exit status; rejects with a StudioFailure when it cannot begin, or must not go on. */
export async function workerCommand(options: WorkerOptions): Promise<number> {
  const interrupt = onInterrupt();
  const kernels = offeredKernels(options.kernels);
  const link = await openQueue(options.queue);
  const trialsAtOnce = options.workers ?? availableParallelism();
  const limits = { heapMegabytes: HEAP_MEGABYTES };
  const pool = new TrainPool(workerFactory(workerFile('train', import.meta.url), limits), trialsAtOnce);
  let unfit: string | null = null;
  const worker = new QueueWorker({
    link,
    engine: appVersion(),
    name: `${hostname()}/${process.pid}`,
    kernels,
    trialsAtOnce,
    pool,
    folders: { baseFolder: process.cwd(), datasetsFolder: datasetsFolder() },
    filesFolder: join(homeFolder(), 'queue-files'),
    holdSeconds: options.holdSeconds ?? HOLD_SECONDS,
    say,
    onUnfit: (reason) => {
      // It may be taken once more before the worker has closed.
      if (unfit === null) interrupt.raise();
      unfit ??= reason;
    },
  });
  try {
    const stop = new Promise<void>((resolve) => interrupt.handle(resolve));
    const several = trialsAtOnce === 1 ? 'one trial' : `${trialsAtOnce} trials`;
    say(
      `worker ${hostname()}/${process.pid} at ${link.address.shown}: ${several} at once; kernels ${kernels.map(({ build }) => build).join(', ')}`,
    );
    await stop;
    if (unfit === null && worker.training > 0) say('handing back what is being trained');
    await worker.close();
  } finally {
    interrupt.release();
    await pool.close();
    link.close();
  }
  if (unfit !== null) throw new StudioFailure({ code: 'environment', message: unfit });
  say('the worker has stopped');
  return EXIT.done;
}

/** What this machine can compute with, or what it was told to. Trials of other kernels are left to others. */
function offeredKernels(asked: string | undefined): QueueKernels[] {
  const choice = asked === undefined ? kernelChoice() : kernelChoice(asked, '');
  // A trial says which kernels it needs; what the environment says must not stand in for them.
  delete process.env['DESCENT_KERNELS'];
  if (choice !== 'auto') return [queueKernels(loadKernels(choice).kernels)];
  return [loadKernels('reference-f64').kernels, ...loadAllKernels()].map(queueKernels);
}
