/**
 * Training in the app against the bare engine: metrics of every step, histograms of every epoch, health at its usual
 * rate, the database on, the run's page open. In turns, as the command line's product path of `npm run bench`.
 *
 *   npm run bench:app [-- ROUNDS]
 */

import { join } from 'node:path';
import { bareStepsPerSecond, PRODUCT_RUNS } from '../../electron/cli/bench/product-path.ts';
import { median } from '../../electron/cli/bench/report.ts';
import { formatIssue, parseRunSpec, type RunSpecInput } from '../../engine/spec/run-spec.ts';
import { needsVirtualDisplay, startVirtualDisplay } from '../../scripts/bootstrap/display.mjs';
import { launchStudio, removeTemporaryFolders, type StudioApp } from '../e2e/support/studio-app.ts';
import { TEST_ID } from '../e2e/support/test-ids.ts';

/** Looked at this often: a request of its own costs the app time. */
const LOOK_MS = 500;

/** Steps a second of the whole run, by the app's own clock of its training time. */
async function appStepsPerSecond(studio: StudioApp, spec: RunSpecInput): Promise<number> {
  const id = await studio.invoke('run:start', { spec });
  await studio.page.evaluate((to) => (globalThis.location.hash = to), `#/runs/${id}`);
  await studio.byId(TEST_ID.runStatus).first().waitFor();
  for (;;) {
    await studio.page.waitForTimeout(LOOK_MS);
    const { status, stepsDone, durationMs } = (await studio.invoke('run:get', { id })).summary;
    if (status === 'completed') return (1000 * stepsDone) / durationMs;
    if (status !== 'queued' && status !== 'running') throw new Error(`the run ${status}`);
  }
}

const rounds = Number(process.argv[2] ?? 3);
if (!(Number.isInteger(rounds) && rounds > 0)) throw new RangeError('usage: npm run bench:app [-- ROUNDS]');
const datasets = join(import.meta.dirname, '..', '..', 'resources', 'datasets');
const display = needsVirtualDisplay() ? await startVirtualDisplay({ size: '1280x800x24' }) : null;
if (display !== null) process.env['DISPLAY'] = display.name;
const studio = await launchStudio();
try {
  for (const [name, input] of Object.entries(PRODUCT_RUNS)) {
    const parsed = parseRunSpec(input);
    if (!parsed.ok) throw new Error(parsed.issues.map(formatIssue).join('; '));
    const shares: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      const bare = await bareStepsPerSecond(parsed.spec, datasets);
      const app = await appStepsPerSecond(studio, input);
      shares.push(app / bare);
      console.log(`${name}, round ${round}: bare engine ${bare.toFixed(0)} steps/s, app ${app.toFixed(0)} steps/s`);
    }
    console.log(`${name}: the app reaches ${(100 * (median(shares) ?? NaN)).toFixed(1)} % of the bare engine (median)`);
  }
} finally {
  await studio.close();
  await removeTemporaryFolders();
  await display?.stop();
}
