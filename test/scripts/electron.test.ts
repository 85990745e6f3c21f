import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ensureElectron, findElectron } from '../../scripts/bootstrap/electron.mjs';
import {
  cleanEnvironment,
  electronPackage,
  fallbackRegistry,
  fallbackTarball,
  recordingProgress,
  refusedAddress,
  releaseZip,
  serve,
  serveFiles,
  sha256,
  temporaryFolder,
} from './stand-in.ts';

/** A machine with a registry, and a release server at the given address. */
async function machine(mirror: string) {
  const folder = temporaryFolder();
  const packageFolder = electronPackage(folder);
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const registry = await fallbackRegistry(fallbackTarball());
  const env = cleanEnvironment({
    npm_config_registry: registry.server.address,
    npm_config_cache: join(folder, 'npm'),
    ELECTRON_MIRROR: mirror,
    electron_use_remote_checksums: '1',
    electron_config_cache: join(folder, 'downloads'),
  });
  const progress = recordingProgress();
  const options = {
    packageFolder,
    cache: join(folder, 'cache'),
    env,
    node: process.execPath,
    progress,
    platform: 'linux' as const,
    arch: 'x64',
    fallback: registry.source,
    stallSeconds: 20,
  };
  return { options, progress, registry: registry.server, version };
}

function releaseServer(version: string) {
  const archive = `electron-v${version}-${process.platform}-${process.arch}.zip`;
  const zip = releaseZip(version);
  return serveFiles({
    [`/v${version}/${archive}`]: zip,
    [`/v${version}/SHASUMS256.txt`]: `${sha256(zip)} *${archive}\n`,
  });
}

describe('which Electron is used', () => {
  it('is the official one where it can be had, and the registry is not asked', async () => {
    const { options, registry, version } = await machine('');
    const server = await releaseServer(version);
    options.env.ELECTRON_MIRROR = server.address;
    expect(await ensureElectron(options)).toMatchObject({ source: 'official', version, sqlite: null });
    expect(registry.requests).toEqual([]);
    const asked = server.requests.length;
    expect(await ensureElectron(options)).toMatchObject({ source: 'official' });
    expect(server.requests).toHaveLength(asked);
  });

  it('is the fallback where the release server refuses, and that is said', async () => {
    const { options, progress } = await machine(await refusedAddress());
    const runtime = await ensureElectron(options);
    expect(runtime).toMatchObject({ source: 'fallback', version: '33.9.9' });
    expect(runtime.sqlite).toMatch(/better-sqlite3$/);
    expect(progress.lines.join('\n')).toMatch(/official download\): failed: fetch failed/);
    expect(progress.lines.at(-1)).toMatch(/fallback Electron 33\.9\.9, for development and tests only: .*fetch failed/);
  });

  it('does not wait for the release server again for a while, but says so', async () => {
    let connections = 0;
    const silent = await serve(() => (connections += 1));
    const { options, progress, registry } = await machine(silent.address);
    options.stallSeconds = 5; // also what npm may take to answer on a busy machine
    await ensureElectron(options);
    expect(connections).toBe(1);
    const asked = registry.requests.length;
    progress.lines.length = 0;
    expect(await ensureElectron(options)).toMatchObject({ source: 'fallback' });
    expect(connections).toBe(1);
    expect(registry.requests).toHaveLength(asked);
    expect(progress.lines).toEqual([
      expect.stringMatching(
        /could not be had just now \(next to nothing came for 5 seconds\); DESCENT_ELECTRON=official/,
      ),
    ]);
  });

  it('asks the release server again when the mirror, the time or the user says so', async () => {
    const { options, version } = await machine(await refusedAddress());
    await ensureElectron(options);
    const memory = join(options.cache, 'electron-official-attempt.json');
    const attempt = JSON.parse(readFileSync(memory, 'utf8')) as { at: number };
    const server = await releaseServer(version);

    writeFileSync(memory, JSON.stringify({ ...attempt, at: attempt.at - 7 * 3600 * 1000 }));
    expect(await ensureElectron(options)).toMatchObject({ source: 'fallback' });
    expect((JSON.parse(readFileSync(memory, 'utf8')) as { at: number }).at).toBeGreaterThanOrEqual(attempt.at);

    const mirrored = { ...options, env: { ...options.env, ELECTRON_MIRROR: server.address } };
    expect(await ensureElectron(mirrored)).toMatchObject({ source: 'official' });
    expect(existsSync(memory)).toBe(false);
  });

  it('is never the fallback on another system: the message says what to do', async () => {
    const { options, registry } = await machine(await refusedAddress());
    const failed = ensureElectron({ ...options, arch: 'arm64' });
    await expect(failed).rejects.toThrow(/official Electron could not be downloaded: fetch failed[^]*ELECTRON_MIRROR/);
    expect(registry.requests).toEqual([]);
  });

  it('is the folder that ELECTRON_OVERRIDE_DIST_PATH names', async () => {
    const { options } = await machine('http://127.0.0.1:9/');
    const folder = temporaryFolder();
    const env = { ...options.env, ELECTRON_OVERRIDE_DIST_PATH: folder };
    expect(() => findElectron({ ...options, env })).toThrow(/there is no electron in it/);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'electron'), '');
    writeFileSync(join(folder, 'version'), '45.0.0');
    expect(await ensureElectron({ ...options, env })).toMatchObject({ source: 'override', version: '45.0.0' });
  });

  it('is made once when two set-ups run at the same time', async () => {
    const { options, registry } = await machine(await refusedAddress());
    const [first, second] = await Promise.all([ensureElectron(options), ensureElectron(options)]);
    expect(first).toEqual(second);
    expect(registry.requests.filter((url) => url.endsWith('.tgz'))).toHaveLength(1);
  });
});
