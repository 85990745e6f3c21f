/** A train worker that dies in the way the kernels' name says. */

import { parentPort } from 'node:worker_threads';
import { CONTROL } from '../../../../electron/contract/jobs.ts';
import type { WorkerRequest } from '../../../../electron/contract/worker-messages.ts';

parentPort?.on('message', (request: WorkerRequest) => {
  if (request.type !== 'train') return;
  switch (request.job.kernels) {
    case 'throw':
      throw new Error('boom');
    case 'hang':
      parentPort?.postMessage({ type: 'job', message: { type: 'started' } });
      for (;;);
    case 'beat': {
      const words = new Int32Array(request.job.control);
      parentPort?.postMessage({ type: 'job', message: { type: 'started' } });
      setInterval(() => Atomics.add(words, CONTROL.beats, 1), 20);
      break;
    }
    case 'exit':
      process.exit(7);
    case 'heap': {
      const kept: number[][] = [];
      for (;;) kept.push(Array.from({ length: 10_000 }, (_, i) => i + kept.length + 0.5));
    }
  }
});
