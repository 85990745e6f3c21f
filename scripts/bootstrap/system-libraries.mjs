import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isMissing, runWatched } from './child.mjs';
import { errorLines } from './npm.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Which Debian package brings a library of Electron's. Newer releases renamed some (the 64-bit time transition): the
 * first name the package index knows is taken.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const packageOfLibrary = {
  'libasound.so.2': ['libasound2t64', 'libasound2'],
  'libatk-1.0.so.0': ['libatk1.0-0t64', 'libatk1.0-0'],
  'libatk-bridge-2.0.so.0': ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
  'libatspi.so.0': ['libatspi2.0-0t64', 'libatspi2.0-0'],
  'libcairo.so.2': ['libcairo2'],
  'libcups.so.2': ['libcups2t64', 'libcups2'],
  'libdbus-1.so.3': ['libdbus-1-3'],
  'libdrm.so.2': ['libdrm2'],
  'libexpat.so.1': ['libexpat1'],
  'libgbm.so.1': ['libgbm1'],
  'libgcc_s.so.1': ['libgcc-s1'],
  'libgio-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libglib-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgobject-2.0.so.0': ['libglib2.0-0t64', 'libglib2.0-0'],
  'libgtk-3.so.0': ['libgtk-3-0t64', 'libgtk-3-0'],
  'libnspr4.so': ['libnspr4'],
  'libnss3.so': ['libnss3'],
  'libnssutil3.so': ['libnss3'],
  'libpango-1.0.so.0': ['libpango-1.0-0'],
  'libsmime3.so': ['libnss3'],
  'libudev.so.1': ['libudev1'],
  'libX11.so.6': ['libx11-6'],
  'libxcb.so.1': ['libxcb1'],
  'libXcomposite.so.1': ['libxcomposite1'],
  'libXdamage.so.1': ['libxdamage1'],
  'libXext.so.6': ['libxext6'],
  'libXfixes.so.3': ['libxfixes3'],
  'libxkbcommon.so.0': ['libxkbcommon0'],
  'libXrandr.so.2': ['libxrandr2'],
};

/**
 * What the system lacks.
 *
 * @typedef {object} Missing
 * @property {string[]} libraries file names as the loader asks for them
 * @property {boolean} xvfb
 *
 * What to do about it.
 *
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'install', packages: (readonly string[])[] }
 *   | { kind: 'tell', message: string, remedy: string }} Decision
 */

/**
 * Decides; does nothing.
 *
 * @param {Missing} missing
 * @param {{ root: boolean, debian: boolean }} system debian: Debian, Ubuntu and their descendants, with apt
 * @returns {Decision}
 */
export function decide(missing, { root, debian }) {
  if (missing.libraries.length === 0 && !missing.xvfb) return { kind: 'nothing' };
  const lacking = [...missing.libraries, ...(missing.xvfb ? ['Xvfb (there is no display)'] : [])].join(', ');
  const message = `Electron needs system software that is not installed: ${lacking}.`;
  const unknown = missing.libraries.filter((library) => packageOfLibrary[library] === undefined);
  if (!debian) {
    return {
      kind: 'tell',
      message,
      remedy:
        'Install it with your package manager (on Fedora: gtk3 nss alsa-lib mesa-libgbm xorg-x11-server-Xvfb), then run the command again.',
    };
  }
  if (unknown.length > 0) {
    return {
      kind: 'tell',
      message,
      remedy: `Find the packages with "apt-file search ${unknown[0]}" or packages.debian.org, install them, then run the command again.`,
    };
  }
  const packages = packagesFor(missing);
  if (root) return { kind: 'install', packages };
  const names = packages.map((choices) => choices.at(-1)).join(' ');
  return {
    kind: 'tell',
    message,
    remedy: `Run this once, then the command again:\n  sudo apt-get update && sudo apt-get install -y --no-install-recommends ${names}`,
  };
}

/**
 * @param {Missing} missing
 * @returns {(readonly string[])[]} per package the names it may have
 */
function packagesFor(missing) {
  /** @type {Map<string, readonly string[]>} */
  const chosen = new Map();
  for (const library of missing.libraries) {
    const names = packageOfLibrary[library] ?? [];
    chosen.set(names.join(' '), names);
  }
  if (missing.xvfb) chosen.set('xvfb', ['xvfb']);
  return [...chosen.values()];
}

/**
 * Debian or a descendant, by /etc/os-release.
 *
 * @param {string} osRelease the file's text
 */
export function isDebian(osRelease) {
  const field = (/** @type {string} */ name) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(osRelease)?.[1] ?? '';
  return `${field('ID')} ${field('ID_LIKE')}`.split(/\s+/).some((name) => name === 'debian' || name === 'ubuntu');
}

/**
 * Finds what is missing and installs it or says what to run. Linux only; elsewhere Electron brings all it needs.
 *
 * @param {{ executablePath: string, display: boolean, progress: import('./progress.mjs').Progress }} options
 *   display: a virtual display will be needed
 */
