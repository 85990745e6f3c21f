/** Sweeps as a person runs them: the book's search from the form, closed half-way and gone on with; mistakes; promotion. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { choose, goTo, numberOf } from './support/pages.ts';
import { temporaryFolder, type StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';
import { readAffineWeights } from './support/weights.ts';

const RATE = 'optimizer.lr';
/** Epochs of a trial that is to be met while it trains. */
const LONG = 50_000;

async function openSweepForm(studio: StudioApp): Promise<void> {
  await goTo(studio, 'sweeps');
  await studio.byId(TEST_ID.newSweep).click();
  await expect(studio.byId(TEST_ID.pageNewSweep)).toBeVisible();
}

interface ShownTrial {
  readonly trial: number;
  readonly status: string;
  readonly rank: string;
  readonly rate: number;
}
/** The rows in sight, in the order shown. */
async function shownTrials(studio: StudioApp): Promise<ShownTrial[]> {
  const rows = await studio.byId(TEST_ID.trialRow).evaluateAll(
    (list, path) =>
      list
        .map((row) => ({
          top: row.getBoundingClientRect().top,
          trial: Number(row.getAttribute('data-trial')),
          status: row.getAttribute('data-status') ?? '',
          rank: row.getAttribute('data-rank') ?? '',
          rate: Number(row.querySelector(`[data-param="${path}"]`)?.getAttribute('data-value')),
        }))
        .sort((a, b) => a.top - b.top),
    RATE,
  );
  return rows.map(({ top: _top, ...row }) => row);
}

test("the book's search fills the leaderboard, outlives a closed window, and finds the book's range", async ({
  launch,
}) => {
  test.setTimeout(300_000);
  const studio = await launch({ settings: { workers: 2 } });
  await openSweepForm(studio);
  await studio.byId(TEST_ID.sweepPreset('book')).click();
  await studio.byId(TEST_ID.sweepBudget('workers')).fill('2');
  expect(await numberOf(studio, TEST_ID.sweepTotalTrials)).toBe(100);
  await studio.byId(TEST_ID.sweepStart).click();
  await expect(studio.byId(TEST_ID.pageSweep)).toBeVisible();
  await expect.poll(() => numberOf(studio, TEST_ID.sweepEnded), { timeout: 60_000 }).toBeGreaterThan(3);
  const early = await shownTrials(studio);
  expect(early[0]?.status).toBe('running');
  expect(early.filter((row) => row.status === 'completed').length).toBeGreaterThan(2);
  expect(await numberOf(studio, TEST_ID.sweepOpenings)).toBe(0);
  await expect.poll(() => numberOf(studio, TEST_ID.sweepEnded), { timeout: 120_000 }).toBeGreaterThan(40);
  await expectCleanPage(studio);
  const id = (await studio.byId(TEST_ID.pageSweep).getAttribute('data-sweep-id')) ?? '';

  await studio.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  const pause = studio.byId(TEST_ID.closingPause);
  await expect(pause).toBeVisible();
  await pause.evaluate((element) => setTimeout(() => (element as HTMLElement).click(), 50));
  await expect.poll(() => studio.hasEnded, { timeout: 15_000 }).toBe(true);

  const again = await launch({ home: studio.home });
  await goTo(again, 'sweeps');
  const row = again.page.locator(`[data-testid="${TEST_ID.sweepRow}"][data-sweep-id="${id}"]`);
  await expect(row).toHaveAttribute('data-status', 'interrupted');
  await row.getByRole('link').click();
  const before = await numberOf(again, TEST_ID.sweepEnded);
  expect(before).toBeGreaterThan(40);
  expect(before).toBeLessThan(100);
  await again.byId(TEST_ID.sweepResume).click();
  await expect(again.byId(TEST_ID.sweepStatus)).toHaveAttribute('data-status', 'completed', { timeout: 180_000 });
  expect(await numberOf(again, TEST_ID.sweepEnded)).toBe(100);
  // The book reports about 1e-3 to 1e-2 as good; here is a quarter of a decade of room below.
  const best = (await shownTrials(again)).slice(0, 5);
  expect(best.map((one) => one.status)).toEqual(Array.from({ length: 5 }, () => 'completed'));
  for (const { rate } of best) {
    expect(rate).toBeGreaterThan(10 ** -3.25);
    expect(rate).toBeLessThanOrEqual(1e-2);
  }
});

