import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folderSize, isMissing, runWatched } from './child.mjs';
import { withLock } from './lock.mjs';
import { errorLines, npmCommand } from './npm.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * @typedef {object} DependencyOptions
 * @property {string} folder the checkout
 * @property {import('./progress.mjs').Progress} progress
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [stallSeconds] how long nothing may happen: a silent registry is given up after this
 */

/**
 * Runs `npm ci` when node_modules is missing or belongs to another package-lock.json, system or processor.
 *
 * @param {DependencyOptions} options
 * @returns {Promise<boolean>} true when something was installed
 */
export async function ensureDependencies(options) {
  if (isInstalled(options.folder)) return false;
  return withLock(join(options.folder, '.cache', 'dependencies.lock'), options.progress, async () => {
    if (isInstalled(options.folder)) return false;
    await install(options);
    return true;
  });
}

/**
 * True when node_modules is what package-lock.json asks for. Also adopts a tree that `npm ci` or `npm install` made by
 * hand, by comparing npm's own record of what it installed.
 *
 * @param {string} folder
 * @param {{ platform?: string, arch?: string }} [system]
 */
export function isInstalled(folder, { platform = process.platform, arch = process.arch } = {}) {
  const lock = readText(join(folder, 'package-lock.json'));
  if (lock === null) {
    throw new SetupError(
      `${join(folder, 'package-lock.json')} is missing.`,
      'This checkout is not whole: clone it again.',
    );
  }
  const key = installationKey(lock, platform, arch);
  if (readText(stampFile(folder)) === key) return true;
  const installed = readText(join(folder, 'node_modules', '.package-lock.json'));
  if (installed === null || !holdsAll(JSON.parse(lock), JSON.parse(installed), platform, arch)) return false;
  writeStamp(folder, key);
  return true;
}

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, os?: string[], cpu?: string[], link?: boolean }} LockedPackage
 */

/**
 * @param {{ packages: Record<string, LockedPackage> }} wanted
 * @param {{ packages: Record<string, LockedPackage> }} installed
 * @param {string} platform
 * @param {string} arch
 */
function holdsAll(wanted, installed, platform, arch) {
  const tools = `node_modules/node-${platform === 'win32' ? 'win' : platform}-${arch}`;
  return Object.entries(wanted.packages).every(([path, asked]) => {
    if (path === '') return true;
    const found = installed.packages[path];
    if (found !== undefined) return found.version === asked.version;
    // An optional package may be left out, but the toolchain's Node for this very system may not.
    return (asked.optional === true || asked.devOptional === true) && path !== tools;
  });
}

/**
 * @param {string} lock
 * @param {string} platform
 * @param {string} arch
 */
function installationKey(lock, platform, arch) {
  return `${createHash('sha256').update(lock).digest('hex')} ${platform} ${arch}\n`;
}

/** @param {string} folder */
function stampFile(folder) {
  return join(folder, 'node_modules', '.descent-installed');
}

/**
 * @param {string} folder
 * @param {string} key
 */
function writeStamp(folder, key) {
  try {
    writeFileSync(stampFile(folder), key);
  } catch (error) {
    // In a tree someone else installed the comparison is simply made again next time.
    if (!['EACCES', 'EPERM', 'EROFS'].includes(/** @type {NodeJS.ErrnoException} */ (error).code ?? '')) throw error;
  }
}

/** @param {DependencyOptions} options */
async function install({ folder, progress, env = process.env, stallSeconds = 18 }) {
  const npm = npmCommand(env);
  const offline = !(await reachesRegistry(folder, env, stallSeconds));
  const lock = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const manifests = Object.keys(lock.packages)
    .filter((path) => path !== '')
    .map((path) => join(folder, path, 'package.json'));
  const step = progress.step(
    `installing npm packages${offline ? ' from the npm cache (the registry does not answer)' : ''}`,
  );
  const cache = (
    await runWatched(npm.command, [...npm.first, 'config', 'get', 'cache'], { cwd: folder, env })
  ).stdout.trim();
  const flags = [
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const patience = ['--fetch-retries=1', '--fetch-retry-mintimeout=500', `--fetch-timeout=${stallSeconds * 1000}`];
  let counted = 0;
  const result = await runWatched(
    npm.command,
    [...npm.first, 'ci', ...flags, ...patience, ...(offline ? ['--offline'] : [])],
    {
      cwd: folder,
      env,
      measure: () => {
        counted = manifests.reduce((count, path) => count + (existsSync(path) ? 1 : 0), 0);
        return counted * 1e12 + folderSize(join(cache, '_cacache', 'tmp'));
      },
      // npm is silent while it links and unpacks; a slow disk may take long over that.
      stallSeconds: Math.max(stallSeconds, 120),
      onProgress: () => step.update(`${counted} of about ${manifests.length}`),
    },
  );
  if (result.code !== 0) {
    const reason = result.stalled ? 'nothing happened for two minutes' : errorLines(result.stderr + result.stdout);
    step.failed(reason);
    throw new SetupError(
      offline
        ? `The npm registry does not answer, and the npm cache does not hold all packages: ${reason}`
        : `npm ci failed: ${reason}`,
      'Check the network, the proxy and the "registry" setting of npm (npm config get registry), then run the command again.',
    );
  }
  writeStamp(
    folder,
    installationKey(readFileSync(join(folder, 'package-lock.json'), 'utf8'), process.platform, process.arch),
  );
  step.done();
}

/**
 * Asks for one small package's record. npm itself would try for many minutes to reach a silent registry.
 *
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 * @param {number} stallSeconds
 */
async function reachesRegistry(folder, env, stallSeconds) {
  const npm = npmCommand(env);
  const patience = [
    '--fetch-retries=0',
    `--fetch-timeout=${stallSeconds * 1000}`,
    '--prefer-online',
    '--loglevel=error',
  ];
  const result = await runWatched(npm.command, [...npm.first, 'view', 'node-api-headers', 'name', ...patience], {
    cwd: folder,
    env,
    measure: () => 0,
    stallSeconds,
  });
  return result.code === 0;
}

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
