import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { isMissing, runForeground } from './bootstrap/child.mjs';
import { needsVirtualDisplay, startVirtualDisplay } from './bootstrap/display.mjs';
import { outFolder, projectFolder } from './bootstrap/paths.mjs';
import { programFile } from './bootstrap/program-file.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';
import { ensureRedisServer } from './bootstrap/system-libraries.mjs';
import { countPlaywright, countVitest, countsLine, sumCounts } from './bootstrap/test-counts.mjs';

/**
 * @typedef {import('./bootstrap/test-counts.mjs').Counts} Counts
 * @typedef {{ counts: Counts | null, status: number }} Run
 */

/**
 * `npm test [-- [--unit | --e2e] [filter …]]`: sets up what is missing, then unit, architecture and store tests, then
 * the end-to-end tests in the real Electron. A filter is a part of a test file's path; filters that begin with `e2e`
 * or `test/e2e` choose end-to-end tests.
 */
await runMain(async () => {
  const plan = choose(process.argv.slice(2));
  const progress = createProgress();
  const workshop = await bootstrap({ progress, electron: plan.e2e, build: ['kernels', 'programs', 'renderer'] });
  if (plan.unit) await ensureRedisServer(progress);
  /** @type {Run[]} */
  const runs = [];
  if (plan.unit) runs.push(await runUnit(workshop, plan.unitFilters));
  if (plan.e2e) runs.push(...(await runEndToEnd(workshop, plan.e2eFilters, progress)));
  const total = sumCounts(runs);
  process.stdout.write(`\n${countsLine(total)}\n`);
  // A filter that fits nothing has proved nothing.
  return total.failed === 0 && total.passed > 0 ? 0 : 1;
});

/** @param {readonly string[]} args */
function choose(args) {
  const filters = args.filter((argument) => argument !== '--unit' && argument !== '--e2e');
  const e2eFilters = filters.filter((filter) => /^(\.\/)?(test\/)?e2e\b/.test(filter));
  const unitFilters = filters.filter((filter) => !e2eFilters.includes(filter));
  return {
    unit: !args.includes('--e2e') && (unitFilters.length > 0 || e2eFilters.length === 0),
    e2e: !args.includes('--unit') && (e2eFilters.length > 0 || unitFilters.length === 0),
    unitFilters,
    e2eFilters,
  };
}

/**
 * @param {import('./bootstrap/bootstrap.mjs').Workshop} workshop
 * @param {readonly string[]} filters
 * @returns {Promise<Run>}
 */
async function runUnit({ node, env }, filters) {
  const report = freshReport('vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const args = [programFile('vitest'), 'run', ...reporters, ...filters];
  const status = await runForeground(node, args, { cwd: projectFolder, env });
  return { counts: readReport(report, countVitest), status };
}

/**
 * Two at a time, then those that measure how a window answers, alone.
 *
 * @param {import('./bootstrap/bootstrap.mjs').Workshop} workshop
 * @param {readonly string[]} filters
 * @param {import('./bootstrap/progress.mjs').Progress} progress
 * @returns {Promise<Run[]>}
 */
async function runEndToEnd(workshop, filters, progress) {
  const virtual = needsVirtualDisplay() ? await startVirtualDisplay() : null;
  if (virtual !== null) progress.note(`no display here: the end-to-end tests run on a virtual one (${virtual.name})`);
  try {
    const display = virtual === null ? {} : { DISPLAY: virtual.name };
    const studio = await runPlaywright(workshop, ['--project=studio', '--workers=2', ...filters], display);
    return [studio, await runPlaywright(workshop, ['--project=responsiveness', '--workers=1', ...filters], display)];
  } finally {
    await virtual?.stop();
  }
}

/**
 * @param {import('./bootstrap/bootstrap.mjs').Workshop} workshop
 * @param {readonly string[]} args
 * @param {{ DISPLAY?: string }} display
 * @returns {Promise<Run>}
 */
async function runPlaywright({ node, env }, args, display) {
  const report = freshReport('playwright.json');
  const status = await runForeground(node, [programFile('playwright'), 'test', '--pass-with-no-tests', ...args], {
    cwd: projectFolder,
    env: { ...env, ...display, PLAYWRIGHT_JSON_OUTPUT_FILE: report, PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD: '1' },
  });
  return { counts: readReport(report, countPlaywright), status };
}

/**
 * @param {string} name
 * @returns {string} path of a report that does not exist yet
 */
function freshReport(name) {
  const folder = join(outFolder, 'test-reports');
  mkdirSync(folder, { recursive: true });
  rmSync(join(folder, name), { force: true });
  return join(folder, name);
}

/**
 * @template Report
 * @param {string} path
 * @param {(report: Report) => Counts} count
 * @returns {Counts | null} null when the runner ended before it wrote its report
 */
function readReport(path, count) {
  try {
    return count(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
