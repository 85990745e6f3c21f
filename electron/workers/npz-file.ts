/** npz data files: only the arrays a data set is made of are read, each counted while it is unpacked. */

import { say } from '../../engine/spec/message.ts';
import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createInflateRaw, crc32 } from 'node:zlib';
import { ARRAY_NAMES, arrayDataSet } from '../../engine/data/array-data-set.ts';
import { DataError, type DataSet } from '../../engine/data/dataset.ts';
import {
  checkNpyLength,
  npyHeaderBytes,
  readNpyHeader,
  type NpyArray,
  type NpyHeader,
} from '../../engine/formats/npy.ts';
import {
  findZipDirectory,
  readZipEntries,
  ZIP_LOCAL_HEADER_BYTES,
  ZIP_TAIL_BYTES,
  zipDataOffset,
  type ZipEntry,
} from '../../engine/formats/zip.ts';
import { fileError } from './data-bytes.ts';

/** Most bytes one array may take unpacked. */
const MAX_ARRAY_BYTES = 2 ** 32;
const MAX_DIRECTORY_BYTES = 2 ** 24;
/** Deflate cannot shrink further than 1032 to 1. */
const MAX_RATIO = 1100;
const CHUNK = 1 << 20;

/** Reads x_train, t_train, x_test and t_test (or x and t) of an npz file. */
export async function readNpzDataSet(path: string): Promise<DataSet> {
  const name = basename(path);
  const handle = await open(path, 'r').catch((error: unknown) => {
    throw fileError(name, error);
  });
  try {
    const info = await handle.stat();
    if (!info.isFile()) throw new DataError(say`${name}: expected a file, got a folder or device`);
    const entries = await readEntries(handle, info.size, name);
    const wanted = new Set<string>(Object.values(ARRAY_NAMES).flat());
    const arrays = new Map<string, NpyArray>();
    for (const entry of entries) {
      const key = entry.name.replace(/\.npy$/, '');
      if (wanted.has(key)) arrays.set(key, await readArray(handle, entry, `${name}, ${key}`));
    }
    return arrayDataSet(name, arrays);
  } catch (error) {
    throw fileError(name, error);
  } finally {
    await handle.close();
  }
}

async function readEntries(handle: FileHandle, size: number, name: string): Promise<ZipEntry[]> {
  const tailBytes = Math.min(size, ZIP_TAIL_BYTES);
  const directory = findZipDirectory(await readRange(handle, size - tailBytes, tailBytes, name), size, name);
  if (directory.bytes > MAX_DIRECTORY_BYTES) {
    throw new DataError(
      say`${name}: expected a zip directory of at most ${MAX_DIRECTORY_BYTES} bytes, got ${directory.bytes}`,
    );
  }
  return readZipEntries(await readRange(handle, directory.offset, directory.bytes, name), directory, name);
}

/** Unpacks one array into memory of exactly its size, which its own header tells. */
async function readArray(handle: FileHandle, entry: ZipEntry, name: string): Promise<NpyArray> {
  const local = await readRange(handle, entry.headerOffset, ZIP_LOCAL_HEADER_BYTES, name);
  const start = zipDataOffset(local, entry, name);
  const packed = readChunks(handle, start, entry.compressedBytes, name);
  const atMost = entry.compressed ? entry.compressedBytes * MAX_RATIO : entry.compressedBytes;
  const reader = new ArrayReader(name, Math.min(atMost, MAX_ARRAY_BYTES));
  let checksum = 0;
  for await (const chunk of entry.compressed ? inflated(packed) : packed) {
    reader.add(chunk);
    checksum = crc32(chunk, checksum);
  }
  const array = reader.finish();
  if (checksum !== entry.crc32) throw new DataError(say`${name}: damaged: its checksum does not match`);
  return array;
}

/** Collects the bytes of a .npy file: first its header, then the values into memory of the size it tells. */
class ArrayReader {
  readonly #name: string;
  readonly #atMost: number;
  #head: Uint8Array = new Uint8Array(0);
  #header: NpyHeader | null = null;
  #data: Uint8Array = new Uint8Array(0);
  #filled = 0;

  constructor(name: string, atMost: number) {
    this.#name = name;
    this.#atMost = atMost;
  }

  add(chunk: Uint8Array): void {
    if (this.#header !== null) {
      this.#fill(this.#header, chunk);
      return;
    }
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#head.length >= 12 && this.#head.length >= npyHeaderBytes(this.#head, this.#name)) this.#begin();
  }

  finish(): NpyArray {
    const header = this.#header ?? this.#begin();
    checkNpyLength(header, this.#filled, this.#name);
    return { header, data: this.#data };
  }

  #begin(): NpyHeader {
    const header = readNpyHeader(this.#head, this.#name);
    if (header.headerBytes + header.dataBytes > this.#atMost) {
      throw new DataError(
        say`${this.#name}: shape (${header.shape.join(', ')}) takes ${header.dataBytes} bytes, more than the file can hold`,
      );
    }
    this.#header = header;
    this.#data = new Uint8Array(header.dataBytes);
    this.#fill(header, this.#head.subarray(header.headerBytes));
    return header;
  }

  #fill(header: NpyHeader, bytes: Uint8Array): void {
    if (this.#filled + bytes.length > header.dataBytes) {
      checkNpyLength(header, this.#filled + bytes.length, this.#name);
    }
    this.#data.set(bytes, this.#filled);
    this.#filled += bytes.length;
  }
}

/** Unpacks raw deflate data on the way. Leaving the loop stops both ends. */
async function* inflated(packed: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(packed);
  const unpacked = source.pipe(createInflateRaw({ chunkSize: CHUNK }));
  // pipe() does not hand errors on; without this the reader would wait for ever.
  source.on('error', (error) => unpacked.destroy(error));
  try {
    yield* unpacked as AsyncIterable<Uint8Array>;
  } finally {
    source.destroy();
  }
}

async function* readChunks(
  handle: FileHandle,
  start: number,
  length: number,
  name: string,
): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < length; at += CHUNK) {
    yield await readRange(handle, start + at, Math.min(CHUNK, length - at), name);
  }
}

async function readRange(handle: FileHandle, start: number, length: number, name: string): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await handle.read(bytes, filled, length - filled, start + filled);
    if (bytesRead === 0)
      throw new DataError(say`${name}: truncated: expected ${start + length} bytes, got ${start + filled}`);
    filled += bytesRead;
  }
  return bytes;
}
