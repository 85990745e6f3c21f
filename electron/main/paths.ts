/** Every path the main process uses, in a checkout and in a package. */

import { app } from 'electron';
import { mkdirSync, mkdtempSync, accessSync, constants, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { databaseFile, homeFolder } from './home.ts';

export interface AppPaths {
  /** Database, settings, window bounds. */
  readonly home: string;
  /** True when `home` cannot be written: things can be looked at, nothing can be trained. */
  readonly readOnly: boolean;
  /** Chromium's own profile; a temporary folder when `home` cannot be written. */
  readonly profile: string;
  readonly database: string;
  readonly settings: string;
  readonly windowState: string;
  /** Files a person chose in a dialog, which specs may therefore name. */
  readonly chosenFiles: string;
  readonly renderer: string;
  readonly preload: string;
  readonly workers: string;
  readonly datasets: string;
  /** What relative paths of a spec start from: the folder the app was started in. */
  readonly baseFolder: string;
}

/** Finds the folders, makes the home folder, and moves Chromium's own profile into it. Call before the app is ready. */
export function preparePaths(): AppPaths {
  const home = homeFolder();
  const readOnly = !isWritable(home);
  // Chromium must be able to write its profile even when ours cannot be written.
  const profile = readOnly ? mkdtempSync(join(tmpdir(), 'descent-profile-')) : join(home, 'chromium');
  app.setPath('userData', profile);
  // The bundle lies in out/electron, next to its workers; see scripts/build.mjs.
  const bundle = __dirname;
  const root = resolve(bundle, '..', '..');
  return {
    home,
    readOnly,
    profile,
    database: databaseFile(home),
    settings: join(home, 'settings.json'),
    windowState: join(home, 'window.json'),
    chosenFiles: join(home, 'chosen-files.json'),
    renderer: resolve(bundle, '..', 'renderer'),
    preload: join(bundle, 'preload.cjs'),
    workers: bundle,
    datasets: app.isPackaged ? join(process.resourcesPath, 'datasets') : join(root, 'resources', 'datasets'),
    baseFolder: process.cwd(),
  };
}

/** Makes the folder where it is missing and tries to write in it; permission bits alone say too little. */
export function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    const probe = join(folder, `.write-test-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
    return true;
  } catch (error) {
    if (isSystemError(error)) return false;
    throw error;
  }
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
