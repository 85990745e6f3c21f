import { open, mkdir, chmod, symlink } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw } from 'node:zlib';

/**
 * Reads a zip by its central directory, so that a few entries can be taken out of a large one without unpacking the
 * rest. Layout after the PKWARE application note; zip64 and encryption are refused by name.
 *
 * @typedef {object} ZipEntry
 * @property {string} name with forward slashes; folders end with one
 * @property {number} size unpacked bytes
 * @property {number} packedSize
 * @property {number} method 0 stored, 8 deflated
 * @property {number} crc CRC-32 of the unpacked bytes
 * @property {number} mode POSIX mode bits with the file type, 0 when the zip was not made on POSIX
 * @property {number} offset of the local header
 */

const endSignature = 0x06054b50;
const endLength = 22;
const longestComment = 65_535;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const symlinkType = 0o120000;
const typeMask = 0o170000;

/**
 * @param {string} path
 * @returns {Promise<ZipEntry[]>}
 */
export async function readZipEntries(path) {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const tail = await readAt(
      file,
      path,
      Math.max(0, size - endLength - longestComment),
      Math.min(size, endLength + longestComment),
    );
    const end = lastEndRecord(tail, path);
    const count = tail.readUInt16LE(end + 10);
    const directory = await readAt(file, path, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
    return parseDirectory(directory, count, path);
  } finally {
    await file.close();
  }
}

/**
 * @param {Buffer} tail
 * @param {string} path
 */
function lastEndRecord(tail, path) {
  for (let at = tail.length - endLength; at >= 0; at--) {
    if (tail.readUInt32LE(at) === endSignature) return at;
  }
  throw new Error(`${path}: not a whole zip file (no end record)`);
}

/**
 * @param {Buffer} directory
 * @param {number} count
 * @param {string} path
 * @returns {ZipEntry[]}
 */
function parseDirectory(directory, count, path) {
  /** @type {ZipEntry[]} */
  const entries = [];
  let at = 0;
  for (let index = 0; index < count; index++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== directorySignature) {
      throw new Error(`${path}: damaged zip directory at entry ${index} of ${count}`);
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const entry = {
      name: directory.toString('utf8', at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      packedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      mode: directory.readUInt32LE(at + 38) >>> 16,
      offset: directory.readUInt32LE(at + 42),
    };
    if (entry.offset === 0xffffffff || entry.size === 0xffffffff) throw new Error(`${path}: zip64 entry ${entry.name}`);
    if ((directory.readUInt16LE(at + 8) & 1) !== 0) throw new Error(`${path}: encrypted entry ${entry.name}`);
    entries.push(entry);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * Unpacks the entries for which `place` names a path (relative to `folder`); checks every byte count and CRC.
 *
 * @param {string} path
 * @param {string} folder
 * @param {(name: string) => string | null} place null leaves the entry out
 * @param {(fraction: number) => void} [onProgress]
 * @returns {Promise<number>} files written
 */
export async function unpackZip(path, folder, place, onProgress) {
  const chosen = (await readZipEntries(path))
    .filter((entry) => !entry.name.endsWith('/'))
    .map((entry) => ({ entry, to: place(entry.name) }));
  const total = chosen.reduce((sum, { entry, to }) => sum + (to === null ? 0 : entry.packedSize), 0);
  const file = await open(path);
  let unpacked = 0;
  let files = 0;
  try {
    for (const { entry, to } of chosen) {
      if (to === null) continue;
      await unpackEntry(file, path, entry, insideOf(folder, to));
      unpacked += entry.packedSize;
      files += 1;
      onProgress?.(unpacked / Math.max(1, total));
    }
  } finally {
    await file.close();
  }
  return files;
}

/**
 * @param {string} folder
 * @param {string} relative
 */
function insideOf(folder, relative) {
  const target = resolve(folder, relative);
  if (!target.startsWith(resolve(folder) + sep)) throw new Error(`zip entry leaves its folder: ${relative}`);
  return target;
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {string} path
 * @param {ZipEntry} entry
 * @param {string} target
 */
async function unpackEntry(file, path, entry, target) {
  const header = await readAt(file, path, entry.offset, 30);
  if (header.readUInt32LE(0) !== localSignature)
    throw new Error(`${path}: no entry at ${entry.offset} (${entry.name})`);
  const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  await mkdir(dirname(target), { recursive: true });
  if ((entry.mode & typeMask) === symlinkType) {
    await symlink((await readAt(file, path, start, entry.size)).toString('utf8'), target);
    return;
  }
  if (entry.method !== 0 && entry.method !== 8)
    throw new Error(`${path}: ${entry.name} packed by method ${entry.method}`);
  const check = new ChecksumStream();
  const sink = createWriteStream(target);
  if (entry.size === 0) await pipeline([], sink);
  else {
    const source = createReadStream(path, { start, end: start + entry.packedSize - 1 });
    if (entry.method === 0) await pipeline(source, check, sink);
    else await pipeline(source, createInflateRaw(), check, sink);
  }
  if (check.bytes !== entry.size || check.crc !== entry.crc)
    throw new Error(`${path}: ${entry.name} is damaged (checksum)`);
  if ((entry.mode & 0o111) !== 0) await chmod(target, 0o755);
}

/**
 * @param {import('node:fs/promises').FileHandle} file
 * @param {string} path
 * @param {number} position
 * @param {number} length
 */
async function readAt(file, path, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw new Error(`${path}: ends ${length - bytesRead} bytes early`);
  return buffer;
}

/** Lets bytes through and keeps their count and CRC-32 (polynomial 0xedb88320, reflected). */
class ChecksumStream extends Transform {
  bytes = 0;
  crc = 0;

  /**
   * @override
   * @param {Buffer} chunk
   * @param {BufferEncoding} _encoding
   * @param {import('node:stream').TransformCallback} callback
   */
  _transform(chunk, _encoding, callback) {
    this.bytes += chunk.length;
    this.crc = crc32(chunk, this.crc);
    callback(null, chunk);
  }
}
