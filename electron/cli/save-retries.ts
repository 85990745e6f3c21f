/** While nothing can be saved, saving is tried again now and then. */

import { setTimeout as sleep } from 'node:timers/promises';

const RETRY_MS = 5000;

/**
 * The function returned asks for retries: the first after five seconds, more until one works that nothing failed
 * during. May be called at any time. The timer does not keep the process from ending.
 */
export function saveRetries(save: () => Promise<unknown>): () => void {
  let asked = false;
  let trying = false;
  const keepTrying = async (): Promise<void> => {
    trying = true;
    while (asked) {
      asked = false;
      await sleep(RETRY_MS, undefined, { ref: false });
      await save().catch(() => (asked = true));
    }
    trying = false;
  };
  return () => {
    asked = true;
    if (!trying) void keepTrying();
  };
}
