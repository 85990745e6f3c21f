/** A worker: takes runs from the queue, trains them with the pool of this machine, and tells their owner. */

import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { JobFolders } from '../contract/jobs.ts';
import type { TrainHost } from '../main/hosts/train-host-types.ts';
import { newId } from '../main/services/new-id.ts';
import { Assignment, type AssignmentEnd } from './assignment.ts';
import { FileCache } from './file-shelf.ts';
import { Mailbox, send } from './mailbox.ts';
import {
  controlSchema,
  decode,
  decodeText,
  orderSchema,
  ProtocolError,
  VersionMismatch,
  type Control,
  type Order,
} from './protocol.ts';
import type { RedisLink } from './redis-link.ts';
import { buildsWanted, bullOptions, ownerLives, queueName, type QueueKernels } from './trial-queue.ts';

/** How often a worker looks whether there is work it cannot do. */
const LOOK_AROUND_MS = 3000;
/** How long the owner may take to accept what is handed back. */
const LEAVE_MS = 5000;

export interface QueueWorkerOptions {
  readonly link: RedisLink;
  readonly engine: string;
  /** For people: which machine and process this is. */
  readonly name: string;
  /** Of this machine, fastest last. */
  readonly kernels: readonly QueueKernels[];
  /** Trials at once; the pool has as many threads. */
  readonly trialsAtOnce: number;
  readonly pool: TrainHost;
  readonly folders: JobFolders;
  /** Where files that came over the queue are kept. */
  readonly filesFolder: string;
  /** Without a sign of life for so long this worker's runs go to others. */
  readonly holdSeconds: number;
  readonly say: (text: string) => void;
  /** This worker must not go on: the owner is another version. */
  readonly onUnfit: (reason: string) => void;
}

/** The worker's end of the queue: begins to take orders as soon as it is made. */
export class QueueWorker {
  readonly #options: QueueWorkerOptions;
  readonly #self: { readonly id: string; readonly name: string };
  readonly #files: FileCache;
  readonly #mailbox: Mailbox;
  readonly #workers: readonly Worker<unknown>[];
  readonly #assignments = new Map<string, Assignment>();
  /** Orders of several kernels come from several queues; together they are not more than the threads. */
  #free: number;
  /** Kernels this machine lacks and that have been spoken of. */
  readonly #told = new Set<string>();
  readonly #lookAround: NodeJS.Timeout;
  readonly #waiting: (() => void)[] = [];
  #leaving = false;

  constructor(options: QueueWorkerOptions) {
    this.#options = options;
    const { link, kernels, trialsAtOnce, holdSeconds, filesFolder } = options;
    this.#self = { id: newId(), name: options.name };
    this.#free = trialsAtOnce;
    this.#files = new FileCache(link, filesFolder);
    this.#mailbox = new Mailbox(link, this.#self.id, (letter) => this.#receive(letter));
    this.#lookAround = setInterval(() => void this.#sayWhatWaits(), LOOK_AROUND_MS);
    link.onBack(() => {
      for (const assignment of this.#assignments.values()) assignment.resend();
    });
    this.#workers = kernels.map(({ build }) => {
      const worker = new link.bull.Worker<unknown>(queueName(build), (job, token) => this.#process(job, token ?? ''), {
        ...bullOptions(link),
        concurrency: trialsAtOnce,
        lockDuration: holdSeconds * 1000,
        stalledInterval: (holdSeconds * 1000) / 2,
        // A run whose worker died goes back to its owner, who knows the last checkpoint.
        maxStalledCount: 0,
        // Without work: how soon a worker notices that the server was away.
        drainDelay: 2,
        runRetryDelay: 500,
      });
      // The link says when the server is away. A hold that was lost with the server's memory is the owner's to judge.
      worker.on('error', () => undefined);
      return worker;
    });
  }

  get training(): number {
    return [...this.#assignments.values()].filter(({ training }) => training).length;
  }

  /** Hands back what it has and takes no more. */
  async close(): Promise<void> {
    this.#leaving = true;
    clearInterval(this.#lookAround);
    const { link } = this.#options;
    const closing = this.#workers.map((worker) => worker.close());
    for (const assignment of this.#assignments.values()) assignment.leave();
    // Orders that wait for a thread see that there will be none.
    for (const resume of this.#waiting.splice(0)) resume();
    // A server that is away would keep them waiting; the owner then finds out by itself.
    await Promise.race([Promise.all(closing), sleep(LEAVE_MS, undefined, { ref: false })]);
    if (link.up) await this.#mailbox.close();
  }

  /** Resolves when the queue may forget the order. */
  async #process(job: Job<unknown>, token: string): Promise<void> {
    const order = await this.#read(job, token);
    if (order === null || this.#assignments.has(order.attempt)) return;
    await this.#slot();
    try {
      if (this.#leaving) await this.#giveBack(job, token);
      const end = await this.#carryOut(order);
      if (end === 'not-begun') await this.#giveBack(job, token);
      if (end === 'silent') this.#options.say(`the owner of run ${order.runId} does not answer; its run is dropped`);
    } finally {
      this.#free++;
      this.#waiting.shift()?.();
    }
  }

  /** null for an order nobody could carry out. */
  async #read(job: Job<unknown>, token: string): Promise<Order | null> {
    try {
      return decode(orderSchema, job.data, this.#options.engine);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error instanceof VersionMismatch) {
        this.#options.onUnfit(error.message);
        // Another worker may be of the right version.
        await this.#giveBack(job, token);
      }
      this.#options.say(`an order was dropped: ${error.message}`);
      return null;
    }
  }

  async #carryOut(order: Order): Promise<AssignmentEnd> {
    const { link, engine, pool, folders } = this.#options;
    const assignment = new Assignment({
      order,
      engine,
      worker: this.#self,
      pool,
      files: this.#files,
      folders,
      // What is lost is sent again until the owner has it.
      post: (letter) => void send(link, order.owner, letter).catch((error: unknown) => link.failed(error)),
      connectedSince: () => (link.up ? link.changedAt : null),
      ownerLives: () => ownerLives(link, order.owner),
    });
    this.#assignments.set(order.attempt, assignment);
    try {
      return await assignment.ended;
    } finally {
      this.#assignments.delete(order.attempt);
    }
  }

  #receive(letter: string): void {
    let control: Control;
    try {
      control = decodeText(controlSchema, letter, this.#options.engine);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#options.say(`an answer was dropped: ${error.message}`);
      return;
    }
    this.#assignments.get(control.attempt)?.hear(control);
  }

  async #sayWhatWaits(): Promise<void> {
    const { link, kernels, say } = this.#options;
    if (!link.up) return;
    // A server that goes away meanwhile is spoken of elsewhere.
    for (const build of await buildsWanted(link).catch(() => [])) {
      if (this.#told.has(build) || kernels.some((own) => own.build === build)) continue;
      this.#told.add(build);
      say(`there are trials for the kernels ${build}, which this worker does not offer; it leaves them`);
    }
  }

  async #slot(): Promise<void> {
    while (this.#free === 0 && !this.#leaving) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#free--;
  }

  /** The order lies on the queue again, as it was. Never returns. */
  async #giveBack(job: Job<unknown>, token: string): Promise<never> {
    await job.moveToWait(token);
    throw new this.#options.link.bull.WaitingError();
  }
}
