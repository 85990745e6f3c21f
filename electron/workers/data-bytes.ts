/** Files as streams of uncompressed bytes, with errors that name the file. */

import { say, toMessage, type Message } from '../../engine/spec/message.ts';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { createGunzip } from 'node:zlib';
import { DataError } from '../../engine/data/dataset.ts';

/** Deflate cannot shrink further than 1032 to 1; a file that claims to hold more than this is lying. */
const MAX_RATIO = 1100;
const CHUNK = 1 << 20;

export interface ByteStream {
  /** The file's name, for messages. */
  readonly name: string;
  /** The most bytes that can come out. */
  readonly atMost: number;
  /** Uncompressed bytes, to be read once. Leaving the loop closes the file. */
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** Opens a file for reading from front to back. What is gzipped, told by its first bytes, is unpacked on the way. */
export async function openBytes(path: string): Promise<ByteStream> {
  const name = basename(path);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(name, error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new DataError(say`${name}: expected a file, got a folder or device`);
    const { buffer, bytesRead } = await handle.read(new Uint8Array(2), 0, 2, 0);
    const gzipped = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    const file = handle.createReadStream({ start: 0, highWaterMark: CHUNK });
    const stream = gzipped ? file.pipe(createGunzip({ chunkSize: CHUNK })) : file;
    // pipe() does not hand errors on; without this a failing disk would leave the reader waiting for ever.
    if (stream !== file) file.on('error', (error) => stream.destroy(error));
    return {
      name,
      atMost: gzipped ? info.size * MAX_RATIO : info.size,
      chunks: named(stream as AsyncIterable<Uint8Array>, name, () => file.destroy()),
    };
  } catch (error) {
    await handle.close();
    throw fileError(name, error);
  }
}

async function* named(stream: AsyncIterable<Uint8Array>, name: string, close: () => void): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw fileError(name, error);
  } finally {
    close();
  }
}

/** An error of the file system or of gunzip as a DataError that names the file; others as they are. */
export function fileError(name: string, error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return error;
  const reasons: Readonly<Record<string, string | Message>> = {
    ENOENT: 'no such file',
    ENOTDIR: 'no such file',
    EISDIR: 'expected a file, got a folder',
    EACCES: 'the system does not allow reading it',
    EPERM: 'the system does not allow reading it',
    ENAMETOOLONG: 'the path is too long',
    Z_BUF_ERROR: 'truncated: its gzip data ends too early',
    Z_DATA_ERROR: say`damaged gzip data (${error.message})`,
  };
  return new DataError(say`${name}: ${toMessage(reasons[error.code] ?? error.message)}`);
}
