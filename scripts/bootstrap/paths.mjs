import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the checkout: the one that holds package.json. */
export const projectFolder = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** Where the build puts everything; never in git. */
export const outFolder = join(projectFolder, 'out');

/**
 * The user's cache folder for Descent, shared by all checkouts of one user.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 * @returns {string}
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  const home = env.HOME || env.USERPROFILE || homedir();
  if (platform === 'win32') return join(env.LOCALAPPDATA || join(home, 'AppData', 'Local'), 'descent', 'Cache');
  // On every other system XDG_CACHE_HOME wins when it is set; the specification ignores relative values.
  if (env.XDG_CACHE_HOME?.startsWith('/')) return join(env.XDG_CACHE_HOME, 'descent');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'descent');
  return join(home, '.cache', 'descent');
}
