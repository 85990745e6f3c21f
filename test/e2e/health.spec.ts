/** A sick network on its page: lights, reasons, figures as they are stored, charts on the page's axis. */

import { TEST_ID } from './support/test-ids.ts';
import { expect, test } from './support/test.ts';

const SICK = {
  name: 'dead relu',
  data: { source: 'digits' },
  model: {
    layers: [
      { type: 'affine', units: 24 },
      { type: 'relu' },
      { type: 'affine', units: 16, init: { constant: -10 } },
      { type: 'relu' },
      { type: 'affine', units: 10 },
    ],
  },
  optimizer: { type: 'sgd', lr: 0.1 },
  training: { epochs: 20, batchSize: 100, health: { everySteps: 10 } },
} as const;

test('says which layer is dead, why, and what to do', async ({ launch }) => {
  const studio = await launch();
  const id = await studio.invoke('run:start', { spec: SICK });
  await studio.page.evaluate((to) => (globalThis.location.hash = to), `#/runs/${id}`);
  const { page } = studio;
  await expect
    .poll(async () => (await studio.invoke('run:get', { id })).summary.status, { timeout: 60_000 })
    .toBe('completed');

  const row = (name: string) => studio.byId(TEST_ID.healthTable).locator(`tr[data-layer="${name}"]`);
  await expect(row('affine 2')).toHaveAttribute('data-level', 'broken');
  await expect(studio.byId(TEST_ID.healthWords)).toContainText('affine 2: 100% of its units never fire');
  const samples = await studio.invoke('health:read', { id, maxSamples: null });
  const step = Number(await studio.byId(TEST_ID.healthTable).getAttribute('data-step'));
  const at = samples.steps.indexOf(step);
  expect(at).toBeGreaterThanOrEqual(0);
  const shown = async (name: string, measure: string): Promise<number> => {
    return Number(await row(name).locator(`[data-series="${measure}"]`).getAttribute('data-value'));
  };
  // Three layers of six measures a sample.
  expect(await shown('affine 1', 'gradient-norm')).toBe(samples.values[18 * at]);
  expect(await shown('affine 2', 'dead')).toBe(samples.values[18 * at + 10]);
  expect(await shown('affine 3', 'activation-std')).toBe(samples.values[18 * at + 15]);

  await studio.byId(TEST_ID.healthOpen).click();
  await expect(studio.byId(TEST_ID.healthRow)).toHaveCount(3);
  // Dragging in one of its charts zooms the page: the loss chart shows the same stretch.
  const chart = studio.byId(TEST_ID.healthRow).last().getByRole('img').first();
  const box = await chart.boundingBox();
  if (box === null) throw new Error('the chart is not on the screen');
  await page.mouse.move(box.x + box.width * 0.25, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.press('Escape');
  await expect(studio.byId(TEST_ID.healthCharts)).toHaveCount(0);
  await studio.byId('chart-loss-menu').click();
  await studio.byId('chart-loss-menu-table').click();
  const steps = await studio
    .byId('chart-loss-table')
    .locator('tr[data-step]')
    .evaluateAll((rows) => rows.map((one) => Number((one as HTMLElement).dataset['step'])));
  const last = (await studio.invoke('run:get', { id })).summary.stepsDone;
  expect(Math.min(...steps)).toBeGreaterThan(last * 0.15);
  expect(Math.max(...steps)).toBeLessThan(last * 0.85);

  // The same stretch by the clock on the wall.
  await studio.byId(TEST_ID.axis).click();
  await studio.byId('option-wall').click();
  const again = await studio.byId('chart-loss-table').locator('tr[data-step]').count();
  expect(Math.abs(again - steps.length)).toBeLessThan(steps.length / 2);
  await studio.close();
});
