/** The data worker from the main process' side: started when asked, gone again after a while without questions. */

import { messageOf, say, word, type Message } from '../../../engine/spec/message.ts';
import { Worker } from 'node:worker_threads';
import type { DataReply, DataRequests, DataRequestType } from '../../contract/data-jobs.ts';
import { StudioFailure } from '../../contract/outcome.ts';

/** A preview of a large set leaves its rows in the worker's memory; ending the worker gives them back. */
const IDLE_MS = 30_000;

interface Pending {
  readonly resolve: (value: DataRequests[DataRequestType]['result']) => void;
  readonly reject: (error: StudioFailure) => void;
}

export class DataWorker {
  readonly #file: string;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | null = null;
  #idle: NodeJS.Timeout | null = null;
  #next = 1;

  /** `file` is the bundled worker. */
  constructor(file: string) {
    this.#file = file;
  }

  /** Rejects with a StudioFailure. */
  ask<T extends DataRequestType>(type: T, argument: DataRequests[T]['argument']): Promise<DataRequests[T]['result']> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    this.#worker ??= this.#start();
    const id = this.#next++;
    const worker = this.#worker;
    return new Promise<DataRequests[DataRequestType]['result']>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject });
      worker.postMessage({ id, type, argument });
    }) as Promise<DataRequests[T]['result']>;
  }

  /** Ends the thread and fails what waits; a later question starts a new one. */
  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = null;
    const worker = this.#worker;
    if (worker === null) return;
    this.#died(worker, word('it was closed'));
    await worker.terminate();
  }

  #start(): Worker {
    const worker = new Worker(this.#file, { name: 'data' });
    worker.on('message', (reply: DataReply) => this.#receive(reply));
    worker.on('error', (error) => this.#died(worker, messageOf(error)));
    worker.on('exit', (code) => this.#died(worker, say`it ended with code ${code}`));
    return worker;
  }

  #receive({ id, outcome }: DataReply): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    if (outcome.ok) pending?.resolve(outcome.value);
    else pending?.reject(new StudioFailure(outcome.error));
    if (this.#pending.size === 0) this.#idle = setTimeout(() => void this.close(), IDLE_MS);
  }

  #died(worker: Worker, reason: Message): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    const failure = new StudioFailure({ code: 'worker_died', ...say`the data worker died: ${reason}` });
    for (const { reject } of this.#pending.values()) reject(failure);
    this.#pending.clear();
  }
}
