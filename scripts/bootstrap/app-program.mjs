import { join } from 'node:path';
import { bootstrap } from './bootstrap.mjs';
import { runForeground } from './child.mjs';
import { projectFolder } from './paths.mjs';
import { createProgress } from './progress.mjs';
import { runMain } from './setup-error.mjs';

/**
 * Runs a program that drives the built app, with the arguments of the command line; its exit status becomes this one's.
 * @param {string} program path within the project
 * @returns {Promise<void>}
 */
export function runAppProgram(program) {
  return runMain(async () => {
    const { node, env } = await bootstrap({
      progress: createProgress(),
      electron: true,
      build: ['kernels', 'programs', 'renderer'],
    });
    const args = [join(projectFolder, program), ...process.argv.slice(2)];
    return runForeground(node, args, { cwd: projectFolder, env });
  });
}
