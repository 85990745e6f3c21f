/** The connection to the server: reached once or refused; after that it is waited for whenever it goes away. */

import type { Redis } from 'ioredis';
import { StudioFailure } from '../contract/outcome.ts';
import type { QueueAddress } from './queue-address.ts';

/** How long the first attempt to reach the server may take. */
const REACH_MS = 10_000;
const LONGEST_RETRY_MS = 1000;

/** The queue's library: loaded with the first connection, because every other command does without. */
export type Bull = typeof import('bullmq');

export interface RedisLink {
  readonly client: Redis;
  readonly bull: Bull;
  readonly address: QueueAddress;
  /** False while the server is away. */
  readonly up: boolean;
  /** When the server was last lost or found, by `performance.now()`. */
  readonly changedAt: number;
  /** Called each time the server is back. */
  onBack(listener: () => void): void;
  /**
   * What became of a command nobody waits for. That the server is away has been said; what it refuses (no memory left,
   * no right to write) is said here, each refusal once until the server is back.
   */
  failed(error: unknown): void;
  close(): void;
}

/** Rejects with a StudioFailure (`environment`) that says what is wrong with the server or the way to it. */
export async function openRedis(
  address: QueueAddress,
  say: (text: string) => void,
  reachMs = REACH_MS,
): Promise<RedisLink> {
  const [{ Redis: Client }, bull] = await Promise.all([import('ioredis'), import('bullmq')]);
  const client = new Client({
    ...address.options,
    lazyConnect: true,
    connectTimeout: 5000,
    // What BullMQ asks of its connections: commands wait for the server as long as it takes.
    maxRetriesPerRequest: null,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 10), LONGEST_RETRY_MS),
  });
  await reach(client, address, reachMs);
  return new Link(client, bull, address, say);
}

async function reach(client: Redis, { shown }: QueueAddress, withinMs: number): Promise<void> {
  let last: Error | null = null;
  const remember = (error: Error): void => {
    last = error;
  };
  client.on('error', remember);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(last ?? new Error('it does not answer')), withinMs);
  });
  try {
    const info = await Promise.race([client.connect().then(() => client.info('server')), late]);
    const version = /^redis_version:(\d+)\.(\d+)/m.exec(info);
    if (version === null) throw new Error('it does not answer as Redis does');
    if (Number(version[1]) < 6)
      throw new Error(`it is Redis ${version[1]}.${version[2]}; version 6 or newer is needed`);
  } catch (error) {
    client.disconnect();
    const reason = reasonOf(last ?? error);
    throw new StudioFailure({ code: 'environment', message: `--queue: cannot use the server at ${shown}: ${reason}` });
  } finally {
    clearTimeout(timer);
    client.off('error', remember);
  }
}

class Link implements RedisLink {
  readonly client: Redis;
  readonly bull: Bull;
  readonly address: QueueAddress;
  #up = true;
  #changedAt = performance.now();
  #closed = false;
  readonly #back: (() => void)[] = [];
  readonly #say: (text: string) => void;
  readonly #refusals = new Set<string>();

  constructor(client: Redis, bull: Bull, address: QueueAddress, say: (text: string) => void) {
    this.client = client;
    this.bull = bull;
    this.address = address;
    this.#say = say;
    // Told by `close` and `ready`; without a listener an error would end the process.
    client.on('error', () => undefined);
    client.on('close', () => {
      if (!this.#up || this.#closed) return;
      this.#change(false);
      say(`the server at ${address.shown} is gone; waiting for it`);
    });
    client.on('ready', () => {
      if (this.#up) return;
      this.#change(true);
      this.#refusals.clear();
      say(`the server at ${address.shown} is back`);
      for (const listener of this.#back) listener();
    });
  }

  get up(): boolean {
    return this.#up;
  }
  get changedAt(): number {
    return this.#changedAt;
  }

  onBack(listener: () => void): void {
    this.#back.push(listener);
  }

  failed(error: unknown): void {
    if (this.#closed || !(error instanceof Error) || error.name !== 'ReplyError') return;
    // "OOM command not allowed …", "READONLY You can't write …": the first word is the kind.
    const kind = error.message.split(' ', 1)[0] ?? '';
    if (this.#refusals.has(kind)) return;
    this.#refusals.add(kind);
    this.#say(`the server at ${this.address.shown} refuses: ${error.message}; trying again`);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.client.disconnect();
  }

  #change(up: boolean): void {
    this.#up = up;
    this.#changedAt = performance.now();
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there',
    ENOTFOUND: 'there is no machine of that name',
    EAI_AGAIN: 'the name cannot be looked up',
    EHOSTUNREACH: 'there is no way to that machine',
    ETIMEDOUT: 'it does not answer',
  };
  if (/^NOAUTH/.test(error.message)) return 'it asks for a password (DESCENT_QUEUE_PASSWORD, or in the address)';
  if (/^WRONGPASS/.test(error.message)) return 'user or password are wrong';
  return reasons[code] ?? error.message;
}
