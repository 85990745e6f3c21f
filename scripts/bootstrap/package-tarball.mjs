import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const blockSize = 512;

/**
 * Compares a file with a subresource-integrity string as npm writes them ("sha512-" and base64).
 *
 * @param {string} path
 * @param {string} integrity
 * @returns {Promise<{ matches: boolean, found: string }>}
 */
export async function checkIntegrity(path, integrity) {
  const algorithm = integrity.slice(0, integrity.indexOf('-'));
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  const found = `${algorithm}-${hash.digest('base64')}`;
  return { matches: found === integrity, found };
}

/**
 * Takes one file out of a gzipped tar without unpacking the rest (ustar, as npm packs).
 *
 * @param {string} tarball
 * @param {(name: string) => boolean} wanted
 * @param {string} target
 * @returns {Promise<boolean>} false when no member matched
 */
export async function extractMember(tarball, wanted, target) {
  let found = false;
  await pipeline(createReadStream(tarball), createGunzip(), async (source) => {
    for await (const member of tarMembers(source, tarball)) {
      if (found || !wanted(member.name)) {
        await member.skip();
        continue;
      }
      found = true;
      const sink = createWriteStream(target);
      for await (const chunk of member.bytes()) {
        if (!sink.write(chunk)) await once(sink, 'drain');
      }
      sink.end();
      await once(sink, 'close');
    }
  });
  return found;
}

/**
 * @typedef {object} TarMember
 * @property {string} name
 * @property {() => AsyncGenerator<Buffer>} bytes its contents; call this or `skip`, once
 * @property {() => Promise<void>} skip
 */

/**
 * @param {AsyncIterable<Buffer>} source
 * @param {string} path for messages
 * @returns {AsyncGenerator<TarMember>}
 */
async function* tarMembers(source, path) {
  const reader = new ByteReader(source, path);
  for (;;) {
    const header = await reader.exactly(blockSize);
    // Two blocks of zeros end the archive; the first is enough to know.
    if (header === null || header.every((byte) => byte === 0)) return;
    const size = Number.parseInt(header.toString('latin1', 124, 136).replace(/\0.*$/s, '').trim() || '0', 8);
    if (!Number.isSafeInteger(size)) throw new Error(`${path}: damaged tar header`);
    const padding = (blockSize - (size % blockSize)) % blockSize;
    const name = header.toString('utf8', 0, 100).replace(/\0.*$/s, '');
    async function* bytes() {
      yield* reader.chunks(size);
      for await (const _ of reader.chunks(padding));
    }
    const skip = async () => {
      for await (const _ of bytes());
    };
    yield { name, bytes, skip };
  }
}

/** Hands out a stream's bytes by count. */
class ByteReader {
  #iterator;
  #path;
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);

  /**
   * @param {AsyncIterable<Buffer>} source
   * @param {string} path
   */
  constructor(source, path) {
    this.#iterator = source[Symbol.asyncIterator]();
    this.#path = path;
  }

  /**
   * @param {number} count
   * @returns {AsyncGenerator<Buffer>}
   */
  async *chunks(count) {
    let left = count;
    while (left > 0) {
      if (this.#rest.length === 0) {
        const next = await this.#iterator.next();
        if (next.done) throw new Error(`${this.#path}: ends ${left} bytes early`);
        this.#rest = next.value;
      }
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /**
   * @param {number} count
   * @returns {Promise<Buffer | null>} null at the end of the stream
   */
  async exactly(count) {
    if (this.#rest.length === 0) {
      const next = await this.#iterator.next();
      if (next.done) return null;
      this.#rest = next.value;
    }
    const parts = [];
    for await (const part of this.chunks(count)) parts.push(part);
    return Buffer.concat(parts);
  }
}