export async function ensureSystemLibraries({ executablePath, display, progress }) {
  if (process.platform !== 'linux') return;
  const missing = () => ({ libraries: missingLibraries(executablePath), xvfb: display && !isOnPath('Xvfb') });
  const system = { root: process.getuid?.() === 0, debian: isDebian(readOsRelease()) && isOnPath('apt-get') };
  const decision = decide(missing(), system);
  if (decision.kind === 'nothing') return;
  if (decision.kind === 'tell') throw new SetupError(decision.message, decision.remedy);
  await installPackages(decision.packages, progress);
  const still = decide(missing(), { ...system, root: false });
  if (still.kind === 'tell') throw new SetupError(`apt-get ended well, but: ${still.message}`, still.remedy);
}

/**
 * Decides about the server the tests of the queue start for themselves; does nothing. Nobody else needs it, and without
 * it those tests say that they were skipped, so it is never a reason to stop.
 *
 * @param {{ installed: boolean, root: boolean, debian: boolean }} system
 * @returns {{ kind: 'nothing' } | { kind: 'install', packages: (readonly string[])[] } | { kind: 'note', text: string }}
 */
export function decideRedis({ installed, root, debian }) {
  if (installed) return { kind: 'nothing' };
  if (root && debian) return { kind: 'install', packages: [['redis-server']] };
  const how = debian ? 'sudo apt-get install -y redis-server' : 'install Redis with your package manager';
  return { kind: 'note', text: `redis-server is not installed: the tests of the queue are skipped (${how})` };
}

/**
 * For `npm test` only.
 *
 * @param {import('./progress.mjs').Progress} progress
 */
export async function ensureRedisServer(progress) {
  const debian = process.platform === 'linux' && isDebian(readOsRelease()) && isOnPath('apt-get');
  const decision = decideRedis({ installed: isOnPath('redis-server'), root: process.getuid?.() === 0, debian });
  if (decision.kind === 'note') progress.note(decision.text);
  if (decision.kind !== 'install') return;
  try {
    await installPackages(decision.packages, progress);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    progress.note(`the tests of the queue are skipped: ${error.message}`);
  }
}

/**
 * What the loader would not find.
 *
 * @param {string} executablePath
 * @returns {string[]}
 */
export function missingLibraries(executablePath) {
  const result = spawnSync('ldd', [executablePath], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (result.error || result.status !== 0) {
    throw new SetupError(
      `This system cannot run ${executablePath}: ${(result.error?.message ?? result.stderr).trim()}`,
      'Electron for Linux needs a 64-bit system with the GNU C library (Alpine has another one).',
    );
  }
  return [...result.stdout.matchAll(/^\s*(\S+) => not found/gm)].map((match) => /** @type {string} */ (match[1]));
}

/**
 * @param {(readonly string[])[]} packages
 * @param {import('./progress.mjs').Progress} progress
 */
async function installPackages(packages, progress) {
  const step = progress.step('installing system software with apt');
  step.update('reading the package lists');
  const listsFailed = await runApt(['update']);
  const names = packages.map((choices) => choices.find(isInPackageIndex) ?? /** @type {string} */ (choices.at(-1)));
  step.update(`${names.length} packages and what they need`);
  const failed = await runApt(['install', '-y', '--no-install-recommends', ...names]);
  if (failed === null) return step.done(`${names.length} packages and what they need`);
  // Lists that could not be renewed may still do, so that alone is no reason to stop; here it is part of the reason.
  const reason = [failed, ...(listsFailed === null ? [] : [`apt-get update: ${listsFailed}`])].join('; ');
  step.failed(reason);
  throw new SetupError(
    `apt-get could not install ${names.join(' ')}: ${reason}`,
    'Check the network and the package sources (/etc/apt), then run the command again.',
  );
}

/**
 * @param {string[]} args
 * @returns {Promise<string | null>} why it failed, or null
 */
async function runApt(args) {
  const limits = [
    'DPkg::Lock::Timeout=300',
    'Acquire::http::Timeout=15',
    'Acquire::https::Timeout=15',
    'Acquire::Retries=1',
  ];
  const options = limits.flatMap((limit) => ['-o', limit]);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const result = await runWatched('apt-get', ['-q', ...options, ...args], { env });
  return result.code === 0 ? null : errorLines(result.stderr) || `status ${result.code}`;
}

/** @param {string} name */
function isInPackageIndex(name) {
  const shown =
    spawnSync('apt-cache', ['policy', name], { encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } }).stdout ?? '';
  return /Candidate: (?!\(none\))\S/.test(shown);
}

/** @param {string} name */
function isOnPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, name)));
}

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (isMissing(error) || /** @type {NodeJS.ErrnoException} */ (error).code === 'EACCES') return false;
    throw error;
  }
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
