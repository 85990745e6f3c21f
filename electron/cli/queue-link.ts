/** The way from the command line to a queue. Loads the queue's libraries, so it is imported when it is asked for. */

import { parseQueueAddress } from '../queue/queue-address.ts';
import { openRedis, type RedisLink } from '../queue/redis-link.ts';
import { oneLine } from './output-lines.ts';

/** Rejects with a StudioFailure for an address that is none or a server that cannot be used. */
export function openQueue(address: string): Promise<RedisLink> {
  return openRedis(parseQueueAddress(address), say);
}

export function say(text: string): void {
  process.stderr.write(`descent: ${oneLine(text)}\n`);
}
