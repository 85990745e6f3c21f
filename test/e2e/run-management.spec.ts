/** Tags, stars, notes, the archive, the query bar and the columns, in the real app and over a restart. */

import type { Page } from '@playwright/test';
import type { RunId } from '../../engine/spec/ids.ts';
import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import { rowOf } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

type Optimizer = NonNullable<RunSpecInput['optimizer']>;

/** Trains a tiny net under that name and waits for its end. */
async function trainNamed(studio: StudioApp, name: string, optimizer: Optimizer): Promise<RunId> {
  const spec: RunSpecInput = {
    name,
    seed: 1,
    data: { source: 'iris' },
    model: { layers: [{ type: 'affine', units: 3 }] },
    optimizer,
    training: { batchSize: 30, epochs: 3 },
  };
  const id = await studio.invoke('run:start', { spec });
  await expect.poll(async () => (await studio.invoke('run:get', { id })).summary.status).toBe('completed');
  return id;
}

async function trainThree(studio: StudioApp): Promise<{ alpha: RunId; beta: RunId; gamma: RunId }> {
  const alpha = await trainNamed(studio, 'alpha', { type: 'adam', lr: 0.001 });
  const beta = await trainNamed(studio, 'beta', { type: 'adam', lr: 0.1 });
  const gamma = await trainNamed(studio, 'gamma', { type: 'sgd', lr: 0.001 });
  await expect(studio.byId(TEST_ID.runRow)).toHaveCount(3);
  return { alpha, beta, gamma };
}

const names = (page: Page): Promise<string[]> =>
  page.getByTestId(TEST_ID.runRowName).evaluateAll((list) => list.map((one) => one.textContent.trim()));
const summary = async (studio: StudioApp, id: RunId) => (await studio.invoke('run:get', { id })).summary;
const tabCount = async (studio: StudioApp, tab: 'all' | 'starred' | 'archived'): Promise<number> =>
  Number(/\d+/.exec(await studio.byId(TEST_ID.runsTab(tab)).innerText())?.[0] ?? NaN);

