import { join } from 'node:path';
import { findElectron } from './bootstrap/electron.mjs';
import { cacheFolder, projectFolder } from './bootstrap/paths.mjs';
import { SetupError } from './bootstrap/setup-error.mjs';
import { toolchainEnvironment, toolchainNode } from './bootstrap/toolchain.mjs';

/** @typedef {import('./bootstrap/electron.mjs').ElectronRuntime} ElectronRuntime */

/**
 * The Electron this machine has, or null; asks no network.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {ElectronRuntime | null}
 */
export function installedElectron(env = process.env) {
  const packageFolder = join(projectFolder, 'node_modules', 'electron');
  return findElectron({ packageFolder, cache: cacheFolder(env), env });
}

/**
 * What to hand to Playwright's `_electron.launch` or to spawn, to start an application folder in that Electron.
 *
 * @param {object} [options]
 * @param {ElectronRuntime} [options.runtime] default: the installed one
 * @param {string} [options.appFolder] default: this checkout
 * @param {readonly string[]} [options.args] for the application
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {{ executablePath: string, args: string[], env: Record<string, string>, sandboxed: boolean }}
 */
export function electronLaunchOptions(options = {}) {
  const { appFolder = projectFolder, args = [], env = process.env } = options;
  const runtime = options.runtime ?? installedElectron(env);
  if (runtime === null)
    throw new SetupError('There is no Electron on this machine yet.', 'Run "npm start" or "npm test" once.');
  const sandboxed = !isRootOnLinux();
  return {
    executablePath: runtime.executablePath,
    // Chromium refuses to run as root with its sandbox on; everyone else keeps it.
    args: [...(sandboxed ? [] : ['--no-sandbox']), appFolder, ...args],
    env: electronEnvironment(runtime, env),
    sandboxed,
  };
}

/**
 * @param {ElectronRuntime} runtime
 * @param {NodeJS.ProcessEnv} env
 * @returns {Record<string, string>}
 */
function electronEnvironment(runtime, env) {
  /** @type {NodeJS.ProcessEnv} */
  const full = { ...toolchainEnvironment(toolchainNode(), env) };
  // Set by an outer Electron-based program, this would turn the studio into a plain Node.
  delete full.ELECTRON_RUN_AS_NODE;
  if (runtime.sqlite !== null) full.DESCENT_SQLITE = runtime.sqlite;
  return /** @type {Record<string, string>} */ (
    Object.fromEntries(Object.entries(full).filter(([, value]) => value !== undefined))
  );
}

/** True where Chromium's sandbox cannot be had. */
export function isRootOnLinux() {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
