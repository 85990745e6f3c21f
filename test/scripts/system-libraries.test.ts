import { describe, expect, it } from 'vitest';
import { decide, decideRedis, isDebian } from '../../scripts/bootstrap/system-libraries.mjs';

const nothing = { libraries: [], xvfb: false };
const gtk = { libraries: ['libgtk-3.so.0'], xvfb: false };

describe('what is done about missing system libraries', () => {
  it('nothing when nothing is missing', () => {
    expect(decide(nothing, { root: true, debian: true })).toEqual({ kind: 'nothing' });
    expect(decide(nothing, { root: false, debian: false })).toEqual({ kind: 'nothing' });
  });

  it('apt installs them for root on Debian, each package once', () => {
    const missing = { libraries: ['libgtk-3.so.0', 'libnss3.so', 'libsmime3.so', 'libasound.so.2'], xvfb: true };
    expect(decide(missing, { root: true, debian: true })).toEqual({
      kind: 'install',
      packages: [['libgtk-3-0t64', 'libgtk-3-0'], ['libnss3'], ['libasound2t64', 'libasound2'], ['xvfb']],
    });
  });

  it('everyone else on Debian is told the one command', () => {
    const decision = decide({ libraries: ['libgtk-3.so.0'], xvfb: true }, { root: false, debian: true });
    expect(decision).toMatchObject({
      kind: 'tell',
      message: 'Electron needs system software that is not installed: libgtk-3.so.0, Xvfb (there is no display).',
      remedy: expect.stringContaining(
        'sudo apt-get update && sudo apt-get install -y --no-install-recommends libgtk-3-0 xvfb',
      ) as string,
    });
  });

  it('other systems are told what is missing, root or not', () => {
    for (const root of [true, false]) {
      expect(decide(gtk, { root, debian: false })).toMatchObject({
        kind: 'tell',
        remedy: expect.stringContaining('your package manager') as string,
      });
    }
  });

  it('a library of an unknown package is named, and nothing is installed', () => {
    const decision = decide({ libraries: ['libgtk-3.so.0', 'libnew.so.7'], xvfb: false }, { root: true, debian: true });
    expect(decision).toMatchObject({ kind: 'tell', remedy: expect.stringContaining('libnew.so.7') as string });
  });
});

describe('the server for the tests of the queue', () => {
  it('is installed for root on Debian, and named to everyone else without stopping them', () => {
    expect(decideRedis({ installed: true, root: false, debian: false })).toEqual({ kind: 'nothing' });
    expect(decideRedis({ installed: false, root: true, debian: true })).toEqual({
      kind: 'install',
      packages: [['redis-server']],
    });
    for (const system of [
      { root: false, debian: true },
      { root: true, debian: false },
    ]) {
      expect(decideRedis({ installed: false, ...system })).toMatchObject({
        kind: 'note',
        text: expect.stringContaining('the tests of the queue are skipped') as string,
      });
    }
  });
});

describe('Debian and its descendants', () => {
  it.each([
    ['ID=debian\nVERSION_ID="12"\n', true],
    ['NAME="Ubuntu"\nID=ubuntu\nID_LIKE=debian\n', true],
    ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', true],
    ['ID=fedora\nID_LIKE="rhel centos"\n', false],
    ['ID=notdebian\n', false],
    ['', false],
  ])('%j: %s', (text, expected) => {
    expect(isDebian(text)).toBe(expected);
  });
});
