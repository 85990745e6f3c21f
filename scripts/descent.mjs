import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { onParentGone, runForeground } from './bootstrap/child.mjs';
import { outFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';
import { isAtLeast, oldestToolchainNode } from './bootstrap/toolchain.mjs';

/** `npm run -s descent -- …`: the command line, without Electron; builds what is missing, says so on stderr only. */
await runMain(async () => {
  const { node, env } = await bootstrap({ progress: createProgress(), build: ['kernels', 'programs'] });
  const program = join(outFolder, 'cli', 'descent.mjs');
  // npm starts its scripts in the checkout; paths are meant relative to where the person is.
  const cwd = process.env.INIT_CWD || process.cwd();
  const args = process.argv.slice(2);
  if (!isAtLeast(process.versions.node, oldestToolchainNode))
    return runForeground(node, [program, ...args], { cwd, env });
  // Once the packages are there, npm finds the toolchain's Node for this very script: no second process is needed,
  // and signals and status are the command's own.
  process.chdir(cwd);
  process.argv.splice(1, process.argv.length, program, ...args);
  onParentGone(() => process.kill(process.pid, 'SIGTERM'));
  await import(pathToFileURL(program).href);
  return Number(process.exitCode ?? 0);
});
