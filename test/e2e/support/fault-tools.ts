/** Means to break things around the app, each only where the machine allows it. Linux as root has all of them. */

import { execFileSync, spawnSync } from 'node:child_process';
import { rmdirSync, writeFileSync } from 'node:fs';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installedElectron } from '../../../scripts/electron-runtime.mjs';
import { temporaryFolder } from './studio-app.ts';

export const isRoot = process.getuid?.() === 0;

/** Why a small disk of its own cannot be had here, or null. */
export function noSmallDisk(): string | null {
  if (process.platform !== 'linux' || !isRoot) return 'mounting a small disk needs root on Linux';
  return spawnSync('mount', ['--version']).status === 0 ? null : 'there is no mount command';
}

/** A disk of that many megabytes, in memory. `resize` and `remove` while nothing else uses it. */
export async function smallDisk(megabytes: number): Promise<{
  readonly folder: string;
  readonly resize: (megabytes: number) => void;
  readonly remove: () => void;
}> {
  const folder = await mkdtemp(join(tmpdir(), 'descent-disk-'));
  const mount = (options: string): void =>
    void execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'descent-disk', folder]);
  mount(`size=${megabytes}m`);
  return {
    folder,
    resize: (size) => mount(`remount,size=${size}m`),
    remove: () => {
      // What the app left open goes with it.
      execFileSync('umount', ['--lazy', folder]);
      rmdirSync(folder);
    },
  };
}

/** Writes until nothing more fits; gives the number of bytes that did. */
export function fillDisk(folder: string): number {
  let written = 0;
  for (let size = 1 << 20; size >= 4096; size /= 2) {
    for (let i = 0; ; i++) {
      try {
        writeFileSync(join(folder, `ballast-${size}-${i}`), Buffer.alloc(size));
        written += size;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error;
        break;
      }
    }
  }
  return written;
}

/** Root may write anywhere; without this power it obeys the permission bits as everybody does. */
const OBEDIENT = ['--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-dac_override,-dac_read_search'];

/**
 * A program that starts Electron so that permission bits stop it. null for an ordinary user, whom they stop anyway;
 * 'impossible' where root cannot be made to obey.
 */
export async function obedientElectron(): Promise<string | null | 'impossible'> {
  if (!isRoot) return null;
  if (spawnSync('setpriv', [...OBEDIENT, 'true']).status !== 0) return 'impossible';
  const electron = installedElectron()?.executablePath ?? '';
  const script = join(await temporaryFolder(), 'electron');
  writeFileSync(script, `#!/bin/sh\nexec setpriv ${OBEDIENT.join(' ')} -- '${electron}' "$@"\n`);
  await chmod(script, 0o755);
  return script;
}

/** True when permission bits keep a process started like the app from making a file. */
export function cannotWrite(file: string): boolean {
  const [program, ...args] = isRoot ? ['setpriv', ...OBEDIENT, '--', 'touch', file] : ['touch', file];
  return spawnSync(program ?? '', args).status !== 0;
}
