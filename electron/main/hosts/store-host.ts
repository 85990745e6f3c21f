/**
 * The sole door to the store: sends requests to the store worker and hands back its answers. When the worker dies,
 * everything that waits fails with `worker_died`; the next request starts a new worker and opens the database again.
 */

import { messageOf, say, type Message } from '../../../engine/spec/message.ts';
import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import type {
  OpenedStore,
  OpenStore,
  StoreRequests,
  StoreRequestType,
  StoreResponseMessage,
} from '../../contract/store-requests.ts';
import { PendingCalls } from './pending-calls.ts';
import type { WorkerFactory, WorkerLike } from './worker-like.ts';

/** What services ask of the store. */
export interface StoreClient {
  call<T extends Exclude<StoreRequestType, 'open' | 'close'>>(
    type: T,
    args: StoreRequests[T]['args'],
    transfer?: readonly ArrayBuffer[],
  ): Promise<StoreRequests[T]['result']>;
}

/** `usable` opens the database when it is first needed. */
type HostState = 'usable' | 'closing' | 'closed';

export class StoreHost implements StoreClient {
  readonly #factory: WorkerFactory;
  readonly #where: OpenStore;
  readonly #pending = new PendingCalls();
  #worker: WorkerLike | null = null;
  #opening: Promise<OpenedStore> | null = null;
  #openedBefore = false;
  #state: HostState = 'usable';

  constructor(factory: WorkerFactory, where: OpenStore) {
    this.#factory = factory;
    this.#where = where;
  }

  /** Starts the worker and opens the database. Rejects with a StudioFailure that says why it cannot be opened. */
  async open(): Promise<OpenedStore> {
    if (this.#state !== 'usable') throw new StudioFailure(CLOSED);
    this.#opening ??= this.#start();
    return this.#opening;
  }

  async call<T extends Exclude<StoreRequestType, 'open' | 'close'>>(
    type: T,
    args: StoreRequests[T]['args'],
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<StoreRequests[T]['result']> {
    await this.open();
    return this.#send(type, args, transfer);
  }

  /** Waits for what was asked before, empties the write-ahead log and ends the worker. May be called twice. */
  async close(): Promise<void> {
    if (this.#state !== 'usable') return;
    this.#state = 'closing';
    const worker = this.#worker;
    try {
      // Requests are answered in order, so this one comes last.
      if (worker !== null) await this.#send('close', null, []);
    } finally {
      this.#worker = null;
      this.#opening = null;
      this.#state = 'closed';
      await worker?.terminate();
    }
  }

  async #start(): Promise<OpenedStore> {
    const worker = this.#factory();
    this.#worker = worker;
    worker.on('message', (message) => this.#receive(worker, message as StoreResponseMessage));
    worker.on('error', (error) => this.#lost(worker, messageOf(error)));
    worker.on('exit', (code) => this.#lost(worker, say`it ended with code ${code}`));
    try {
      const opened = await this.#send('open', { ...this.#where, again: this.#openedBefore }, []);
      this.#openedBefore = true;
      return opened;
    } catch (error) {
      this.#forget(worker);
      await worker.terminate();
      throw error;
    }
  }

  async #send<T extends StoreRequestType>(
    type: T,
    args: StoreRequests[T]['args'],
    transfer: readonly ArrayBuffer[],
  ): Promise<StoreRequests[T]['result']> {
    if (this.#worker === null) throw new StudioFailure(CLOSED);
    const { request, answer } = this.#pending.open<StoreRequests[T]['result']>();
    try {
      this.#worker.postMessage({ request, type, args }, transfer);
    } catch (error) {
      const message = say`${type}: cannot be sent to the store (${error instanceof Error ? error.message : String(error)})`;
      this.#pending.reject(request, { code: 'internal', ...message });
    }
    return answer;
  }

  #receive(worker: WorkerLike, response: StoreResponseMessage): void {
    // The last words of one that is lost: its requests have been answered with that.
    if (this.#worker !== worker) return;
    const known = response.ok
      ? this.#pending.resolve(response.request, response.value)
      : this.#pending.reject(response.request, response.error);
    if (known) return;
    this.#lost(worker, say`it answered request ${response.request}, which was not asked`);
    void worker.terminate();
  }

  #lost(worker: WorkerLike, reason: Message): void {
    if (this.#worker !== worker) return;
    this.#forget(worker);
    this.#pending.rejectAll({ code: 'worker_died', ...say`the store worker died: ${reason}` });
  }

  #forget(worker: WorkerLike): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#opening = null;
  }
}

const CLOSED: StudioError = { code: 'cancelled', message: 'the database is closed' };
