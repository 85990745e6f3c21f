import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runWatched } from './bootstrap/child.mjs';
import { projectFolder } from './bootstrap/paths.mjs';
import { programFile } from './bootstrap/program-file.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';

/**
 * What must hold before a change goes in, quickest first.
 *
 * @type {readonly { name: string, program: string, args: readonly string[] }[]}
 */
const checks = [
  { name: 'format', program: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  {
    name: 'layers',
    program: 'depcruise',
    args: ['engine', 'electron', 'renderer', '--config', '.dependency-cruiser.cjs'],
  },
  { name: 'types', program: 'vue-tsc', args: ['-b'] },
  { name: 'lint', program: 'eslint', args: ['.', '--max-warnings', '0'] },
  { name: 'unit tests', program: 'vitest', args: ['run', '--reporter=dot'] },
];

/** `npm run check`: one line a check; the output of those that failed comes after. All are run. */
await runMain(async () => {
  // Some tests start the built programs.
  const { node, env } = await bootstrap({ progress: createProgress(), build: ['kernels', 'programs'] });
  let failures = 0;
  for (const { name, program, args } of checks) {
    const began = Date.now();
    const { code, stdout, stderr } = await runWatched(node, [programFile(program), ...args], {
      cwd: projectFolder,
      env,
    });
    const seconds = ((Date.now() - began) / 1000).toFixed(1);
    process.stdout.write(`${code === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(12)} ${seconds.padStart(6)} s\n`);
    if (code === 0) continue;
    failures += 1;
    process.stdout.write(`\n${[stdout, stderr].filter(Boolean).join('\n').trim()}\n\n`);
  }
  process.stdout.write(failures === 0 ? 'all checks passed\n' : `${failures} of ${checks.length} checks failed\n`);
  return failures === 0 ? 0 : 1;
});
