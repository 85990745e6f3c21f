/**
 * Files on their way from the owner to workers, by content: cut into pieces on the server for as long as somebody
 * fetches them, then a copy in the worker's own folder, checked by its SHA-256 whenever it is used for the first time.
 */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileReference } from './protocol.ts';
import type { RedisLink } from './redis-link.ts';

const PIECE_BYTES = 1 << 20;
/** On the server; a worker that still needs them asks again. */
const KEPT_SECONDS = 600;

/** Data sets above this are refused: they would lie in the server's memory. */
export const MOST_FILE_BYTES = 256 * 1024 * 1024;

const pieceKey = ({ address }: RedisLink, sha256: string, piece: number | 'pieces'): string =>
  `${address.prefix}:file:${sha256}:${piece}`;

/** The owner's end. */
export class FileSender {
  readonly #link: RedisLink;
  readonly #files = new Map<string, Uint8Array>();
  readonly #sending = new Map<string, Promise<void>>();

  constructor(link: RedisLink) {
    this.#link = link;
  }

  /** Kept until the process ends. */
  add(bytes: Uint8Array, extension: string): FileReference {
    const sha256 = sha256Of(bytes);
    this.#files.set(sha256, bytes);
    return { sha256, bytes: bytes.length, extension };
  }

  /** A worker lacks it. Puts it on the server when it is not there; may be called often. Never rejects. */
  send(sha256: string): void {
    const bytes = this.#files.get(sha256);
    if (bytes === undefined || this.#sending.has(sha256)) return;
    const sending = this.#put(sha256, bytes)
      // Whoever needs the file asks again.
      .catch((error: unknown) => this.#link.failed(error))
      .finally(() => this.#sending.delete(sha256));
    this.#sending.set(sha256, sending);
  }

  async #put(sha256: string, bytes: Uint8Array): Promise<void> {
    const { client } = this.#link;
    const counted = pieceKey(this.#link, sha256, 'pieces');
    const pieces = Math.ceil(bytes.length / PIECE_BYTES);
    if ((await client.exists(counted)) === 1) return;
    for (let i = 0; i < pieces; i++) {
      const piece = Buffer.from(bytes.subarray(i * PIECE_BYTES, (i + 1) * PIECE_BYTES));
      // The last pieces must not outlive the first: the count is what readers go by.
      await client.set(pieceKey(this.#link, sha256, i), piece, 'EX', 2 * KEPT_SECONDS);
    }
    await client.set(counted, pieces, 'EX', KEPT_SECONDS);
  }
}

/** The worker's end. */
export class FileCache {
  readonly #link: RedisLink;
  readonly #folder: string;
  readonly #checked = new Map<string, string>();
  readonly #fetching = new Map<string, Promise<string | null>>();

  constructor(link: RedisLink, folder: string) {
    this.#link = link;
    this.#folder = folder;
  }

  /** Path of the file, or null while it is not to be had. Rejects when it cannot be written here. */
  find(file: FileReference): Promise<string | null> {
    const known = this.#checked.get(file.sha256);
    if (known !== undefined) return Promise.resolve(known);
    const fetching =
      this.#fetching.get(file.sha256) ?? this.#find(file).finally(() => this.#fetching.delete(file.sha256));
    this.#fetching.set(file.sha256, fetching);
    return fetching;
  }

  async #find(file: FileReference): Promise<string | null> {
    const path = join(this.#folder, `${file.sha256}.${file.extension}`);
    const whole = (await hashOfFile(path)) === file.sha256 || (await this.#fetch(file, path));
    if (!whole) return null;
    this.#checked.set(file.sha256, path);
    return path;
  }

  /** Writes beside its place and moves it there once it is right. */
  async #fetch(file: FileReference, path: string): Promise<boolean> {
    const { client } = this.#link;
    const pieces = Number(await client.get(pieceKey(this.#link, file.sha256, 'pieces')));
    if (pieces !== Math.ceil(file.bytes / PIECE_BYTES)) return false;
    await mkdir(this.#folder, { recursive: true });
    const temporary = `${path}.${process.pid}.part`;
    try {
      const found = await this.#write(file.sha256, pieces, temporary);
      if (found === null) return false;
      if (found !== file.sha256) {
        // Whatever lies there is not what it is called; the next one to ask gets it anew.
        await client.del(pieceKey(this.#link, file.sha256, 'pieces'));
        return false;
      }
      await rename(temporary, path);
      return true;
    } finally {
      // What a missing piece or a full disk left half made.
      await rm(temporary, { force: true });
    }
  }

  /** Returns the SHA-256 of what was written; null when a piece was missing. */
  async #write(sha256: string, pieces: number, path: string): Promise<string | null> {
    const hash = createHash('sha256');
    const handle = await open(path, 'w');
    try {
      for (let i = 0; i < pieces; i++) {
        const piece = await this.#link.client.getBuffer(pieceKey(this.#link, sha256, i));
        if (piece === null) return null;
        hash.update(piece);
        // Unlike `write`, it goes on until every byte is written.
        await handle.writeFile(piece);
      }
    } finally {
      await handle.close();
    }
    return hash.digest('hex');
  }
}

/** In hexadecimal digits. */
function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

async function hashOfFile(path: string): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  return hash.digest('hex');
}
