import { crc32 as zlibCrc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../engine/data/dataset.ts';
import { crc32 } from '../../../engine/formats/crc32.ts';
import { decodeUtf8, encodeUtf8 } from '../../../engine/formats/utf8.ts';
import { encodeZip, findZipDirectory, readZipEntries, zipComment } from '../../../engine/formats/zip.ts';

const text = (value: string): Uint8Array => Uint8Array.from(Buffer.from(value));
const two = [
  { name: 'a.npy', data: text('first') },
  { name: 'b.npy', data: text('second') },
];
const entriesOf = (bytes: Uint8Array) => {
  const directory = findZipDirectory(bytes, bytes.length, 'x.npz');
  return readZipEntries(bytes.subarray(directory.offset, directory.offset + directory.bytes), directory, 'x.npz');
};
/** The archive with the 16-bit field at `offset` in the first directory entry set. */
function patched(offset: number, value: number, size = 2): Uint8Array {
  const bytes = encodeZip(two);
  const at = findZipDirectory(bytes, bytes.length, 'x').offset + offset;
  new DataView(bytes.buffer)[size === 2 ? 'setUint16' : 'setUint32'](at, value, true);
  return bytes;
}

it('crc32 is the one of zlib', () => {
  for (const value of ['', 'a', '123456789', 'x'.repeat(1000)]) expect(crc32(text(value))).toBe(zlibCrc32(value));
});

describe('zip', () => {
  it('lists what was written', () => {
    expect(entriesOf(encodeZip(two))).toEqual([
      { name: 'a.npy', compressed: false, crc32: zlibCrc32('first'), bytes: 5, compressedBytes: 5, headerOffset: 0 },
      { name: 'b.npy', compressed: false, crc32: zlibCrc32('second'), bytes: 6, compressedBytes: 6, headerOffset: 40 },
    ]);
  });

  it('the same input gives the same bytes', () => expect(encodeZip(two)).toEqual(encodeZip(two)));

  it('carries a comment', () => {
    expect(zipComment(encodeZip(two, encodeUtf8('{"é": "数"}')), 'x')).toBe('{"é": "数"}');
    expect(zipComment(encodeZip(two, Uint8Array.of(0xff, 0xfe)), 'x')).toBe('');
  });

  it('refuses every truncation', () => {
    const whole = encodeZip(two);
    for (let length = 0; length < whole.length; length++) {
      expect(() => entriesOf(whole.subarray(0, length)), `${length} bytes`).toThrow(DataError);
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['encryption', patched(8, 1), 'x.npz: refused entry "a.npy": it is encrypted'],
    [
      'bzip2',
      patched(10, 12),
      'x.npz: refused entry "a.npy": expected it stored or deflated, got compression method 12',
    ],
    ['a symbolic link', patched(40, 0xa1ff), 'x.npz: refused entry "a.npy": it is a symbolic link'],
    ['an entry past the directory', patched(42, 5000, 4), 'x.npz: damaged zip archive: entry "a.npy" overlaps another'],
    ['an entry over another', patched(42, 41, 4), 'x.npz: damaged zip archive: entry "a.npy" overlaps another'],
    [
      'sizes that overlap the next entry',
      patched(20, 30, 4),
      'x.npz: damaged zip archive: entry "b.npy" overlaps another',
    ],
    [
      'a zip64 size without its field',
      patched(24, 0xffffffff, 4),
      'x.npz: damaged zip archive: its directory cannot be read',
    ],
    ['a name twice', encodeZip([two[0], two[0]] as typeof two), 'x.npz: refused entry "a.npy": the name comes twice'],
    ...['/etc/x', '../x', 'a/../x', 'a\\x', 'c:x', 'a\0b', ''].map((name): [string, Uint8Array, string] => [
      `the name ${JSON.stringify(name)}`,
      encodeZip([{ name, data: text('1') }]),
      `x.npz: refused entry ${JSON.stringify(name)}: expected a plain name`,
    ]),
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => entriesOf(bytes)).toThrow(new DataError(message));
  });
});

describe('UTF-8', () => {
  it.each(['', 'plain', 'ümlaut', '数字', '😀 end', '\u0000\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}'])(
    '%j there and back',
    (value) => {
      expect(encodeUtf8(value)).toEqual(Uint8Array.from(Buffer.from(value)));
      expect(decodeUtf8(encodeUtf8(value))).toBe(value);
    },
  );

  it('decodes texts longer than one call takes', () => {
    const value = 'é😀x'.repeat(5000);
    expect(decodeUtf8(Buffer.from(value))).toBe(value);
  });

  it.each([
    ['a stray continuation', [0x80]],
    ['a lead byte alone', [0xc3]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong three', [0xe0, 0x80, 0xaf]],
    ['half a surrogate', [0xed, 0xa0, 0x80]],
    ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
    ['0xff', [0xff]],
  ])('refuses %s', (_what, bytes) => expect(() => decodeUtf8(Uint8Array.from(bytes))).toThrow(SyntaxError));

  it('agrees with TextDecoder on every two-byte sequence', () => {
    const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const attempt = (decode: () => string): string => {
      try {
        return decode();
      } catch {
        return 'refused';
      }
    };
    for (let a = 0; a < 256; a++) {
      for (let b = 0; b < 256; b++) {
        const bytes = Uint8Array.of(a, b);
        expect(attempt(() => decodeUtf8(bytes))).toBe(attempt(() => strict.decode(bytes)));
      }
    }
  });
});
