/**
 * Letters to one process, as a Redis stream: in order, and gone when the server loses its memory. Whoever needs more
 * sends again; see `Outbox`. A mailbox nobody writes to any more vanishes by itself.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import type { RedisLink } from './redis-link.ts';

/** A mailbox without a letter for so long belongs to nobody. */
const KEPT_SECONDS = 600;
/** A reader that sleeps must not fill the server. */
const MOST_LETTERS = 10_000;
const BLOCK_MS = 1000;
const AT_ONCE = 64;
const RETRY_MS = 100;

/** The stream in Redis that holds the letters. */
export function mailboxKey({ address }: RedisLink, owner: string): string {
  return `${address.prefix}:mail:${owner}`;
}

/** Letters may be lost with the server's memory; false: there is no server, nothing was sent. Rejects when it refuses. */
export async function send(link: RedisLink, to: string, letter: string): Promise<boolean> {
  if (!link.up) return false;
  const key = mailboxKey(link, to);
  const replies = await link.client
    .pipeline()
    .xadd(key, 'MAXLEN', '~', MOST_LETTERS, '*', 'letter', letter)
    .expire(key, KEPT_SECONDS)
    .exec();
  for (const [error] of replies ?? []) if (error !== null) throw error;
  return true;
}

/** The letters to `owner`, read until it is closed. */
export class Mailbox {
  readonly #link: RedisLink;
  readonly #key: string;
  /** A read that waits would hold up everything else on its connection. */
  readonly #reader: RedisLink['client'];
  #closed = false;

  constructor(link: RedisLink, owner: string, receive: (letter: string) => void) {
    this.#link = link;
    this.#key = mailboxKey(link, owner);
    this.#reader = link.client.duplicate();
    this.#reader.on('error', () => undefined);
    void this.#read(receive);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#reader.disconnect();
    if (this.#link.up) await this.#link.client.del(this.#key);
  }

  async #read(receive: (letter: string) => void): Promise<void> {
    while (!this.#closed) {
      const letters = await this.#next();
      for (const { text } of letters) receive(text);
      if (letters.length > 0) await this.#forget(letters.map(({ number }) => number));
    }
  }

  async #next(): Promise<{ number: string; text: string }[]> {
    try {
      // From the front: what has been read is deleted, so it does not matter how the server's clock counts.
      const read = await this.#reader.xread('COUNT', AT_ONCE, 'BLOCK', BLOCK_MS, 'STREAMS', this.#key, '0');
      return (read?.[0]?.[1] ?? []).map(([number, fields]) => ({ number, text: fields[1] ?? '' }));
    } catch (error) {
      // The connection comes back by itself; until then there is no mail.
      this.#link.failed(error);
      if (!this.#closed) await sleep(RETRY_MS);
      return [];
    }
  }

  async #forget(numbers: readonly string[]): Promise<void> {
    // What stays is read twice, which does no harm.
    await this.#reader.xdel(this.#key, ...numbers).catch((error: unknown) => this.#link.failed(error));
  }
}
