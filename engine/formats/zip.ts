/**
 * Just enough zip for npz: a writer of uncompressed entries, and the checks a reader makes before it believes an
 * archive. Entries are read by number into memory, never unpacked to a disk.
 */

import { say, toMessage, type Message } from '../spec/message.ts';
import { DataError } from '../data/dataset.ts';
import { crc32 } from './crc32.ts';
import { decodeUtf8 } from './utf8.ts';

export interface ZipEntry {
  readonly name: string;
  readonly compressed: boolean;
  readonly crc32: number;
  readonly compressedBytes: number;
  /** As the archive claims; a reader counts for itself. */
  readonly bytes: number;
  readonly headerOffset: number;
}

/** Where the central directory lies. */
export interface ZipDirectory {
  readonly entries: number;
  readonly offset: number;
  readonly bytes: number;
}

export const ZIP_MAX_ENTRIES = 4096;
/** The end record with the longest comment, and the zip64 locator and record before it. */
export const ZIP_TAIL_BYTES = 65_557 + 20 + 56;
export const ZIP_LOCAL_HEADER_BYTES = 30;
export const ZIP_MAX_COMMENT = 65_535;

const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** Finds the central directory from the last bytes of a file (ZIP_TAIL_BYTES of them, or all). */
export function findZipDirectory(tail: Uint8Array, fileBytes: number, name: string): ZipDirectory {
  const view = viewOf(tail);
  const tailOffset = fileBytes - tail.length;
  const at = findEnd(view, name);
  let directory = {
    entries: view.getUint16(at + 10, true),
    bytes: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
  };
  let end = tailOffset + at;
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    end = readUint64(view, at - 12);
    const record = end - tailOffset;
    if (record < 0 || record + 56 > at - 20 || view.getUint32(record, true) !== END64) {
      throw new DataError(say`${name}: damaged zip archive: its zip64 end record is not where it should be`);
    }
    directory = {
      entries: readUint64(view, record + 32),
      bytes: readUint64(view, record + 40),
      offset: readUint64(view, record + 48),
    };
  }
  if (directory.entries > ZIP_MAX_ENTRIES) {
    throw new DataError(say`${name}: expected at most ${ZIP_MAX_ENTRIES} arrays, got ${directory.entries}`);
  }
  if (directory.offset + directory.bytes !== end) {
    throw new DataError(say`${name}: damaged zip archive: its directory is not where it should be`);
  }
  return directory;
}

/** Reads the central directory. Refuses what no writer of arrays makes: overlaps, duplicates, encryption, links, odd names. */
export function readZipEntries(bytes: Uint8Array, directory: ZipDirectory, name: string): ZipEntry[] {
  const view = viewOf(bytes);
  const damaged = (): DataError => new DataError(say`${name}: damaged zip archive: its directory cannot be read`);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < directory.entries; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw damaged();
    const [nameBytes, extraBytes, commentBytes] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const extraAt = at + 46 + (nameBytes ?? 0);
    const next = extraAt + (extraBytes ?? 0) + (commentBytes ?? 0);
    if (next > bytes.length) throw damaged();
    const entryName = decodeName(bytes.subarray(at + 46, extraAt));
    const refuse = (why: string | Message): DataError =>
      new DataError(say`${name}: refused entry ${JSON.stringify(entryName)}: ${toMessage(why)}`);
    checkName(entryName, refuse);
    if (names.has(entryName)) throw refuse('the name comes twice');
    names.add(entryName);
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw refuse('it is encrypted');
    const method = view.getUint16(at + 10, true);
    if (method !== 0 && method !== 8)
      throw refuse(say`expected it stored or deflated, got compression method ${method}`);
    if ((view.getUint16(at + 40, true) & 0xf000) === 0xa000) throw refuse('it is a symbolic link');
    const sizes = wideSizes(view, at, extraAt, extraBytes ?? 0);
    if (sizes === null) throw damaged();
    entries.push({ name: entryName, compressed: method === 8, crc32: view.getUint32(at + 16, true), ...sizes });
    at = next;
  }
  checkPlaces(entries, directory, name);
  return entries;
}

/** Where an entry's data begins, read from its local header (ZIP_LOCAL_HEADER_BYTES at `headerOffset`). */
export function zipDataOffset(header: Uint8Array, entry: ZipEntry, name: string): number {
  const view = viewOf(header);
  if (header.length < ZIP_LOCAL_HEADER_BYTES || view.getUint32(0, true) !== LOCAL) {
    throw new DataError(
      say`${name}: damaged zip archive: entry ${JSON.stringify(entry.name)} is not where it should be`,
    );
  }
  return entry.headerOffset + ZIP_LOCAL_HEADER_BYTES + view.getUint16(26, true) + view.getUint16(28, true);
}

/** The archive's comment from its last bytes. Throws unless it is an archive; a comment that is not UTF-8 is no text: ''. */
export function zipComment(tail: Uint8Array, name: string): string {
  const end = findEnd(viewOf(tail), name);
  try {
    return decodeUtf8(tail.subarray(end + 22));
  } catch (error) {
    if (error instanceof SyntaxError) return '';
    throw error;
  }
}

