/** `descent sweep --queue`: the host that has trials trained elsewhere. Loads the queue's libraries. */

import type { TrainHost } from '../main/hosts/train-host-types.ts';
import { QueueHost } from '../queue/queue-host.ts';
import type { QueueKernels } from '../queue/trial-queue.ts';
import { kernelChoice, loadKernels } from '../workers/load-kernels.ts';
import { appVersion } from './app-folder.ts';
import { openQueue, queueKernels, say } from './queue-link.ts';

/** `local` answers what needs no queue. Closing the host closes it as well, and the connection. */
export async function openQueueHost(address: string, local: TrainHost): Promise<TrainHost> {
  const link = await openQueue(address);
  const known = new Map<string, QueueKernels>();
  // By name, so that "auto" means the same on every machine: the fastest of this one.
  const kernels = (choice: string): QueueKernels => {
    const found = known.get(choice) ?? queueKernels(loadKernels(kernelChoice(choice)).kernels);
    known.set(choice, found);
    return found;
  };
  return new QueueHost({ link, engine: appVersion(), local, kernels, say });
}
