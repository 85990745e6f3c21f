/** Sweeps in the real app, through what its pages can ask: `kill -9` in the middle, and a window closed meanwhile. */

import { unpackSweep, type SweepDetail, type TrialReport } from '../../electron/contract/sweeps.ts';
import type { FeedFrame } from '../../electron/contract/feed.ts';
import type { SweepId } from '../../engine/spec/ids.ts';
import type { SweepStatus } from '../../engine/spec/sweep-status.ts';
import { StoredRuns } from './support/stored.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

/** Enough that the end is seconds away when the first ones have ended, on a busy machine too. */
const TRIALS = 20;
const SWEEP = {
  name: 'killed search',
  seed: 4,
  base: {
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 32 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { epochs: 200, batchSize: 20 },
  },
  space: {
    'optimizer.lr': { type: 'log-uniform', min: 1e-3, max: 1 },
    'model.layers.0.units': { type: 'int', min: 8, max: 64, step: 8 },
  },
  trials: TRIALS,
};

async function read(studio: StudioApp, id: SweepId): Promise<SweepDetail> {
  return unpackSweep(await studio.invoke('sweep:get', { id }));
}

async function waitForSweep(studio: StudioApp, id: SweepId, status: SweepStatus): Promise<SweepDetail> {
  await expect
    .poll(async () => (await studio.invoke('sweep:list', { trash: false })).find((row) => row.id === id)?.status, {
      timeout: 60_000,
    })
    .toBe(status);
  return read(studio, id);
}

/** What must not depend on what happened meanwhile. */
function results({ trials }: SweepDetail): unknown[] {
  return trials.map(({ number, params, status, score, epochs, runs }) => [
    number,
    params,
    status,
    score,
    epochs,
    runs.length,
  ]);
}

/** Remembers in the page what its feed says about a sweep. */
async function follow(studio: StudioApp, id: SweepId): Promise<void> {
  await studio.page.evaluate((sweep) => {
    const heard: FeedFrame[] = [];
    Reflect.set(window, '__heard', heard);
    window.studio.openFeed((frame) => void heard.push(frame)).send({ type: 'watch-sweeps', sweeps: [sweep] });
  }, id);
}
async function heard(studio: StudioApp): Promise<FeedFrame[]> {
  return studio.page.evaluate(() => Reflect.get(window, '__heard') as FeedFrame[]);
}

test('a sweep killed in the middle goes on where it was and ends like one that was not', async ({ launch }) => {
  const studio = await launch({ settings: { workers: 2 } });
  const wrong = studio.invoke('sweep:start', { spec: { ...SWEEP, seed: -1 } });
  await expect(wrong).rejects.toThrow(/"spec_invalid".*"path":"seed"/);
  const { id } = await studio.invoke('sweep:start', { spec: SWEEP });
  await follow(studio, id);
  // In the middle of two trials, with others behind them.
  const isMiddle = ({ trials }: SweepDetail): boolean =>
    trials.filter(({ ended }) => ended !== null).length >= 2 && trials.some((t) => t.ended === null && t.epochs > 5);
  await expect.poll(async () => isMiddle(await read(studio, id)), { timeout: 60_000, intervals: [50] }).toBe(true);
  const frames = await heard(studio);
  const ended = (await read(studio, id)).trials.filter((trial) => trial.ended !== null);
  await studio.kill('SIGKILL');

  expect(frames.flatMap(({ sweeps }) => sweeps).at(-1)).toMatchObject({ id, name: 'killed search', status: 'running' });
  expect(frames.flatMap(({ trials }) => trials).length).toBeGreaterThan(0);
  const reports = frames.flatMap((frame): readonly TrialReport[] => frame.reports);
  const epochs = reports.filter(({ trial }) => trial === reports.at(-1)?.trial).map(({ epoch }) => epoch);
  expect(epochs).toEqual(epochs.map((_, i) => (epochs[0] ?? 0) + i));
  expect(frames.flatMap(({ notices }) => notices)).toEqual([]);
  const stored = new StoredRuns(studio.home);
  expect(stored.integrity()).toBe('ok');
  stored.close();

  const again = await launch({ home: studio.home });
  const interrupted = await read(again, id);
  expect(interrupted.summary).toMatchObject({ status: 'interrupted', counts: { running: 0 } });
  expect(interrupted.trials).toEqual(expect.arrayContaining(ended));
  await again.invoke('sweep:control', { id, action: 'resume' });
  const resumed = await waitForSweep(again, id, 'completed');
  const { id: whole } = await again.invoke('sweep:start', { spec: SWEEP });
  expect(results(resumed)).toEqual(results(await waitForSweep(again, whole, 'completed')));
  expect(resumed.trials.map(({ number }) => number)).toEqual(Array.from({ length: TRIALS }, (_, i) => i));

  const run = await again.invoke('sweep:promote', { id, trial: null });
  await expect
    .poll(async () => (await again.invoke('run:get', { id: run })).summary.status, { timeout: 30_000 })
    .toBe('completed');
  const [promotion] = (await read(again, id)).promotions;
  expect(promotion).toMatchObject({ run, trial: resumed.summary.best?.trial, status: 'completed' });
  expect(promotion?.testAccuracy).toBeGreaterThan(0.9);
  expect((await read(again, id)).summary.testOpenings).toBe(1);
});

test('a window closed while a sweep runs asks first; pausing leaves the sweep to be gone on with', async ({
  launch,
}) => {
  const studio = await launch({ settings: { workers: 1 } });
  const { id } = await studio.invoke('sweep:start', { spec: { ...SWEEP, epochsPerTrial: 20_000 } });
  await expect.poll(async () => (await read(studio, id)).trials.some(({ epochs }) => epochs > 3)).toBe(true);
  await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const button = studio.byId(TEST_ID.closingPause);
  await expect(button).toBeVisible();
  // The page may not live to confirm it.
  await button.evaluate((element) => setTimeout(() => (element as HTMLElement).click(), 50));
  await expect.poll(() => studio.hasEnded, { timeout: 8000 }).toBe(true);

  const again = await launch({ home: studio.home });
  const { summary, trials } = await read(again, id);
  expect(summary.status).toBe('interrupted');
  expect(trials.at(-1)).toMatchObject({ status: 'interrupted' });
  await again.invoke('sweep:control', { id, action: 'resume' });
  await waitForSweep(again, id, 'running');
  await expect
    .poll(async () => (await read(again, id)).trials.at(-1)?.epochs)
    .toBeGreaterThan(trials.at(-1)?.epochs ?? 0);
  await again.invoke('sweep:control', { id, action: 'stop' });
  await waitForSweep(again, id, 'stopped');
});