/** Writes an archive of uncompressed entries. The same input gives the same bytes: times are the format's earliest. */
export function encodeZip(
  entries: readonly { readonly name: string; readonly data: Uint8Array }[],
  comment: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const headers = entries.map(({ name, data }) => 30 + name.length + data.length);
  const directoryOffset = headers.reduce((sum, n) => sum + n, 0);
  const directoryBytes = entries.reduce((sum, { name }) => sum + 46 + name.length, 0);
  if (directoryOffset + directoryBytes > 0xfffffffe || entries.length > 0xfffe) {
    throw new DataError('npz: expected weights of less than 4 GiB; use safetensors for larger ones');
  }
  const bytes = new Uint8Array(directoryOffset + directoryBytes + 22 + comment.length);
  const view = viewOf(bytes);
  let at = 0;
  let central = directoryOffset;
  for (const { name, data } of entries) {
    const crc = crc32(data);
    // Version 2.0, no flags, stored, 1 January 1980; the same fields stand in both headers.
    const fields = (from: number): void => {
      view.setUint16(from, 20, true);
      view.setUint16(from + 8, 0x21, true);
      view.setUint32(from + 10, crc, true);
      view.setUint32(from + 14, data.length, true);
      view.setUint32(from + 18, data.length, true);
      view.setUint16(from + 22, name.length, true);
    };
    view.setUint32(central, CENTRAL, true);
    view.setUint16(central + 4, 20, true);
    fields(central + 6);
    view.setUint32(central + 42, at, true);
    view.setUint32(at, LOCAL, true);
    fields(at + 4);
    for (let i = 0; i < name.length; i++) {
      bytes[at + 30 + i] = name.charCodeAt(i);
      bytes[central + 46 + i] = name.charCodeAt(i);
    }
    bytes.set(data, at + 30 + name.length);
    at += 30 + name.length + data.length;
    central += 46 + name.length;
  }
  view.setUint32(central, END, true);
  view.setUint16(central + 8, entries.length, true);
  view.setUint16(central + 10, entries.length, true);
  view.setUint32(central + 12, directoryBytes, true);
  view.setUint32(central + 16, directoryOffset, true);
  view.setUint16(central + 20, comment.length, true);
  bytes.set(comment, central + 22);
  return bytes;
}

/** Where the end record begins: the last place from which its comment reaches exactly to the end. */
function findEnd(view: DataView, name: string): number {
  for (let at = view.byteLength - 22; at >= 0; at--) {
    if (view.getUint32(at, true) === END && at + 22 + view.getUint16(at + 20, true) === view.byteLength) return at;
  }
  throw new DataError(say`${name}: not an npz file: expected a zip archive, found no end of one`);
}

function checkName(name: string, refuse: (why: string) => DataError): void {
  const odd = name === '' || name.startsWith('/') || /[\\\0:]/.test(name) || name.split('/').includes('..');
  if (odd) throw refuse('expected a plain name');
}

/** Every entry before the directory, none over another. */
function checkPlaces(entries: readonly ZipEntry[], directory: ZipDirectory, name: string): void {
  let end = 0;
  for (const entry of entries.toSorted((a, b) => a.headerOffset - b.headerOffset)) {
    const least = ZIP_LOCAL_HEADER_BYTES + entry.name.length + entry.compressedBytes;
    if (entry.headerOffset < end || entry.headerOffset + least > directory.offset) {
      throw new DataError(say`${name}: damaged zip archive: entry ${JSON.stringify(entry.name)} overlaps another`);
    }
    end = entry.headerOffset + least;
  }
}

/** Sizes and place of an entry; where a 32-bit field is full, the zip64 extra field has the number. */
function wideSizes(
  view: DataView,
  at: number,
  extraAt: number,
  extraBytes: number,
): Pick<ZipEntry, 'bytes' | 'compressedBytes' | 'headerOffset'> | null {
  const narrow = { bytes: 24, compressedBytes: 20, headerOffset: 42 };
  const sizes = { bytes: 0, compressedBytes: 0, headerOffset: 0 };
  let [wideAt, wideEnd] = [0, 0];
  for (let field = extraAt; field + 4 <= extraAt + extraBytes;) {
    const length = view.getUint16(field + 2, true);
    if (view.getUint16(field, true) === 1) {
      wideAt = field + 4;
      wideEnd = Math.min(wideAt + length, extraAt + extraBytes);
    }
    field += 4 + length;
  }
  for (const key of ['bytes', 'compressedBytes', 'headerOffset'] as const) {
    sizes[key] = view.getUint32(at + narrow[key], true);
    if (sizes[key] !== 0xffffffff) continue;
    if (wideAt + 8 > wideEnd) return null;
    sizes[key] = readUint64(view, wideAt);
    wideAt += 8;
  }
  return sizes;
}

/** Beyond 2^53 the number is rounded; such sizes fail every comparison with the file's. */
function readUint64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Names of arrays are ASCII in practice; other bytes become the code point of the same number. */
function decodeName(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}
