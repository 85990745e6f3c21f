/** `descent sweep --queue`: the host that has trials trained elsewhere. Loads the queue's libraries. */

import type { TrainHost } from '../main/hosts/train-host-types.ts';
import { QueueHost } from '../queue/queue-host.ts';
import { kernelChoice, loadKernels } from '../workers/load-kernels.ts';
import { appVersion } from './app-folder.ts';
import { openQueue, say } from './queue-link.ts';

/** `local` answers what needs no queue. Closing the host closes it as well, and the connection. */
export async function openQueueHost(address: string, local: TrainHost): Promise<TrainHost> {
  const link = await openQueue(address);
  const names = new Map<string, string>();
  // By name, so that "auto" means the same on every machine: the fastest of this one.
  const kernels = (choice: string): string => {
    const name = names.get(choice) ?? loadKernels(kernelChoice(choice)).kernels.name;
    names.set(choice, name);
    return name;
  };
  return new QueueHost({ link, engine: appVersion(), local, kernels, say });
}