test('tags, stars and the archive, with Undo and over a restart', async ({ launch }) => {
  const studio = await launch();
  const { page } = studio;
  const { alpha, beta, gamma } = await trainThree(studio);

  // A tag for two runs: T, type, Enter; the editor stays open for more.
  await rowOf(studio, alpha).getByTestId(TEST_ID.runRowCheck).click();
  await rowOf(studio, beta).getByTestId(TEST_ID.runRowCheck).click();
  await page.keyboard.press('t');
  await expect(page.getByTestId(TEST_ID.tagInput)).toBeFocused();
  await page.keyboard.type('cnn');
  await page.keyboard.press('Enter');
  await expect(page.locator(`[data-testid="${TEST_ID.tagChoice}"][data-tag="cnn"]`)).toHaveAttribute(
    'data-state',
    'all',
  );
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(TEST_ID.tagEditor)).toHaveCount(0);
  await expect(rowOf(studio, alpha).getByTestId(TEST_ID.runRowTag)).toHaveText(['cnn']);
  expect((await summary(studio, beta)).tags).toEqual(['cnn']);
  expect((await summary(studio, gamma)).tags).toEqual([]);

  // On all three it is on some; a click makes it all, Undo takes it from the one that did not have it.
  await rowOf(studio, gamma).getByTestId(TEST_ID.runRowCheck).click();
  await page.getByTestId(TEST_ID.selectionTag).click();
  const choice = page.locator(`[data-testid="${TEST_ID.tagChoice}"][data-tag="cnn"]`);
  await expect(choice).toHaveAttribute('data-state', 'some');
  await choice.click();
  await expect(choice).toHaveAttribute('data-state', 'all');
  await page.keyboard.press('Escape');
  expect((await summary(studio, gamma)).tags).toEqual(['cnn']);
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await summary(studio, gamma)).tags).toEqual([]);
  expect((await summary(studio, alpha)).tags).toEqual(['cnn']);
  await page.keyboard.press('Escape');

  // From the palette too, for the row of the cursor.
  await page.keyboard.press('End');
  await page.keyboard.press('Control+k');
  await page.getByTestId('palette-query').fill('tags alpha');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(TEST_ID.tagInput)).toBeFocused();
  await page.keyboard.press('Escape');

  // A star by key and by pointer.
  await page.keyboard.press('End');
  await page.keyboard.press('s');
  await expect(rowOf(studio, alpha).getByTestId(TEST_ID.runRowStar)).toHaveAttribute('aria-pressed', 'true');
  await rowOf(studio, gamma).hover();
  await rowOf(studio, gamma).getByTestId(TEST_ID.runRowStar).click();
  await expect.poll(() => tabCount(studio, 'starred')).toBe(2);
  await studio.byId(TEST_ID.runsTab('starred')).click();
  await expect.poll(() => names(page)).toEqual(['gamma', 'alpha']);
  await studio.byId(TEST_ID.runsTabAll).click();

  // Away to the archive and back with Undo, then away again.
  await rowOf(studio, beta).getByTestId(TEST_ID.runRowCheck).click();
  await page.getByTestId(TEST_ID.selectionArchive).click();
  await expect.poll(() => names(page)).toEqual(['gamma', 'alpha']);
  await expect(studio.byId(TEST_ID.toast).last()).toContainText('1 run archived');
  await studio.byId(TEST_ID.toastAction).last().click();
  await expect.poll(() => names(page)).toEqual(['gamma', 'beta', 'alpha']);
  await rowOf(studio, beta).click({ button: 'right' });
  await page.getByTestId(TEST_ID.menuArchive).click();
  await expect.poll(() => tabCount(studio, 'archived')).toBe(1);
  await expectCleanPage(studio);
  await studio.close();

  const again = await launch({ home: studio.home });
  await expect.poll(() => names(again.page)).toEqual(['gamma', 'alpha']);
  await expect(rowOf(again, alpha).getByTestId(TEST_ID.runRowTag)).toHaveText(['cnn']);
  await expect(rowOf(again, alpha).getByTestId(TEST_ID.runRowStar)).toHaveAttribute('aria-pressed', 'true');
  await again.byId(TEST_ID.runsTab('archived')).click();
  await expect.poll(() => names(again.page)).toEqual(['beta']);
  await again.byId(TEST_ID.runRowCheck).click();
  await again.page.getByTestId(TEST_ID.selectionUnarchive).click();
  await expect.poll(() => tabCount(again, 'all')).toBe(3);
  expect((await summary(again, beta)).archivedAt).toBeNull();
  await expectCleanPage(again);
});

test('the query bar finds, completes and mends', async ({ launch }) => {
  const studio = await launch();
  const { page } = studio;
  const { alpha, beta, gamma } = await trainThree(studio);
  await studio.invoke('run:mark', { ids: [alpha, beta, gamma], marks: { addTags: ['cnn'] } });
  await studio.invoke('run:mark', { ids: [beta], marks: { notes: 'warm restarts' } });
  const count = studio.byId(TEST_ID.runsCount);

  // The example: of three runs one has this optimizer, this rate and this tag.
  await page.keyboard.press('/');
  await page.keyboard.type('optimizer:adam lr<0.01 tag:cnn best.accuracy>0');
  await expect.poll(() => names(page)).toEqual(['alpha']);
  await expect(count).toHaveAttribute('data-value', '1');
  await expect(count).toHaveText('1 of 3');
  await expect(page.getByTestId(TEST_ID.queryPainted)).toHaveText('optimizer:adam lr<0.01 tag:cnn best.accuracy>0');
  await page.getByTestId(TEST_ID.queryClear).click();
  await expect(studio.byId(TEST_ID.runRow)).toHaveCount(3);

  await page.keyboard.type('-"warm restarts"');
  await expect.poll(() => names(page)).toEqual(['gamma', 'alpha']);
  await page.getByTestId(TEST_ID.queryClear).click();

  // Field, then value, from the lists.
  await page.keyboard.type('opt');
  await expect(page.getByTestId(TEST_ID.queryCompletion)).toHaveText([/optimizer:/]);
  await page.keyboard.press('Tab');
  await expect(page.getByTestId(TEST_ID.queryCompletion)).toHaveText([
    /optimizer:adam.*2 runs/,
    /optimizer:sgd.*1 run/,
  ]);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(studio.byId(TEST_ID.runsSearch)).toHaveValue('optimizer:sgd ');
  await expect.poll(() => names(page)).toEqual(['gamma']);

  // A misspelt field shows nothing, says so and offers the right one.
  await studio.byId(TEST_ID.runsSearch).fill('optmizer:adam');
  await expect(page.getByTestId(TEST_ID.queryProblem)).toContainText('There is no field “optmizer”');
  await expect(count).toHaveAttribute('data-value', '0');
  await page.getByTestId(TEST_ID.queryRepair).click();
  await expect(studio.byId(TEST_ID.runsSearch)).toHaveValue('optimizer:adam');
  await expect.poll(() => names(page)).toEqual(['beta', 'alpha']);

  // The view is as it was left: query, order.
  await studio.byId(TEST_ID.runsSort('lr')).click();
  await expectCleanPage(studio);
  await studio.close();
  const again = await launch({ home: studio.home });
  await expect(again.byId(TEST_ID.runsSearch)).toHaveValue('optimizer:adam');
  await expect(again.byId(TEST_ID.runsSort('lr'))).toHaveAttribute('aria-sort', 'descending');
  expect(await names(again.page)).toEqual(['beta', 'alpha']);
});

