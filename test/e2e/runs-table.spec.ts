/** The runs table by mouse and by keyboard: sort, search, select, rename, trash and back, and away for good. */

import type { Page } from '@playwright/test';
import type { RunId } from '../../engine/spec/ids.ts';
import { goTo, rowOf } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

/** Trains a tiny net under that name and waits for its end. */
async function trainNamed(studio: StudioApp, name: string, lr: number): Promise<RunId> {
  const spec = {
    name,
    seed: 1,
    data: { source: 'iris' },
    model: { layers: [{ type: 'affine', units: 3 }] },
    optimizer: { type: 'sgd', lr },
    training: { batchSize: 30, epochs: 3 },
  };
  const id = await studio.invoke('run:start', { spec });
  await expect.poll(async () => (await studio.invoke('run:get', { id })).summary.status).toBe('completed');
  return id;
}

const names = (page: Page): Promise<string[]> =>
  page.getByTestId(TEST_ID.runRowName).evaluateAll((list) => list.map((one) => one.textContent.trim()));
const counts = async (studio: StudioApp): Promise<(string | undefined)[]> =>
  Promise.all(
    [TEST_ID.runsTabAll, TEST_ID.runsTabTrash].map(async (tab) => /\d+/.exec(await studio.byId(tab).innerText())?.[0]),
  );

test('sort, search, rename, delete, undo, restore and delete for good', async ({ launch }) => {
  const studio = await launch();
  const alpha = await trainNamed(studio, 'alpha', 0.1);
  await trainNamed(studio, 'beta', 0.001);
  await trainNamed(studio, 'gamma', 0.01);
  await expect(studio.byId(TEST_ID.runRow)).toHaveCount(3);
  expect(await names(studio.page)).toEqual(['gamma', 'beta', 'alpha']);

  // Sorting: largest rate first, then the other way round, then newest first again.
  const head = studio.byId(TEST_ID.runsSort('lr'));
  await head.click();
  await expect(head).toHaveAttribute('aria-sort', 'descending');
  await studio.page.mouse.move(640, 20);
  await expect.poll(() => names(studio.page)).toEqual(['alpha', 'gamma', 'beta']);
  await head.click();
  await expect.poll(() => names(studio.page)).toEqual(['beta', 'gamma', 'alpha']);
  await head.click();
  await expect.poll(() => names(studio.page)).toEqual(['gamma', 'beta', 'alpha']);

  // Searching, by keyboard.
  await studio.page.keyboard.press('f');
  await studio.page.keyboard.type('iris alp');
  await expect.poll(() => names(studio.page)).toEqual(['alpha']);
  await studio.page.keyboard.press('Escape');
  await expect(studio.byId(TEST_ID.runRow)).toHaveCount(3);
  await studio.page.keyboard.press('Escape');

  // Renaming in place: End goes to the last row.
  await studio.page.keyboard.press('End');
  await studio.page.keyboard.press('F2');
  await expect(studio.byId(TEST_ID.runRowRename)).toBeFocused();
  await studio.page.keyboard.type('delta');
  await studio.page.keyboard.press('Enter');
  await expect(rowOf(studio, alpha).getByTestId(TEST_ID.runRowName)).toHaveText('delta');
  expect((await studio.invoke('run:get', { id: alpha })).summary.name).toBe('delta');
  await studio.page.keyboard.press('Control+z');
  await expect(rowOf(studio, alpha).getByTestId(TEST_ID.runRowName)).toHaveText('alpha');
  expect((await studio.invoke('run:get', { id: alpha })).summary.name).toBe('alpha');

  // Two rows to the trash, back with Ctrl Z, again with the redo.
  await studio.page.keyboard.press('End');
  await studio.page.keyboard.press('Shift+ArrowUp');
  await expect(studio.byId(TEST_ID.selectionBar)).toContainText('2');
  await studio.page.keyboard.press('Delete');
  await expect.poll(() => names(studio.page)).toEqual(['gamma']);
  expect(await counts(studio)).toEqual(['1', '2']);
  await expect(studio.byId(TEST_ID.toast).last()).toContainText('2 runs moved to trash');
  await studio.page.keyboard.press('Control+z');
  await expect.poll(() => counts(studio)).toEqual(['3', '0']);
  await studio.page.keyboard.press('Control+Shift+Z');
  await expect.poll(() => counts(studio)).toEqual(['1', '2']);

  // In the trash: one back, the other away for good after a question whose safe answer has the focus.
  await studio.byId(TEST_ID.runsTabTrash).click();
  await rowOf(studio, alpha).getByTestId(TEST_ID.runRowCheck).click();
  await studio.byId(TEST_ID.selectionRestore).click();
  await expect.poll(() => counts(studio)).toEqual(['2', '1']);
  await studio.byId(TEST_ID.runRowCheck).click();
  await studio.byId(TEST_ID.selectionPurge).click();
  await expect(studio.byId(TEST_ID.dialogCancel)).toBeFocused();
  await studio.page.keyboard.press('Escape');
  await expect(studio.byId(TEST_ID.dialogConfirm)).toHaveCount(0);
  expect(await counts(studio)).toEqual(['2', '1']);
  await studio.byId(TEST_ID.selectionPurge).click();
  await studio.byId(TEST_ID.dialogConfirm).click();
  await expect.poll(() => counts(studio)).toEqual(['2', '0']);
  expect(await studio.runs({ trash: true })).toEqual([]);
  await expectCleanPage(studio);
});