test('a sweep is set up, corrected, searched, taken apart, promoted', async ({ launch }) => {
  const studio = await launch({ settings: { workers: 2 } });
  await goTo(studio, 'sweeps');
  await expect(studio.byId(TEST_ID.sweepsEmpty)).toBeVisible();
  await studio.byId(TEST_ID.newSweep).click();
  await studio.byId(TEST_ID.sweepPreset('optimizer-grid')).click();
  expect(await numberOf(studio, TEST_ID.sweepTotalTrials)).toBe(15);

  // A setting only some optimizers have comes with its condition.
  await choose(studio, TEST_ID.sweepAddParam, 'optimizer.momentum');
  const momentum = studio.page.locator(`[data-testid="${TEST_ID.sweepParam}"][data-path="optimizer.momentum"]`);
  await expect(momentum).toContainText('only when');
  const field = (name: 'min' | 'max' | 'values', path: string) => studio.byId(TEST_ID.sweepParamField(name, path));
  await field('min', 'optimizer.momentum').fill('2');
  await expect(momentum.getByTestId(TEST_ID.sweepParamIssue)).toBeVisible();
  await expect(studio.byId(TEST_ID.sweepStart)).toHaveAttribute('aria-disabled', 'true');
  await expect(studio.byId(TEST_ID.sweepProblems)).toContainText('optimizer.momentum');
  await momentum.getByTestId(TEST_ID.sweepRepair('swap')).click();
  await field('max', 'optimizer.momentum').fill('0.9');
  await field('min', 'optimizer.momentum').fill('0.5');
  await expect(studio.byId(TEST_ID.sweepProblems)).toHaveCount(0);
  // Five values of momentum for one of five optimizers: (4 + 5) · 3.
  expect(await numberOf(studio, TEST_ID.sweepTotalTrials)).toBe(27);
  await momentum.getByTestId('sweep-param-remove').click();

  // The base is edited in the run form's own panels.
  await studio.byId(TEST_ID.sweepBaseEdit).click();
  await studio.byId(TEST_ID.formBatchSize).fill('32');
  await studio.byId(TEST_ID.sweepBaseDone).click();
  await expect(studio.byId('sweep-base')).toContainText('32 · shuffle');
  await studio.byId(TEST_ID.sweepBudget('epochsPerTrial')).fill('6');
  await studio.byId(TEST_ID.sweepStart).click();
  await expect(studio.byId(TEST_ID.sweepStatus)).toHaveAttribute('data-status', 'completed', { timeout: 60_000 });

  await studio.page.keyboard.press('f');
  await studio.byId(TEST_ID.trialsSearch).fill('optimizer:adam lr<0.05');
  await expect(studio.byId(TEST_ID.trialsCount)).toHaveAttribute('data-value', '2');
  const csv = join(await temporaryFolder(), 'trials.csv');
  await studio.answerSaveDialog(csv);
  await studio.byId(TEST_ID.sweepExport).click();
  await studio.byId(TEST_ID.sweepExportCsv).click();
  await expect(studio.byId(TEST_ID.toast)).toContainText('trials.csv');
  const lines = (await readFile(csv, 'utf8')).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^trial,rank,state,score,.*,optimizer\.type,optimizer\.lr$/);
  expect(lines).toHaveLength(3);
  for (const line of lines.slice(1)) expect(line).toMatch(/,adam,0\.(01|001)$/);
  await studio.byId(TEST_ID.trialsSearch).fill('');

  const weights = join(await temporaryFolder(), 'trial.npz');
  await studio.answerSaveDialog(weights);
  await studio.byId(TEST_ID.trialRow).first().click({ button: 'right' });
  await studio.byId(TEST_ID.trialExport).click();
  await expect(studio.byId(TEST_ID.toast).filter({ hasText: 'trial.npz' })).toBeVisible();
  expect((await readAffineWeights(weights)).length).toBeGreaterThan(0);

  // A suggestion wakes the sweep that was over.
  await studio.byId(TEST_ID.leaderQueue).click();
  await choose(studio, TEST_ID.queueField('optimizer.type'), 'adam');
  await choose(studio, TEST_ID.queueField('optimizer.lr'), '0.01');
  await studio.byId(TEST_ID.queueAdd).click();
  await studio.byId(TEST_ID.dialogQueue).getByTestId(TEST_ID.dialogCancel).click();
  await expect.poll(() => numberOf(studio, TEST_ID.sweepEnded), { timeout: 30_000 }).toBe(16);

  await studio.byId(TEST_ID.sweepPromoteBest).click();
  await studio.byId(TEST_ID.dialogConfirm).click();
  await expect(studio.byId(TEST_ID.sweepPromotion)).toContainText('opened once', { timeout: 30_000 });
  expect(await numberOf(studio, TEST_ID.sweepOpenings)).toBe(1);

  await studio.page.keyboard.press('Escape');
  const rows = studio.byId(TEST_ID.trialRow);
  await rows.nth(0).click();
  await rows.nth(1).click({ modifiers: ['Shift'] });
  await studio.byId(TEST_ID.leaderCompare).click();
  await expect(studio.byId(TEST_ID.pageComparison)).toBeVisible();
  await expect(studio.byId(TEST_ID.resultRow)).toHaveCount(2);

  await goTo(studio, 'sweeps');
  await studio.byId(TEST_ID.sweepRowTrash).click();
  await expect(studio.byId(TEST_ID.sweepsEmpty)).toBeVisible();
  await studio.page.keyboard.press('Control+z');
  await expect(studio.byId(TEST_ID.sweepRow)).toHaveCount(1);
  await expectCleanPage(studio);
});

