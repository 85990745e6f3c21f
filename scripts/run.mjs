import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { programFile } from './bootstrap/program-file.mjs';
import { projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { SetupError, runMain } from './bootstrap/setup-error.mjs';

/** `node scripts/run.mjs PROGRAM [arguments]`: a program of an npm package, on the toolchain's Node. */
await runMain(async () => {
  const [name, ...args] = process.argv.slice(2);
  if (name === undefined) throw new SetupError('Which program?', 'node scripts/run.mjs PROGRAM [arguments]');
  const { node, env } = await bootstrap({ progress: createProgress() });
  return runForeground(node, [programFile(name), ...args], { cwd: projectFolder, env });
});
