/** Where the studio keeps its things. Plain Node: the app and the command line must agree on every path. */

import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The part of the environment that decides the folder. */
export interface HomeEnvironment {
  readonly DESCENT_HOME?: string | undefined;
  readonly APPDATA?: string | undefined;
  readonly XDG_CONFIG_HOME?: string | undefined;
}

/** `DESCENT_HOME`, else the system's user-data folder for an app named Descent. Absolute; need not exist. */
export function homeFolder(env: HomeEnvironment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.DESCENT_HOME !== undefined && env.DESCENT_HOME !== '') return resolve(env.DESCENT_HOME);
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Descent');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Descent');
  return join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'Descent');
}

/** Runs, metrics, histograms and checkpoints of a home folder. */
export function databaseFile(home: string): string {
  return join(home, 'descent.db');
}