test('notes are written as Markdown, read as text, and never become markup', async ({ launch }) => {
  const studio = await launch();
  const { page } = studio;
  const id = await trainNamed(studio, 'alpha', { type: 'sgd', lr: 0.1 });
  const notes = '**Too fast**\n- see <img src=x onerror=alert(1)>\n- [book](https://example.invalid/4.5)';
  await rowOf(studio, id).click({ button: 'right' });
  await page.getByTestId(TEST_ID.menuNotes).click();
  await expect(page.getByTestId(TEST_ID.notesArea)).toBeFocused();
  await page.getByTestId(TEST_ID.notesArea).fill(notes);
  await page.keyboard.press('Control+Enter');
  await expect(page.getByTestId(TEST_ID.notesPanel)).toHaveCount(0);
  await expect.poll(async () => (await summary(studio, id)).notes).toBe(notes);

  await page.getByTestId(TEST_ID.runRowNotes).click();
  const text = page.getByTestId(TEST_ID.notesText);
  await expect(text.locator('strong')).toHaveText('Too fast');
  await expect(text.locator('li')).toHaveText(['see <img src=x onerror=alert(1)>', /book \(https:.*4\.5\)/]);
  await expect(text.locator('img, a')).toHaveCount(0);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await summary(studio, id)).notes).toBe('');
  await page.keyboard.press('Control+Shift+Z');
  await expect.poll(async () => (await summary(studio, id)).notes).toBe(notes);
  await expectCleanPage(studio);
});

