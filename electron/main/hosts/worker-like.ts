/** What a host needs of a worker thread, so that tests can hand in one without a thread. */

import { Worker } from 'node:worker_threads';

export interface WorkerLike {
  postMessage(value: unknown, transfer?: readonly ArrayBuffer[]): void;
  on(event: 'message', listener: (value: unknown) => void): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'exit', listener: (code: number) => void): unknown;
  terminate(): Promise<unknown>;
}

export type WorkerFactory = () => WorkerLike;

export interface WorkerLimits {
  /** Of the JavaScript heap; a reader that runs away ends its worker, not the machine. Tensors have a budget of their own. @default 2048 */
  readonly heapMegabytes?: number;
}

/** Starts threads from a built or a TypeScript file. */
export function workerFactory(file: URL | string, { heapMegabytes = 2048 }: WorkerLimits = {}): WorkerFactory {
  return () => new Worker(file, { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }) as WorkerLike;
}
