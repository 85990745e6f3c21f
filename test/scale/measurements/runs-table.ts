/** Sorting, filtering and searching the table of runs. */

import type { Page } from '@playwright/test';
import type { StudioApp } from '../../e2e/support/studio-app.ts';
import { TEST_ID } from '../../e2e/support/test-ids.ts';
import { timeAnswer, type Sight } from '../answers.ts';
import { median, spread, type Figure, type Measurement } from '../measurement.ts';
import { withStudio } from '../session.ts';

const FELT = { atMost: 100 } as const;
const ROWS: Sight = { selector: `[data-testid="${TEST_ID.runRow}"]`, attribute: 'data-run-id' };
const COUNT: Sight = { selector: `[data-testid="${TEST_ID.runsCount}"]`, attribute: 'data-value' };

export const runsTable: Measurement = {
  name: 'table',
  measure: (database) =>
    withStudio(database, async (studio) => [
      figure('sort by a column', await timeSorting(studio)),
      figure('a key of a query with fields', await timeTyping(studio.page, 'optimizer:adam lr<0.003 ')),
      figure('a key of a search by words', await timeTyping(studio.page, 'momentum 6')),
      figure('page down through the rows', await timeScrolling(studio)),
    ]),
};

function figure(name: string, times: readonly number[]): Figure {
  return { name, unit: 'ms', value: median(times), limit: FELT, note: spread(times) };
}

async function timeSorting(studio: StudioApp): Promise<number[]> {
  const times: number[] = [];
  for (const column of ['lr', 'accuracy', 'name', 'duration']) {
    for (let click = 0; click < 2; click++) {
      times.push(await timeAnswer(studio.page, 'click', ROWS, () => studio.byId(TEST_ID.runsSort(column)).click()));
      // Rows keep their places while the pointer is on them.
      await studio.page.mouse.move(400, 20);
    }
  }
  return times;
}

/** Every key that changes how many rows are shown. */
async function timeTyping(page: Page, text: string): Promise<number[]> {
  const search = page.getByTestId(TEST_ID.runsSearch);
  await search.fill('');
  await search.focus();
  const times: number[] = [];
  const count = async (): Promise<string | null> => page.getByTestId(TEST_ID.runsCount).getAttribute('data-value');
  for (const key of text) {
    const before = await count();
    await search.press(key);
    await page.waitForTimeout(150);
    if ((await count()) === before) continue;
    // Taken back and typed again, now with the clock.
    await search.press('Backspace');
    await page.waitForTimeout(150);
    times.push(await timeAnswer(page, 'keydown', COUNT, () => search.press(key)));
    await page.waitForTimeout(150);
  }
  await search.fill('');
  return times;
}

async function timeScrolling(studio: StudioApp): Promise<number[]> {
  const { page } = studio;
  await page.keyboard.press('Escape');
  await page.mouse.click(400, 300);
  const cursor: Sight = { selector: `[data-testid="${TEST_ID.runRow}"].cursor`, attribute: 'data-run-id' };
  const times: number[] = [];
  for (let i = 0; i < 10; i++) {
    times.push(await timeAnswer(page, 'keydown', { ...cursor }, () => page.keyboard.press('PageDown')));
  }
  return times;
}