/** Starts a sweep over the learning rate of a small net on digits and opens its page. */
async function openSweep(studio: StudioApp, more: Readonly<Record<string, unknown>>, epochs: number): Promise<void> {
  const base = {
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 16 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.1 },
    training: { epochs, batchSize: 32 },
  };
  const space = { [RATE]: { type: 'log-uniform', min: 0.001, max: 1 } };
  const { id } = await studio.invoke('sweep:start', { spec: { base, space, ...more }, workers: 1 });
  await goTo(studio, 'sweeps');
  const row = studio.page.locator(`[data-testid="${TEST_ID.sweepRow}"][data-sweep-id="${id}"]`);
  await row.getByTestId(TEST_ID.sweepRowName).click();
  await expect(studio.byId(TEST_ID.pageSweep)).toHaveAttribute('data-sweep-id', id);
}

const trialRow = (studio: StudioApp, trial: number) =>
  studio.page.locator(`[data-testid="${TEST_ID.trialRow}"][data-trial="${trial}"]`);

async function choosesOf(studio: StudioApp, trial: number, item: string): Promise<void> {
  await trialRow(studio, trial).click({ button: 'right' });
  await studio.byId(item).click();
}

test('one trial is stopped and tried again, and the queue is put in another order', async ({ launch }) => {
  const studio = await launch();
  await openSweep(studio, { trials: 1 }, LONG);
  await expect(trialRow(studio, 0)).toHaveAttribute('data-status', 'running');
  await studio.byId(TEST_ID.leaderQueue).click();
  for (const [i, rate] of ['0.2', '0.3'].entries()) {
    // Cleared when the one before is on the queue.
    await expect(studio.byId(TEST_ID.queueField(RATE))).toHaveValue('');
    await studio.byId(TEST_ID.queueField(RATE)).fill(rate);
    await studio.byId(TEST_ID.queueAdd).click();
    await expect(studio.byId(TEST_ID.queueItem)).toHaveCount(i + 1);
  }
  await studio.byId(TEST_ID.queueItem).nth(1).getByTestId(TEST_ID.queueUp).click();
  await expect(studio.byId(TEST_ID.queueItem).first()).toContainText('0.3');
  await studio.byId(TEST_ID.dialogQueue).getByTestId(TEST_ID.dialogCancel).click();

  const statuses = async (): Promise<unknown[]> =>
    (await shownTrials(studio))
      .sort((a, b) => a.trial - b.trial)
      .map(({ status, rate }, i) => (i === 0 ? status : rate));
  await choosesOf(studio, 0, TEST_ID.trialStop);
  // What was moved up comes first.
  await expect.poll(statuses).toEqual(['pruned', 0.3]);
  await choosesOf(studio, 1, TEST_ID.trialStop);
  await expect.poll(statuses).toEqual(['pruned', 0.3, 0.2]);
  await choosesOf(studio, 2, TEST_ID.trialStop);
  await expect(studio.byId(TEST_ID.sweepStatus)).toHaveAttribute('data-status', 'completed');

  await choosesOf(studio, 0, TEST_ID.trialRetry);
  await expect(trialRow(studio, 0)).toHaveAttribute('data-status', 'running');
  await choosesOf(studio, 0, TEST_ID.trialStop);
  await expect.poll(statuses).toEqual(['pruned', 0.3, 0.2]);
  await expectCleanPage(studio);
});

test('the ranges of a round are changed before it begins, and hold', async ({ launch }) => {
  const studio = await launch();
  await openSweep(studio, { trials: 8, sampler: { type: 'narrow', rounds: 2, pause: true } }, 2);
  await studio.byId(TEST_ID.sweepRoundLook).click();
  await studio.byId(TEST_ID.narrowField('min', RATE)).fill('0.5');
  await studio.byId(TEST_ID.narrowField('max', RATE)).fill('0.02');
  await studio.byId(TEST_ID.narrowSave).click();
  await expect(studio.byId('dialog-narrow').getByRole('alert')).toBeVisible();
  await studio.byId(TEST_ID.narrowField('min', RATE)).fill('0.01');
  await studio.byId(TEST_ID.narrowSave).click();
  await expect(studio.byId('dialog-narrow')).toHaveCount(0);
  await studio.byId(TEST_ID.sweepResume).click();
  await expect(studio.byId(TEST_ID.sweepStatus)).toHaveAttribute('data-status', 'completed', { timeout: 30_000 });
  // The rows are drawn a moment later.
  const ended = async (): Promise<ShownTrial[]> =>
    (await shownTrials(studio)).filter(({ status }) => status === 'completed');
  await expect.poll(async () => (await ended()).length).toBe(8);
  const trials = await ended();
  for (const { trial, rate } of trials.filter((one) => one.trial >= 4)) {
    expect(rate, `trial ${trial}`).toBeGreaterThanOrEqual(0.01);
    expect(rate, `trial ${trial}`).toBeLessThanOrEqual(0.02);
  }
  await expectCleanPage(studio);
});
