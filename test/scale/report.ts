/** The figures as a table for the terminal and as docs/scale.md. */

import { readFileSync } from 'node:fs';
import { machineName } from '../../electron/cli/bench/report.ts';
import { installedElectron } from '../../scripts/electron-runtime.mjs';
import type { GeneratedDatabase } from './database.ts';
import { holds, type Figure } from './measurement.ts';

export function line(figure: Figure): string {
  const { name, unit, value, limit, note } = figure;
  const bound = 'atMost' in limit ? `at most ${limit.atMost}` : `at least ${limit.atLeast}`;
  const number = Math.round(value).toLocaleString('en');
  return `| ${name} | ${number} ${unit} | ${bound} ${unit} | ${holds(figure) ? 'yes' : '**no**'} | ${note} |`;
}

/** docs/scale.md, whole. `load`: of the machine when it began, runnable processes over the last minute. */
export function report(database: GeneratedDatabase, figures: readonly Figure[], load: number): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  const runs = database.runs.toLocaleString('en');
  const points = database.points.toLocaleString('en');
  return `# Scale

Written by \`npm run scale\` with Descent ${version} on ${new Date().toISOString().slice(0, 10)}: the real app on a database of ${runs} runs and ${points} metric points, 20 of them night-long runs of 102,000 points. The database is made by the store's own writes the first time and kept in \`out/scale\`.

Machine: ${machineName()}; ${electronName()}, window 1280 × 800. Other programs kept ${load.toFixed(1)} processors busy when it began.

| what | measured | limit | holds | |
|---|---|---|---|---|
${figures.map(line).join('\n')}

Answers are timed in the page, from the input event to the frame that shows the result. The start counts from before the process is made, the test driver's own part included. Frames are those in which the chart in hand was drawn anew, with 20 curves of different colours and dashes, while the wheel or the mouse reports 125 times a second. The main process sends the events: those of the test driver would each wait until the frame of the one before is on the screen, so that little more than every second frame of 60 could be seen. Memory is the proportional set size of the main process and all its children.

\`npm run scale -- --only start,table\` measures a part; \`--runs 2000\` on a smaller database. A measurement is a file in \`test/scale/measurements\`, named in \`test/scale/main.ts\`.
`;
}

function electronName(): string {
  const { version, source } = installedElectron() ?? { version: 'none', source: 'none' };
  return `Electron ${version} (${source})`;
}
