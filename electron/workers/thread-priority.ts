/** Lets the threads of the window go first while this one trains. */

import { existsSync, readlinkSync } from 'node:fs';
import { constants, getPriority, setPriority } from 'node:os';

/** A link to `<process>/task/<thread>` of whoever reads it. */
const THREAD = '/proc/thread-self';

/**
 * Lowers the priority of the calling thread, so that a page that wants to draw is never kept waiting by training that
 * takes every core; with a core to spare nothing gets slower. Linux alone has a priority for each thread: elsewhere the
 * call would slow the whole process, so nothing is done there. May be called again.
 */
export function yieldToWindow(): void {
  if (process.platform !== 'linux' || !existsSync(THREAD)) return;
  const thread = Number(readlinkSync(THREAD).split('/').at(-1));
  const behind = constants.priority.PRIORITY_BELOW_NORMAL;
  // A process that was started even further behind may not come forward.
  if (getPriority(thread) < behind) setPriority(thread, behind);
}
