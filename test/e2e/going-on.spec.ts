/**
 * Ten kills in one run, and the run is what it would have been: every logged value, every bin, every weight. Then a
 * fork of it without changes, which must be the same once more.
 */

import Database from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Rng } from '../../engine/math/rng.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { goTo, numberOf, openRun, rowOf, shownRun, waitForStatus } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

const SEED = 20261130;
const KILLS = 10;

/** Batch norm, dropout, momentum, a schedule, shuffling; long enough that ten starts of the app fit into its life. */
const spec = {
  name: 'killed',
  seed: 5,
  data: { source: 'digits', validation: 0.2 },
  model: {
    layers: [
      { type: 'affine', units: 96 },
      { type: 'batch-norm' },
      { type: 'relu' },
      { type: 'dropout', rate: 0.2 },
      { type: 'affine', units: 64 },
      { type: 'batch-norm' },
      { type: 'relu' },
      { type: 'affine', units: 10 },
    ],
  },
  optimizer: { type: 'momentum', lr: 0.02, momentum: 0.9 },
  schedule: { type: 'warmup-cosine', warmup: 100, min: 0.0001 },
  training: { epochs: 6000, batchSize: 32, sampling: 'shuffle', checkpoint: { everyEpochs: 40 } },
};

async function start(studio: StudioApp, name: string): Promise<RunId> {
  return (await studio.invoke('run:start', { spec: { ...spec, name } })) as RunId;
}

/** SHA-256 of everything a run logged that does not depend on the clock, and of its weights. */
function fingerprint(home: string, id: string): Record<string, string | number> {
  const db = new Database(join(home, 'descent.db'), { readonly: true, fileMustExist: true });
  const number = db.prepare<[string], { number: number }>('SELECT number FROM run WHERE id = ?').get(id)?.number ?? -1;
  const curves: Record<string, ReturnType<typeof createHash>> = {};
  let points = 0;
  for (const row of db
    .prepare<[number], { metric: string; split: string; steps: Buffer; values: Buffer; count: number }>(
      `SELECT metric, split, steps, "values", c.count AS count FROM metric_chunk c
       JOIN metric_series s ON s.id = series
       WHERE run = ? AND metric <> 'samples-per-second' ORDER BY metric, split, c.first_step`,
    )
    .iterate(number)) {
    // Chunks may be cut elsewhere: steps and values are hashed apart.
    for (const part of ['steps', 'values'] as const) {
      (curves[`${row.metric} ${row.split} ${part}`] ??= createHash('sha256')).update(row[part]);
    }
    points += row.count;
  }
  const frames = createHash('sha256');
  let count = 0;
  for (const row of db
    .prepare<[number], Record<string, Buffer | number | string | null>>(
      `SELECT kind, layer, edges, step, counts, below, above, non_finite, mean, std FROM histogram_frame
       JOIN histogram_series s ON s.id = series WHERE run = ? ORDER BY kind, layer, step`,
    )
    .iterate(number)) {
    for (const value of Object.values(row)) frames.update(Buffer.isBuffer(value) ? value : `${String(value)};`);
    count++;
  }
  const health = db
    .prepare<[number], { steps: Buffer; values: Buffer }>(
      'SELECT steps, "values" FROM health_chunk WHERE run = ? ORDER BY first_step',
    )
    .all(number);
  const run = db
    .prepare<[number], { weights_sha256: string; status: string; steps_done: number; best_epoch: number }>(
      'SELECT weights_sha256, status, steps_done, best_epoch FROM run WHERE number = ?',
    )
    .get(number);
  db.close();
  return {
    ...run,
    points,
    frames: frames.digest('hex'),
    frameCount: count,
    health: createHash('sha256')
      .update(Buffer.concat(health.map(({ values }) => values)))
      .digest('hex'),
    ...Object.fromEntries(Object.entries(curves).map(([name, hash]) => [name, hash.digest('hex')])),
  };
}

test('killed at ten random moments, a run is what it would have been; so is a fork without changes', async ({
  launch,
}) => {
  test.setTimeout(300_000);
  let studio = await launch();
  const { home } = studio;
  const whole = await start(studio, 'straight');
  await openRun(studio, whole);
  await waitForStatus(studio, 'completed');
  const total = await numberOf(studio, TEST_ID.runStepCounter);

  const rng = Rng.stream(SEED, 'kills');
  const waits = Array.from({ length: KILLS }, () => rng.int(Math.floor(total / 20)));
  console.log(`seed ${SEED}: kills ${waits.join(', ')} steps after going on, of ${total}`);
  const id = await start(studio, 'killed');
  const compared: number[] = [];
  for (const wait of waits) {
    await studio.page.evaluate(
      ({ runId, steps }) =>
        new Promise<void>((resolve, reject) => {
          let from = -1;
          window.studio.openFeed((frame) => {
            if (frame.runs.some((run) => run.id === runId && run.status === 'completed')) {
              reject(new Error('the run ended before it could be killed'));
            }
            for (const run of frame.progress) {
              if (run.id !== runId) continue;
              if (from < 0) from = run.step;
              if (run.step > 0 && run.step >= from + steps) resolve();
            }
          });
        }),
      { runId: id, steps: wait },
    );
    await studio.kill('SIGKILL');
    studio = await launch({ home });
    await goTo(studio, 'runs');
    await expect(rowOf(studio, id)).toHaveAttribute('data-status', 'interrupted');
    await openRun(studio, id);
    await studio.byId(TEST_ID.runContinue).click();
    const verified = studio.byId(TEST_ID.runVerified);
    // The resume before may still be on the screen.
    await expect(verified).toHaveAttribute('data-resumes', String(compared.length + 1));
    await expect(verified).toHaveAttribute('data-steps', /\d+/);
    const steps = await verified.getAttribute('data-steps');
    expect(await verified.getAttribute('data-identical')).toBe(steps);
    compared.push(Number(steps));
  }
  console.log(`losses compared after each: ${compared.join(', ')}, all identical`);
  expect(compared.filter((steps) => steps > 0).length).toBeGreaterThan(KILLS / 2);
  await waitForStatus(studio, 'completed');
  expect(fingerprint(home, id)).toEqual(fingerprint(home, whole));

  // A fork from one of the later checkpoints, through the window.
  await studio.byId(TEST_ID.runMore).click();
  await studio.byId(TEST_ID.runCheckpoints).click();
  const rows = studio.byId(TEST_ID.checkpoint);
  const late = rows.nth(4);
  const step = Number(await late.getAttribute('data-step'));
  expect(step).toBeGreaterThan(0);
  await late.getByTestId(TEST_ID.checkpointFork).click();
  await expect(studio.byId(TEST_ID.formFork)).toContainText(step.toLocaleString('en-US'));
  await studio.byId(TEST_ID.formTrain).click();
  await expect(studio.byId(TEST_ID.pageRun)).not.toHaveAttribute('data-run-id', id);
  const fork = await shownRun(studio);
  await expect(studio.byId(TEST_ID.runOrigin)).toHaveAttribute('data-run-id', id);
  await waitForStatus(studio, 'completed');
  await studio.close();
  expect(fingerprint(home, fork)).toEqual(fingerprint(home, whole));
});
