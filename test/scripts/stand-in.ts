/** Small stand-ins for what set-up talks to: a release server, a package registry, and the files they serve. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import { textFile, writeZip } from './zip-writer.ts';
import type { FallbackSource } from '../../scripts/bootstrap/electron-fallback.mjs';
import type { Progress } from '../../scripts/bootstrap/progress.mjs';

const project = resolve(import.meta.dirname, '..', '..');

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'descent-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The parent's environment without what an outer `npm` run put there, plus the given variables. */
export function cleanEnvironment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(npm_|electron_|descent_|https?_proxy$)/i.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/** A progress that keeps what was said. */
export function recordingProgress(): Progress & { readonly lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    note: (text) => void lines.push(text),
    step: (title) => ({
      update: () => undefined,
      done: () => void lines.push(`${title}: done`),
      failed: (reason) => void lines.push(`${title}: failed: ${reason}`),
    }),
  };
}

export interface LocalServer {
  /** With a slash at the end. */
  readonly address: string;
  readonly requests: string[];
  /** From then on connections to the address are refused. */
  readonly stop: () => Promise<void>;
}

/** Serves until the test ends; connections that are still open are cut then. */
export async function serve(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<LocalServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    answer(request, response);
  });
  await listen(server);
  const stop = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  onTestFinished(stop);
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, requests, stop };
}

/** An address nothing listens on. */
export async function refusedAddress(): Promise<string> {
  const server = createServer();
  await listen(server);
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return `http://127.0.0.1:${port}/`;
}

function listen(server: Server): Promise<void> {
  return new Promise((done) => server.listen(0, '127.0.0.1', done));
}

/** Serves the named files; everything else is 404. */
export function serveFiles(files: Readonly<Record<string, Uint8Array | string>>): Promise<LocalServer> {
  return serve((request, response) => {
    const body = files[request.url ?? ''];
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body ?? 'not here');
  });
}

/** A copy of the electron package without its downloaded files, with the installer's own dependencies beside it. */
export function electronPackage(folder: string): string {
  const modules = join(folder, 'node_modules');
  mkdirSync(join(modules, 'electron'), { recursive: true });
  for (const name of ['package.json', 'install.js', 'checksums.json']) {
    cpSync(join(project, 'node_modules', 'electron', name), join(modules, 'electron', name));
  }
  for (const scope of ['@electron', '@electron-internal'])
    symlinkSync(join(project, 'node_modules', scope), join(modules, scope));
  return join(modules, 'electron');
}

/** A release zip with the files the installer looks for. */
export function releaseZip(version: string): Uint8Array {
  return writeZip({
    version: textFile(version),
    electron: textFile('#!/bin/sh\n'),
    'resources/default_app.asar': textFile('app'),
  });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What Electron binaries carry so that fuses can be found: sentinel, version 1, eight fuses. */
const fuseWire = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10100011'),
]);

/** The zip inside the fallback's tarball, in small. */
export function fallbackZip(): Uint8Array {
  const app = 'Fake/resources/app';
  return writeZip({
    'Fake/Fake': { bytes: Buffer.concat([Buffer.from('binary '), fuseWire]), mode: 0o100755 },
    'Fake/libffmpeg.so': textFile('library'),
    'Fake/browser_v8_context_snapshot.bin': textFile('snapshot'),
    [`${app}/package.json`]: textFile('{"name":"someone-elses"}'),
    [`${app}/index.js`]: textFile('throw 1'),
    [`${app}/node_modules/better-sqlite3/lib/index.js`]: textFile('module.exports = 1'),
    [`${app}/node_modules/better-sqlite3/src/addon.cpp`]: textFile('source'),
    [`${app}/node_modules/bindings/bindings.js`]: textFile('module.exports = 2'),
    [`${app}/node_modules/other/index.js`]: textFile('module.exports = 3'),
  });
}

/** A package tarball as a registry serves it. */
export function packageTarball(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const blocks: Buffer[] = [];
  for (const [name, bytes] of Object.entries(files)) {
    blocks.push(
      tarHeader(`package/${name}`, bytes.length),
      Buffer.from(bytes),
      Buffer.alloc((512 - (bytes.length % 512)) % 512),
    );
  }
  return gzipSync(Buffer.concat([...blocks, Buffer.alloc(1024)]));
}

function tarHeader(name: string, size: number): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 'utf8');
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** A registry with one package, and how to ask for it. */
export async function fallbackRegistry(tarball: Uint8Array): Promise<{ server: LocalServer; source: FallbackSource }> {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server: LocalServer = await serve((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(tarball);
    if (request.url !== '/fake-runtime') return void response.writeHead(404).end('{}');
    const dist = { integrity, tarball: `${server.address}fake-runtime/-/fake-runtime-1.0.0.tgz` };
    const version = { name: 'fake-runtime', version: '1.0.0', dist };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({ name: 'fake-runtime', 'dist-tags': { latest: '1.0.0' }, versions: { '1.0.0': version } }),
    );
  });
  const source = {
    spec: 'fake-runtime@1.0.0',
    integrity,
    archive: 'Fake.zip',
    root: 'Fake',
    executable: 'Fake',
    electron: '33.9.9',
  };
  return { server, source };
}

/** The tarball the registry above serves by default. */
export function fallbackTarball(): Uint8Array {
  return packageTarball({
    'package.json': Buffer.from('{"name":"fake-runtime","version":"1.0.0"}'),
    'Fake.zip': fallbackZip(),
  });
}
