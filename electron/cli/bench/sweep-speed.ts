/** How much sooner two workers are done with a sweep than one. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import { runDescent } from './descent-process.ts';
import { median, type Result } from './report.ts';

const TRIALS = 20;

/** Trials of about half a second, all equally long, so that none is waited for at the end. */
const SWEEP: SweepSpecInput = {
  name: 'bench: sweep',
  base: {
    data: { source: 'fashion-mnist', limit: 10_000 },
    model: {
      layers: [
        { repeat: 5, layers: [{ type: 'affine', units: 100 }, { type: 'relu' }] },
        { type: 'affine', units: 10 },
      ],
    },
    optimizer: { type: 'sgd', lr: 0.01 },
    training: { batchSize: 100, epochs: 12 },
  },
  space: { 'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1e-1 } },
  trials: TRIALS,
};

const finishedSchema = z.object({
  event: z.literal('finished'),
  status: z.literal('completed'),
  trials: z.literal(TRIALS),
});

/** The whole command, from the start of its process to its end; the two take turns. */
export async function measureSweeps(
  script: string,
  rounds: number,
  progress: (text: string) => void,
): Promise<Result[]> {
  const folder = mkdtempSync(join(tmpdir(), 'descent-bench-'));
  try {
    const file = join(folder, 'sweep.json');
    writeFileSync(file, JSON.stringify(SWEEP));
    const seconds: { readonly one: number[]; readonly two: number[] } = { one: [], two: [] };
    for (let round = 1; round <= rounds; round++) {
      progress(`round ${round} of ${rounds}: a sweep of ${TRIALS} trials, one worker and two`);
      for (const [workers, times] of [
        ['1', seconds.one],
        ['2', seconds.two],
      ] as const) {
        const db = join(folder, `${round}-${workers}.db`);
        const output = await runDescent(script, ['sweep', file, '--json', '--workers', workers, '--db', db]);
        finishedSchema.parse(JSON.parse(output.lines.at(-1) ?? 'null'));
        times.push(output.seconds);
      }
    }
    const shares = seconds.two.map((time, i) => time / (seconds.one[i] ?? NaN));
    const common = { peer: 'descent sweep', share: null };
    const name = `sweep of ${TRIALS} trials`;
    return [
      { ...common, workload: `${name}, 1 worker`, metric: 's', value: median(seconds.one), rounds: seconds.one },
      { ...common, workload: `${name}, 2 workers`, metric: 's', value: median(seconds.two), rounds: seconds.two },
      { ...common, workload: name, metric: 'of the time with two workers', value: median(shares), rounds: shares },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
