import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { outFolder, projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain, SetupError } from './bootstrap/setup-error.mjs';

/**
 * `npm run accuracy [-- [--seeds 1,2,3] [--only digits,…]]`: trains the example networks from their spec files, reads
 * the test split once at the end of each run, prints a table and writes it to docs/accuracy.md when every example and
 * every default seed was run.
 */

const EXAMPLES = [
  { name: 'digits', file: 'digits.json', goal: 0.98 },
  { name: 'fashion-mnist-mlp', file: 'fashion-mnist-mlp.json', goal: 0.893 },
  { name: 'fashion-mnist-cnn', file: 'fashion-mnist-cnn.json', goal: 0.925 },
];
const DEFAULT_SEEDS = [1, 2, 3];
const reportPath = join(projectFolder, 'docs', 'accuracy.md');

/** @typedef {{ name: string, seed: number, goal: number, parameters: number, kernels: string, seconds: number, testAccuracy: number, wallSeconds: number }} Row */

await runMain(async () => {
  const { seeds, only } = options(process.argv.slice(2));
  const { node, env } = await bootstrap({ progress: createProgress(), build: ['kernels', 'programs'] });
  const home = mkdtempSync(join(tmpdir(), 'descent-accuracy-'));
  /** @type {Row[]} */
  const rows = [];
  try {
    for (const example of EXAMPLES.filter(({ name }) => only === null || only.includes(name))) {
      for (const seed of seeds) {
        const row = await train(node, { ...env, DESCENT_HOME: home }, example, seed);
        rows.push(row);
        process.stdout.write(`${line(row)}\n`);
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
  if (only === null && seeds.join() === DEFAULT_SEEDS.join()) writeFileSync(reportPath, report(rows));
  const missed = rows.filter(({ testAccuracy, goal }) => testAccuracy < goal);
  for (const { name, seed } of missed) process.stdout.write(`below its goal: ${name}, seed ${seed}\n`);
  return missed.length === 0 ? 0 : 1;
});

/** @param {readonly string[]} args */
function options(args) {
  let seeds = DEFAULT_SEEDS;
  /** @type {string[] | null} */
  let only = null;
  for (let i = 0; i < args.length; i += 2) {
    const [name, value = ''] = [args[i], args[i + 1]];
    if (name === '--seeds') seeds = value.split(',').map(Number);
    else if (name === '--only') only = value.split(',');
    else throw new SetupError(`Unknown option ${name}.`, 'Usage: npm run accuracy -- [--seeds 1,2,3] [--only digits]');
  }
  if (!seeds.every((seed) => Number.isInteger(seed) && seed >= 0))
    throw new SetupError('Seeds must be whole numbers from 0.', 'For example: --seeds 1,2,3');
  return { seeds, only };
}

/**
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 * @param {{ name: string, file: string, goal: number }} example
 * @param {number} seed
 * @returns {Promise<Row>}
 */
async function train(node, env, { name, file, goal }, seed) {
  const began = performance.now();
  const args = [join(outFolder, 'cli', 'descent.mjs'), 'train', join(projectFolder, 'examples', file), '--json'];
  const child = spawn(node, [...args, '--seed', String(seed)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  /** @type {Map<string, any>} */
  const events = new Map();
  for await (const text of createInterface({ input: child.stdout })) {
    // A step's line is of no use here and there are thousands of them.
    if (text.startsWith('{"event":"step"')) continue;
    const event = JSON.parse(text);
    events.set(event.event, event);
  }
  const { started, finished } = Object.fromEntries(events);
  if (finished?.status !== 'completed') throw new Error(`${name}, seed ${seed}: ${finished?.status ?? 'no result'}`);
  const wallSeconds = (performance.now() - began) / 1000;
  const { parameters, kernels } = started;
  const { seconds, testAccuracy } = finished;
  return { name, seed, goal, parameters, kernels, seconds, testAccuracy, wallSeconds };
}

/** @param {Row} row */
function line({ name, seed, parameters, kernels, testAccuracy, goal, wallSeconds }) {
  const percent = (/** @type {number} */ share) => `${(share * 100).toFixed(2)} %`;
  return `| ${name} | ${parameters.toLocaleString('en-US')} | ${seed} | ${percent(testAccuracy)} | ${percent(goal)} | ${wallSeconds.toFixed(0)} s | ${kernels} |`;
}

/** @param {readonly Row[]} rows */
function report(rows) {
  const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  const machine = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}, ${process.platform} ${process.arch}`;
  return `# Accuracy of the examples

Measured by \`npm run accuracy\` with Descent ${version} on ${new Date().toISOString().slice(0, 10)}: ${machine}. The test split is read once, after the last step. Time is the whole command, data and start-up included.

| example | parameters | seed | test accuracy | goal | time | kernels |
|---|---|---|---|---|---|---|
${rows.map(line).join('\n')}
`;
}