test('projects and colours are given, asked for, and stay; any setting can be asked for', async ({ launch }) => {
  const studio = await launch();
  const { page } = studio;
  const { alpha, beta, gamma } = await trainThree(studio);

  await rowOf(studio, alpha).getByTestId(TEST_ID.runRowCheck).click();
  await rowOf(studio, beta).getByTestId(TEST_ID.runRowCheck).click();
  await page.keyboard.press('p');
  await expect(page.getByTestId(TEST_ID.tagInput)).toBeFocused();
  await page.keyboard.type('chapter 6');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await summary(studio, beta)).project).toBe('chapter 6');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(TEST_ID.projectEditor)).toHaveCount(0);
  await page.keyboard.press('Escape');
  // A run has one project: another takes its place, and Undo gives back the first.
  await rowOf(studio, alpha).getByTestId(TEST_ID.runRowCheck).click();
  await page.keyboard.press('p');
  await page.keyboard.type('thesis');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await summary(studio, alpha)).project).toBe('thesis');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+z');
  await expect.poll(async () => (await summary(studio, alpha)).project).toBe('chapter 6');
  await page.keyboard.press('Escape');

  await studio.byId(TEST_ID.projectFilter).click();
  await studio.byId(TEST_ID.projectChoice('chapter 6')).click();
  await expect.poll(() => names(page)).toEqual(['beta', 'alpha']);
  await page.getByTestId(TEST_ID.runsSearch).fill('-project:*');
  await expect.poll(() => names(page)).toEqual(['gamma']);
  await page.getByTestId(TEST_ID.runsSearch).fill('training.batchSize:30 optimizer.beta1>=0.9');
  await expect.poll(() => names(page)).toEqual(['beta', 'alpha']);
  await page.getByTestId(TEST_ID.runsSearch).fill('');

  const color = (app: StudioApp) =>
    rowOf(app, gamma)
      .locator('svg.swatch')
      .first()
      .evaluate((swatch) => getComputedStyle(swatch).stroke);
  const before = await color(studio);
  await rowOf(studio, gamma).click({ button: 'right' });
  await page.getByTestId(TEST_ID.menuColor).click();
  await page.getByTestId(TEST_ID.colorChoice(8)).click();
  await expect.poll(async () => (await summary(studio, gamma)).color).toBe(8);
  const after = await color(studio);
  expect(after).not.toBe(before);
  await expectCleanPage(studio);
  await studio.close();

  const again = await launch({ home: studio.home });
  await expect(rowOf(again, gamma)).toBeVisible();
  expect(await color(again)).toBe(after);
  expect((await summary(again, beta)).project).toBe('chapter 6');
  await expectCleanPage(again);
});

test('columns are chosen, ordered and sized, and stay so', async ({ launch }) => {
  const studio = await launch();
  const { page } = studio;
  const id = await trainNamed(studio, 'alpha', { type: 'sgd', lr: 0.1 });
  const heads = (app: StudioApp): Promise<string[]> =>
    app.page
      .getByRole('columnheader')
      .evaluateAll((list) =>
        list.flatMap((head) => (head as HTMLElement).dataset['testid']?.replace('runs-sort-', '') ?? []),
      );
  expect(await heads(studio)).toEqual([
    'name',
    'tags',
    'status',
    'data',
    'model',
    'optimizer',
    'lr',
    'accuracy',
    'epoch',
    'loss',
    'duration',
  ]);
  await expect(studio.byId(TEST_ID.runsSort('accuracy'))).toHaveText(/Val\. acc\. % best/);

  await page.getByTestId(TEST_ID.runsColumns).click();
  for (const column of ['data', 'model', 'loss']) await page.getByTestId(TEST_ID.columnShown(column)).click();
  await page.getByTestId(TEST_ID.columnShown('testAccuracy')).click();
  await page.getByTestId(TEST_ID.columnUp('status')).click();
  const wanted = ['name', 'status', 'tags', 'optimizer', 'lr', 'accuracy', 'epoch', 'duration', 'testAccuracy'];
  await expect.poll(() => heads(studio)).toEqual(wanted);
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(TEST_ID.columnsMenu)).toHaveCount(0);
  await expect(studio.byId(TEST_ID.runsSort('testAccuracy'))).toHaveText(/Test acc\. % at end/);
  const accuracy = (await summary(studio, id)).testAccuracy;
  await expect(page.getByTestId(TEST_ID.runRowCell('testAccuracy'))).toHaveAttribute('data-value', String(accuracy));

  const head = studio.byId(TEST_ID.runsSort('optimizer'));
  const before = (await head.boundingBox())?.width ?? 0;
  const edge = await page.getByTestId(TEST_ID.runsResize('optimizer')).boundingBox();
  if (edge === null) throw new Error('no edge to pull');
  await page.mouse.move(edge.x + 3, edge.y + 10);
  await page.mouse.down();
  await page.mouse.move(edge.x + 43, edge.y + 10, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => Math.round(((await head.boundingBox())?.width ?? 0) - before)).toBe(40);
  // Pulling an edge is no click on the head.
  await expect(head).toHaveAttribute('aria-sort', 'none');
  await expectCleanPage(studio);
  await studio.close();

  const again = await launch({ home: studio.home });
  await expect.poll(() => heads(again)).toEqual(wanted);
  const width = (await again.byId(TEST_ID.runsSort('optimizer')).boundingBox())?.width ?? 0;
  expect(Math.round(width - before)).toBe(40);
});
