/** A worker without a thread: what was posted to it, and a hand to answer with. */

import { EventEmitter } from 'node:events';
import type { WorkerLike } from '../../../electron/main/hosts/worker-like.ts';

export class FakeWorker extends EventEmitter implements WorkerLike {
  readonly posted: unknown[] = [];
  terminated = false;
  /** Called for everything posted. */
  onPost: (value: unknown) => void = () => undefined;

  postMessage(value: unknown): void {
    this.posted.push(value);
    this.onPost(value);
  }

  async terminate(): Promise<number> {
    this.terminated = true;
    return 1;
  }

  /** As if the thread had posted this. */
  say(value: unknown): void {
    this.emit('message', value);
  }
}
