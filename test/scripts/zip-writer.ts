/** Writes the zips that set-up's own reader is tried on: names, contents, and permission bits as on POSIX. */

import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipFile {
  readonly bytes: Uint8Array;
  /** POSIX mode with the file type; default a regular file, rw-r--r--. */
  readonly mode?: number;
  readonly stored?: boolean;
}

/** Local headers with the data, then the central directory, then its end record (PKWARE application note, 4.3). */
export function writeZip(files: Readonly<Record<string, ZipFile>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, { bytes, mode = 0o100644, stored = false }] of Object.entries(files)) {
    const packed = stored ? Buffer.from(bytes) : deflateRawSync(bytes);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((mode << 16) >>> 0, 6);
    rest.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed);
    directory.push(Buffer.from('PK\x01\x02'), Buffer.from([20, 3]), common, rest, Buffer.from(name));
    offset += 30 + Buffer.byteLength(name) + packed.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(Object.keys(files).length, 4);
  end.writeUInt16LE(Object.keys(files).length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, central, Buffer.from('PK\x05\x06'), end]);
}

/** A regular file with a text in it. */
export function textFile(text: string): ZipFile {
  return { bytes: Buffer.from(text) };
}