test('every kind of overlay obeys the policy and gives the keyboard back', async ({ launch }) => {
  const studio = await launch();
  await trainNamed(studio, 'alpha', 0.1);
  const { page } = studio;
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-query').fill('settings');
  await page.keyboard.press('Enter');
  await expect(studio.byId(TEST_ID.pageSettings)).toBeVisible();
  await studio.byId(TEST_ID.settingsKernels).click();
  await studio.byId(TEST_ID.option('reference')).click();
  await expect.poll(async () => (await studio.invoke('settings:get', undefined)).kernels).toBe('reference');
  await goTo(studio, 'runs');
  await page.keyboard.press('?');
  await expect(page.getByRole('alertdialog')).toBeVisible();
  await page.keyboard.press('n');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await expect(studio.byId(TEST_ID.pageRuns)).toBeVisible();
  await studio.byId(TEST_ID.runRow).click({ button: 'right' });
  await expect(page.getByRole('menu')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await page.keyboard.press('Control+b');
  await expect.poll(async () => (await studio.invoke('settings:get', undefined)).navigationFolded).toBe(true);
  await page.keyboard.press('n');
  await expect(studio.byId(TEST_ID.pageNewRun)).toBeVisible();
  await expectCleanPage(studio);
});

test('an interrupted run goes on from its row', async ({ launch }) => {
  const studio = await launch();
  const id = await studio.invoke('run:start', {
    spec: {
      name: 'long',
      seed: 1,
      data: { source: 'digits' },
      model: { layers: [{ type: 'affine', units: 10 }] },
      optimizer: { type: 'sgd', lr: 0.1 },
      training: { batchSize: 100, epochs: 200_000 },
    },
  });
  await expect.poll(async () => (await studio.invoke('run:get', { id })).checkpoint?.step ?? 0).toBeGreaterThan(0);
  await studio.kill();

  const again = await launch({ home: studio.home });
  const row = rowOf(again, id);
  await expect(row).toHaveAttribute('data-status', 'interrupted');
  await row.getByTestId('run-row-resume').click();
  await expect(row).toHaveAttribute('data-status', 'running');
  await expect(again.byId(TEST_ID.navLiveRun)).toHaveAttribute('data-run-id', id);
  // What trains cannot be thrown away: the button says why.
  await row.getByTestId(TEST_ID.runRowCheck).click();
  await expect(again.byId(TEST_ID.selectionDelete)).toBeDisabled();
  await again.invoke('run:control', { id, action: 'stop' });
  await expect(row).toHaveAttribute('data-status', 'stopped');
  await expect(again.byId(TEST_ID.selectionDelete)).toBeEnabled();
});
