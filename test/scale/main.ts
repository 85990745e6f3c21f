/**
 * `npm run scale [-- --runs 10000 --only start,table]`: makes the database, measures the real app on it, prints a
 * table, and writes docs/scale.md when everything was measured at full size.
 */

import { writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { needsVirtualDisplay, startVirtualDisplay } from '../../scripts/bootstrap/display.mjs';
import { removeTemporaryFolders } from '../e2e/support/studio-app.ts';
import { generateDatabase } from './database.ts';
import { holds, type Figure, type Measurement } from './measurement.ts';
import { comparison } from './measurements/comparison.ts';
import { memory } from './measurements/memory.ts';
import { panZoom } from './measurements/pan-zoom.ts';
import { runsTable } from './measurements/runs-table.ts';
import { start } from './measurements/start.ts';
import { sweepCharts } from './measurements/sweep-charts.ts';
import { sweep } from './measurements/sweep.ts';
import { line, report } from './report.ts';

const MEASUREMENTS: readonly Measurement[] = [start, runsTable, comparison, panZoom, memory, sweep, sweepCharts];
const ALL_RUNS = 10_000;
const project = fileURLToPath(new URL('../..', import.meta.url));

const { values } = parseArgs({ options: { runs: { type: 'string' }, only: { type: 'string' } } });
const runs = Number(values.runs ?? ALL_RUNS);
const only = values.only?.split(',') ?? null;
const unknown = only?.filter((name) => !MEASUREMENTS.some((one) => one.name === name)) ?? [];
if (!Number.isInteger(runs) || runs < 100 || unknown.length > 0) {
  const names = MEASUREMENTS.map((one) => one.name).join(', ');
  console.error(`usage: npm run scale [-- --runs N --only NAME,…]; N from 100, NAME one of ${names}`);
  process.exit(2);
}

const display = needsVirtualDisplay() ? await startVirtualDisplay({ size: '1920x1200x24' }) : null;
if (display !== null) process.env['DISPLAY'] = display.name;
try {
  process.exitCode = await measureAll();
} finally {
  await removeTemporaryFolders();
  await display?.stop();
}

async function measureAll(): Promise<number> {
  const database = generateDatabase(join(project, 'out', 'scale'), runs, (written) => {
    if (written % 1000 === 0) console.error(`making the database: ${written} of ${runs} runs`);
  });
  // A machine that does other things measures nothing well; the report says so.
  const [load = NaN] = loadavg();
  console.log(`${database.runs.toLocaleString('en')} runs, ${database.points.toLocaleString('en')} metric points`);
  const figures: Figure[] = [];
  for (const { name, measure } of MEASUREMENTS) {
    if (only !== null && !only.includes(name)) continue;
    for (const figure of await measure(database)) {
      figures.push(figure);
      console.log(line(figure));
    }
  }
  if (only === null && runs === ALL_RUNS)
    writeFileSync(join(project, 'docs', 'scale.md'), report(database, figures, load));
  return figures.every(holds) ? 0 : 1;
}
