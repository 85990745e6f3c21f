import { join } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';

/** `npm run scale [-- --runs 10000 --only start,table]`: the app on 10,000 runs; see test/scale/main.ts. */
await runMain(async () => {
  const { node, env } = await bootstrap({
    progress: createProgress(),
    electron: true,
    build: ['kernels', 'programs', 'renderer'],
  });
  const program = join(projectFolder, 'test', 'scale', 'main.ts');
  return runForeground(node, [program, ...process.argv.slice(2)], { cwd: projectFolder, env });
});
