import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findOfficialElectron, installOfficialElectron } from '../../scripts/bootstrap/electron-official.mjs';
import {
  cleanEnvironment,
  electronPackage,
  refusedAddress,
  releaseZip,
  serve,
  serveFiles,
  sha256,
  temporaryFolder,
} from './stand-in.ts';

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'node_modules', 'electron', 'package.json'), 'utf8'),
) as { version: string };
const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`;

/** Runs the electron package's own installer against a server of ours. */
function install(packageFolder: string, mirror: string, cache: string, stallSeconds = 20) {
  const env = cleanEnvironment({
    ELECTRON_MIRROR: mirror,
    electron_use_remote_checksums: '1',
    electron_config_cache: cache,
  });
  return installOfficialElectron({ packageFolder, node: process.execPath, env, stallSeconds });
}

describe('the official Electron', () => {
  it('is downloaded from the release server, checked and unpacked', async () => {
    const folder = temporaryFolder();
    const packageFolder = electronPackage(folder);
    const zip = releaseZip(version);
    const server = await serveFiles({
      [`/v${version}/${archive}`]: zip,
      [`/v${version}/SHASUMS256.txt`]: `${sha256(zip)} *${archive}\n`,
    });
    expect(findOfficialElectron(packageFolder)).toBeNull();
    expect(await install(packageFolder, server.address, join(folder, 'cache'))).toEqual({ ok: true });
    expect(findOfficialElectron(packageFolder)).toEqual({
      executablePath: join(packageFolder, 'dist', 'electron'),
      version,
    });
    expect(server.requests).toContain(`/v${version}/${archive}`);
  });

  it('is refused when its checksum is not the published one', async () => {
    const folder = temporaryFolder();
    const packageFolder = electronPackage(folder);
    const server = await serveFiles({
      [`/v${version}/${archive}`]: releaseZip(version),
      [`/v${version}/SHASUMS256.txt`]: `${'0'.repeat(64)} *${archive}\n`,
    });
    const result = await install(packageFolder, server.address, join(folder, 'cache'));
    expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(/checksum/i) as string });
    expect(findOfficialElectron(packageFolder)).toBeNull();
    expect(existsSync(join(packageFolder, 'dist'))).toBe(false);
  });

  it('names what the server answered when it has no such file', async () => {
    const folder = temporaryFolder();
    const server = await serveFiles({});
    const result = await install(electronPackage(folder), server.address, join(folder, 'cache'));
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('404') as string });
  });

  it('is given up when nobody listens', async () => {
    const folder = temporaryFolder();
    const result = await install(electronPackage(folder), await refusedAddress(), join(folder, 'cache'));
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('fetch failed') as string });
  });

  it('is given up when the server says nothing', async () => {
    const folder = temporaryFolder();
    const server = await serve(() => undefined);
    const result = await install(electronPackage(folder), server.address, join(folder, 'cache'), 2);
    expect(result).toEqual({ ok: false, reason: 'next to nothing came for 2 seconds' });
    expect(server.requests).toHaveLength(1);
  });

  it('is given up when the server falls silent in the middle', async () => {
    const folder = temporaryFolder();
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100000000' });
      response.write(Buffer.alloc(1_000_000));
    });
    const result = await install(electronPackage(folder), server.address, join(folder, 'cache'), 2);
    expect(result).toEqual({ ok: false, reason: 'next to nothing came for 2 seconds' });
  });

  it('is given up when the server only drips', async () => {
    const folder = temporaryFolder();
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': '100000000' });
      const timer = setInterval(() => response.write('drop'), 100);
      response.once('close', () => clearInterval(timer));
    });
    const result = await install(electronPackage(folder), server.address, join(folder, 'cache'), 2);
    expect(result).toEqual({ ok: false, reason: 'next to nothing came for 2 seconds' });
  });

  it('may take longer than the limit while it gets on', async () => {
    const folder = temporaryFolder();
    const packageFolder = electronPackage(folder);
    const zip = releaseZip(version);
    const padded = Buffer.concat([Buffer.alloc(2_400_000), zip]);
    const server = await serve((request, response) => {
      if (request.url?.endsWith('.txt')) return void response.end(`${sha256(padded)} *${archive}\n`);
      let sent = 0;
      const timer = setInterval(() => {
        response.write(padded.subarray(sent, (sent += 600_000)));
        if (sent < padded.length) return;
        clearInterval(timer);
        response.end();
      }, 800);
    });
    expect(await install(packageFolder, server.address, join(folder, 'cache'), 2)).toEqual({ ok: true });
  });

  it('counts as missing when it is of another version or half unpacked', () => {
    const packageFolder = electronPackage(temporaryFolder());
    mkdirSync(join(packageFolder, 'dist'));
    writeFileSync(join(packageFolder, 'dist', 'version'), version);
    writeFileSync(join(packageFolder, 'dist', 'electron'), '');
    expect(findOfficialElectron(packageFolder)).toBeNull();
    writeFileSync(join(packageFolder, 'path.txt'), 'electron');
    expect(findOfficialElectron(packageFolder)).not.toBeNull();
    writeFileSync(join(packageFolder, 'dist', 'version'), '1.0.0');
    expect(findOfficialElectron(packageFolder)).toBeNull();
  });
});
