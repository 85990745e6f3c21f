/** The analysis of a sweep in the real app: every chart's figures, importance on its worker, one selection for all. */

import { unpackSweep } from '../../electron/contract/sweeps.ts';
import type { SweepId } from '../../engine/spec/ids.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

const TRIALS = 12;
const SWEEP = {
  name: 'short search',
  seed: 2,
  base: {
    data: { source: 'iris' },
    model: { layers: [{ type: 'affine', units: 8 }, { type: 'relu' }, { type: 'affine', units: 3 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { epochs: 5, batchSize: 20 },
  },
  space: {
    'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1 },
    'model.layers.0.units': { type: 'int', min: 4, max: 32, step: 4 },
  },
  trials: TRIALS,
};

async function finishedSweep(studio: StudioApp): Promise<SweepId> {
  const { id } = await studio.invoke('sweep:start', { spec: SWEEP });
  await expect
    .poll(async () => (await studio.invoke('sweep:list', { trash: false }))[0]?.status, { timeout: 60_000 })
    .toBe('completed');
  return id;
}

/** A chart's own table, row after row as it is written in full. */
async function tableOf(studio: StudioApp, panel: string): Promise<string[][]> {
  await studio.byId(TEST_ID.chartMenu(panel)).click();
  await studio.byId(TEST_ID.chartMenuTable(panel)).click();
  return studio
    .byId(TEST_ID.chartTable(panel))
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => cell.dataset['value'] ?? '')),
    );
}

test('charts of a sweep agree with its trials, and a brush holds for all of them', async ({ launch }) => {
  const studio = await launch({ settings: { workers: 2 } });
  const id = await finishedSweep(studio);
  const { trials } = unpackSweep(await studio.invoke('sweep:get', { id }));
  await studio.page.evaluate((sweep) => (location.hash = `#/sweeps/${sweep}`), id);
  await studio.byId(TEST_ID.sweepAnalysis).waitFor();

  // A worker of the page, under the app's own security policy.
  const importance = studio.byId(TEST_ID.analysisImportance);
  await expect(importance.getByRole('img')).toHaveAttribute('aria-label', /optimizer\.lr \d/);
  const shares = await tableOf(studio, TEST_ID.analysisImportance);
  expect(shares.map(([name]) => name)).toEqual([...Object.keys(SWEEP.space), 'rest']);
  const total = shares.reduce((sum, [, share]) => sum + Number(share), 0);
  expect(total).toBeGreaterThan(0.9);
  expect(total).toBeLessThan(1.1);

  const history = await tableOf(studio, TEST_ID.analysisHistory);
  expect(history.map(([trial, , score]) => [Number(trial), Number(score)])).toEqual(
    trials.map(({ number, score }) => [number, score]),
  );
  await studio.byId(TEST_ID.analysisView('curves')).click();
  const curves = await tableOf(studio, TEST_ID.analysisCurves);
  expect(curves).toHaveLength(TRIALS * SWEEP.base.training.epochs);

  // The upper half of the first axis, the learning rate: 0.01 and more.
  const parallel = studio.byId(TEST_ID.analysisParallel).locator('.surface');
  await parallel.focus();
  await studio.page.keyboard.press('ArrowRight');
  for (let i = 0; i < 10; i++) await studio.page.keyboard.press('Shift+ArrowUp');
  const kept = trials.filter(({ params }) => Number(params['optimizer.lr']) >= 0.01).length;
  await expect(studio.byId(TEST_ID.analysisParallel)).toContainText(`${kept} of ${TRIALS} trials`);
  await expect(studio.byId(TEST_ID.trialRow)).toHaveCount(kept);
  await studio.page.keyboard.press('Escape');
  await expect(studio.byId(TEST_ID.trialRow)).toHaveCount(TRIALS);
  await expectCleanPage(studio);
});
