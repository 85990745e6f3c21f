/** The queue itself, which is BullMQ's: what lies on it, who has taken it, and what becomes of it when its taker dies. */

import type { Queue, Worker } from 'bullmq';
import type { RedisLink } from './redis-link.ts';

/** A worker renews its hold on an order; after so long without it loses it. */
export const HOLD_SECONDS = 30;

/** Kernels as a queue tells them apart. */
export interface QueueKernels {
  /** One of KERNEL_NAMES. */
  readonly name: string;
  /** Names everything results depend on: "native-avx512-clang-19.1.7". */
  readonly build: string;
}

/** Runs of other kernels are on another queue: results would differ, so a worker only reads queues of its own. */
export function queueName(build: string): string {
  return `trials-${build}`;
}

/** How often the owner looks for orders whose worker has lost its hold: there may be no other worker to do so. */
const LOST_HOLDS_MS = 2000;

/** An owner says that it is there; without a word for so long it is not. */
const OWNER_SECONDS = 10;

function ownerKey({ address }: RedisLink, owner: string): string {
  return `${address.prefix}:owner:${owner}`;
}

/** `builds` are the kernels it has trials for. */
export async function sayOwnerLives(link: RedisLink, owner: string, builds: readonly string[]): Promise<void> {
  await link.client.set(ownerKey(link, owner), builds.join(' '), 'EX', OWNER_SECONDS);
}

/** Kernels any owner has trials for. */
export async function buildsWanted(link: RedisLink): Promise<Set<string>> {
  const builds = new Set<string>();
  let cursor = '0';
  do {
    const [next, keys] = await link.client.scan(cursor, 'MATCH', ownerKey(link, '*'), 'COUNT', 1000);
    const values = keys.length === 0 ? [] : await link.client.mget(keys);
    for (const build of values.flatMap((value) => value?.split(' ') ?? [])) if (build !== '') builds.add(build);
    cursor = next;
  } while (cursor !== '0');
  return builds;
}

/** True as well while it cannot be known: the server is away, or has begun anew a moment ago. */
export async function ownerLives(link: RedisLink, owner: string): Promise<boolean> {
  if (!link.up || performance.now() - link.changedAt < OWNER_SECONDS * 1000) return true;
  return (await link.client.exists(ownerKey(link, owner))) === 1;
}

/** Options every queue and worker of BullMQ's gets here. */
export function bullOptions({ client, address }: RedisLink): { connection: RedisLink['client']; prefix: string } {
  return { connection: client, prefix: address.prefix };
}

/** What is left of an order on the queue. */
export type OrderState = 'waiting' | 'taken' | 'gone';

/** The owner's end. */
export class OrderQueue {
  readonly #link: RedisLink;
  readonly #queues = new Map<string, Queue<unknown>>();
  readonly #guards: Worker[] = [];

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Adding what is there already changes nothing. */
  async add(build: string, attempt: string, order: unknown): Promise<void> {
    await this.#queue(build).add('run', order, { jobId: attempt, removeOnComplete: true, removeOnFail: true });
  }

  async state(build: string, attempt: string): Promise<OrderState> {
    const job = await this.#queue(build).getJob(attempt);
    if (job === undefined || job.deferredFailure !== undefined) return 'gone';
    const state = await job.getState();
    return state === 'active' ? 'taken' : state === 'completed' || state === 'failed' ? 'gone' : 'waiting';
  }

  /** Takes an order back that nobody has taken. One that is taken is let go by its worker. */
  async remove(build: string, attempt: string): Promise<void> {
    await this.#queue(build).remove(attempt);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#queues.values(), ...this.#guards].map((one) => one.close()));
  }

  #queue(build: string): Queue<unknown> {
    const known = this.#queues.get(build);
    if (known !== undefined) return known;
    const queue = new this.#link.bull.Queue<unknown>(queueName(build), {
      ...bullOptions(this.#link),
      // Nobody listens to its events.
      streams: { events: { maxLen: 100 } },
    });
    queue.on('error', (error) => this.#link.failed(error));
    this.#queues.set(build, queue);
    this.#guard(build);
    return queue;
  }

  /** A worker of the library's that takes nothing and only does its check for lost holds. */
  #guard(build: string): void {
    const guard = new this.#link.bull.Worker(queueName(build), null, {
      ...bullOptions(this.#link),
      autorun: false,
      stalledInterval: LOST_HOLDS_MS,
      maxStalledCount: 0,
    });
    guard.on('error', (error) => this.#link.failed(error));
    void guard.startStalledCheckTimer().catch((error: unknown) => this.#link.failed(error));
    this.#guards.push(guard);
  }
}
