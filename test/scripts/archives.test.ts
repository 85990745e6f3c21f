import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIntegrity, extractMember } from '../../scripts/bootstrap/package-tarball.mjs';
import { readZipEntries, unpackZip } from '../../scripts/bootstrap/zip-archive.mjs';
import { packageTarball, temporaryFolder } from './stand-in.ts';
import { textFile, writeZip } from './zip-writer.ts';

/** Writes bytes to a new file. */
function file(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'archive');
  writeFileSync(path, bytes);
  return path;
}

const long = new Uint8Array(200_000).map((_, index) => (index * 7919) % 251);
const zip = writeZip({
  'a/stored.bin': { bytes: long, stored: true },
  'a/packed.bin': { bytes: long },
  'a/empty': textFile(''),
  'a/run.sh': { ...textFile('#!/bin/sh'), mode: 0o100755 },
});

describe('zip', () => {
  it('gives the chosen entries back byte for byte, with their permission to run', async () => {
    const folder = temporaryFolder();
    const count = await unpackZip(file(zip), folder, (name) => (name === 'a/empty' ? null : name.slice(2)));
    expect(count).toBe(3);
    for (const name of ['stored.bin', 'packed.bin'])
      expect(new Uint8Array(readFileSync(join(folder, name)))).toEqual(long);
    expect(statSync(join(folder, 'run.sh')).mode & 0o777).toBe(0o755);
    expect(() => statSync(join(folder, 'empty'))).toThrow('ENOENT');
  });

  it('writes empty files', async () => {
    const folder = temporaryFolder();
    await unpackZip(file(zip), folder, (name) => (name === 'a/empty' ? 'empty' : null));
    expect(statSync(join(folder, 'empty')).size).toBe(0);
  });

  it('notices a flipped byte', async () => {
    const [stored] = await readZipEntries(file(zip));
    const damaged = zip.slice();
    const at = (stored?.offset ?? 0) + 1000;
    damaged[at] = (damaged[at] ?? 0) ^ 1;
    await expect(unpackZip(file(damaged), temporaryFolder(), (name) => name)).rejects.toThrow(
      /a\/stored\.bin is damaged/,
    );
  });

  it('refuses a cut file, a file of something else, and an entry that leaves the folder', async () => {
    await expect(readZipEntries(file(zip.slice(0, -40)))).rejects.toThrow(/not a whole zip file/);
    await expect(readZipEntries(file(long))).rejects.toThrow(/not a whole zip file/);
    await expect(readZipEntries(file(new Uint8Array(3)))).rejects.toThrow(/not a whole zip file/);
    const evil = writeZip({ '../outside': textFile('x') });
    await expect(unpackZip(file(evil), temporaryFolder(), (name) => name)).rejects.toThrow(/leaves its folder/);
  });
});

describe('a package tarball', () => {
  const tarball = packageTarball({
    'package.json': Buffer.from('{}'),
    'big.bin': long,
    'last.txt': Buffer.from('last'),
  });

  it.each([
    ['package/big.bin', long],
    ['package/last.txt', Buffer.from('last')],
  ])('gives %s', async (name, bytes) => {
    const target = join(temporaryFolder(), 'member');
    expect(await extractMember(file(tarball), (member) => member === name, target)).toBe(true);
    expect(readFileSync(target).equals(bytes)).toBe(true);
  });

  it('says when there is no such member', async () => {
    expect(await extractMember(file(tarball), () => false, join(temporaryFolder(), 'member'))).toBe(false);
  });

  it('is not taken for whole when it is cut', async () => {
    const target = join(temporaryFolder(), 'member');
    await expect(
      extractMember(file(tarball.slice(0, tarball.length / 2)), (name) => name.endsWith('last.txt'), target),
    ).rejects.toThrow();
  });

  it('is compared with its pinned integrity', async () => {
    const path = file(Buffer.from('descent'));
    const integrity = 'sha512-' + 'A'.repeat(86) + '==';
    const { matches, found } = await checkIntegrity(path, integrity);
    expect(matches).toBe(false);
    expect(await checkIntegrity(path, found)).toEqual({ matches: true, found });
  });
});
