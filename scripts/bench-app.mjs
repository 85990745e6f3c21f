import { join } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';

/** `npm run bench:app [-- ROUNDS]`: training in the app against the bare engine; see test/bench/app-path.ts. */
await runMain(async () => {
  const { node, env } = await bootstrap({
    progress: createProgress(),
    electron: true,
    build: ['kernels', 'programs', 'renderer'],
  });
  const program = join(projectFolder, 'test', 'bench', 'app-path.ts');
  return runForeground(node, [program, ...process.argv.slice(2)], { cwd: projectFolder, env });
});
