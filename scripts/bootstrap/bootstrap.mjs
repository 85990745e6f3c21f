import { join } from 'node:path';
import { runForeground } from './child.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { needsVirtualDisplay } from './display.mjs';
import { ensureElectron } from './electron.mjs';
import { cacheFolder, projectFolder } from './paths.mjs';
import { SetupError } from './setup-error.mjs';
import { ensureSystemLibraries } from './system-libraries.mjs';
import { staleTargets } from './build-targets.mjs';
import { toolchainEnvironment, toolchainNode } from './toolchain.mjs';

/**
 * What a program can be started with.
 *
 * @typedef {object} Workshop
 * @property {string} node the toolchain's Node
 * @property {NodeJS.ProcessEnv} env for children
 */

/**
 * Sets up what is asked for, in order: npm packages, the toolchain's Node, Electron, system libraries, build. Says
 * nothing and takes a moment when everything is there already.
 *
 * @param {object} options
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {boolean} [options.electron]
 * @param {readonly import('./build-targets.mjs').TargetName[]} [options.build]
 * @returns {Promise<Workshop>}
 */
export async function bootstrap({ progress, electron = false, build = [] }) {
  checkNode();
  await ensureDependencies({ folder: projectFolder, progress });
  const node = toolchainNode();
  const env = toolchainEnvironment(node);
  if (electron) {
    const packageFolder = join(projectFolder, 'node_modules', 'electron');
    const runtime = await ensureElectron({ packageFolder, cache: cacheFolder(), env: process.env, node, progress });
    await ensureSystemLibraries({ executablePath: runtime.executablePath, display: needsVirtualDisplay(), progress });
  }
  const stale = staleTargets(build);
  if (stale.length > 0) {
    // The bundlers run on the toolchain's Node, whatever this script was started with; stdout stays the caller's.
    const status = await runForeground(node, [join(projectFolder, 'scripts', 'build.mjs'), ...stale], {
      env,
      stdout: 2,
    });
    if (status !== 0) throw new SetupError('The build failed.', 'The messages above say where.');
  }
  return { node, env };
}

/** The bootstrap itself needs `zlib.crc32`, and npm 10 for the lock file. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new SetupError(
    `Descent needs Node 20.19 or newer; this is Node ${process.versions.node}.`,
    'Install a newer Node (https://nodejs.org, or your package manager).',
  );
}
