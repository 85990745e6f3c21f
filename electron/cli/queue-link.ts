/** The way from the command line to a queue. Loads the queue's libraries, so it is imported when it is asked for. */

import { parseQueueAddress } from '../queue/queue-address.ts';
import { openRedis, type RedisLink } from '../queue/redis-link.ts';
import { compilerOf } from '../../engine/spec/kernel-compiler.ts';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import type { QueueKernels } from '../queue/trial-queue.ts';
import { oneLine } from './output-lines.ts';

/** Rejects with a StudioFailure for an address that is none or a server that cannot be used. */
export function openQueue(address: string): Promise<RedisLink> {
  return openRedis(parseQueueAddress(address), say);
}

/** One line on stderr, for a person. */
export function say(text: string): void {
  process.stderr.write(`descent: ${oneLine(text)}\n`);
}

/** Workers take the trials of their own build alone, so that it does not matter which of them trains one. */
export function queueKernels({ name, description }: Kernels): QueueKernels {
  const compiler = compilerOf(name, description);
  if (compiler === null) return { name, build: name };
  return { name, build: `${name}-${compiler.toLowerCase().replace(/[^a-z0-9.]+/g, '-')}` };
}
