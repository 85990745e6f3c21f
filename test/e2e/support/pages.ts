/** What a person does on the pages, in their words. */

import { expect } from '@playwright/test';
import type { RunId } from '../../../engine/spec/ids.ts';
import { runId } from '../../../engine/spec/ids.ts';
import type { StudioApp } from './studio-app.ts';
import { TEST_ID } from './test-ids.ts';

export type Place = 'runs' | 'compare' | 'sweeps' | 'data' | 'settings';
const PLACES = {
  runs: { nav: TEST_ID.navRuns, page: TEST_ID.pageRuns },
  compare: { nav: TEST_ID.navCompare, page: TEST_ID.pageCompare },
  sweeps: { nav: TEST_ID.navSweeps, page: TEST_ID.pageSweeps },
  data: { nav: TEST_ID.navData, page: TEST_ID.pageData },
  settings: { nav: TEST_ID.navSettings, page: TEST_ID.pageSettings },
} as const;

/** Goes to a place through the navigation. */
export async function goTo(studio: StudioApp, place: Place): Promise<void> {
  await studio.byId(PLACES[place].nav).click();
  await expect(studio.byId(PLACES[place].page)).toBeVisible();
}

/** Opens the form, from the runs page. */
export async function openForm(studio: StudioApp): Promise<void> {
  await goTo(studio, 'runs');
  await studio.byId(TEST_ID.newRun).or(studio.byId(TEST_ID.emptyNewRun)).first().click();
  await expect(studio.byId(TEST_ID.pageNewRun)).toBeVisible();
  await expect(studio.byId(TEST_ID.formDataPreview)).toBeVisible();
}

/** Opens a run by its row. */
export async function openRun(studio: StudioApp, id: RunId): Promise<void> {
  await goTo(studio, 'runs');
  await rowOf(studio, id).getByTestId(TEST_ID.runRowName).click();
  await expect(studio.byId(TEST_ID.pageRun)).toBeVisible();
}

export function rowOf(studio: StudioApp, id: RunId) {
  return studio.page.locator(`[data-testid="${TEST_ID.runRow}"][data-run-id="${id}"]`);
}

/** Opens a select and takes a choice. */
export async function choose(studio: StudioApp, field: string, value: string): Promise<void> {
  await studio.byId(field).click();
  await studio.byId(TEST_ID.option(value)).click();
  await expect(studio.byId(TEST_ID.option(value))).toHaveCount(0);
}

/** Chooses a table (CSV, npz) of one's own as data. */
export async function chooseTable(studio: StudioApp, path: string): Promise<void> {
  await studio.answerOpenDialog(path);
  await studio.byId(TEST_ID.formDataFile).click();
  await studio.page.getByRole('menuitem').first().click();
}

/** Chooses a pair of IDX files of one's own as data. */
export async function chooseIdx(studio: StudioApp, images: string, labels: string): Promise<void> {
  await studio.answerOpenDialog(images, labels);
  await studio.byId(TEST_ID.formDataFile).click();
  await studio.page.getByRole('menuitem').nth(1).click();
}

/** Types into a field and leaves it. */
export async function fill(studio: StudioApp, field: string, text: string | number): Promise<void> {
  const input = studio.byId(field);
  await input.fill(String(text));
  await input.blur();
}

/** Presses Train and returns the run whose page opens. */
export async function train(studio: StudioApp): Promise<RunId> {
  await expect(studio.byId(TEST_ID.formTrain)).toBeEnabled();
  await studio.byId(TEST_ID.formTrain).click();
  return shownRun(studio);
}

/** The run whose page is open. */
export async function shownRun(studio: StudioApp): Promise<RunId> {
  const page = studio.byId(TEST_ID.pageRun);
  await expect(page).toHaveAttribute('data-run-id', /^[0-9a-z]{12}$/);
  return runId((await page.getAttribute('data-run-id')) ?? '');
}

/** Waits until the open run has a status. */
export async function waitForStatus(studio: StudioApp, status: string, timeout = 60_000): Promise<void> {
  await expect(studio.byId(TEST_ID.runStatus)).toHaveAttribute('data-status', status, { timeout });
}

/** The number an element shows, in full. */
export async function numberOf(studio: StudioApp, testId: string): Promise<number> {
  const text = await studio.byId(testId).getAttribute('data-value');
  if (text === null || text === '') throw new Error(`${testId} shows no number`);
  return Number(text);
}

/** Two hidden layers of 64 and 32 relu units and Adam on the digits. */
export async function fillDigitsForm(studio: StudioApp, epochs: number): Promise<void> {
  await studio.byId(TEST_ID.formPreset('book')).click();
  await choose(studio, TEST_ID.formLayerType(1), 'relu');
  await studio.byId(TEST_ID.formAddLayer).click();
  await studio.byId(TEST_ID.formAddLayer).click();
  await choose(studio, TEST_ID.formLayerType(3), 'relu');
  for (const [layer, units] of [
    [0, 64],
    [2, 32],
  ] as const) {
    await fill(studio, TEST_ID.formLayerField(layer, 'units'), units);
  }
  await choose(studio, TEST_ID.formLayerField(0, 'init'), 'he');
  await choose(studio, TEST_ID.formLayerField(4, 'init'), 'he');
  await choose(studio, TEST_ID.formOptimizer, 'adam');
  await fill(studio, TEST_ID.formLr, 0.002);
  await choose(studio, TEST_ID.formSampling, 'shuffle');
  await fill(studio, TEST_ID.formBatchSize, 32);
  await studio.byId('form-length-epochs').click();
  await fill(studio, TEST_ID.formEpochs, epochs);
  await fill(studio, TEST_ID.formSeed, 7);
}

/** A chart's data from its table: series → step → value. */
export async function chartTable(studio: StudioApp, chart: string): Promise<Map<string, Map<number, number>>> {
  const table = studio.byId(TEST_ID.chartTable(chart));
  if (!(await table.isVisible())) {
    await studio.byId(TEST_ID.chartMenu(chart)).click();
    await studio.byId(TEST_ID.chartMenuTable(chart)).click();
    await expect(table).toBeVisible();
  }
  const cells = await table.locator('td[data-series]').evaluateAll((list) =>
    list.map((cell) => {
      const step = cell.closest('tr')?.getAttribute('data-step');
      return [cell.getAttribute('data-series'), step, cell.getAttribute('data-value')] as const;
    }),
  );
  const series = new Map<string, Map<number, number>>();
  for (const [name, step, value] of cells) {
    const points = series.get(name ?? '') ?? new Map<number, number>();
    points.set(Number(step), Number(value));
    series.set(name ?? '', points);
  }
  return series;
}

export interface ShownHistogram {
  readonly step: number;
  readonly kind: string | null;
  readonly low: number[];
  readonly high: number[];
  readonly count: number[];
}

/** One layer's histogram at the step looked at, from the panel's table. */
export async function histogramTable(studio: StudioApp, layer: number): Promise<ShownHistogram> {
  const table = studio.byId(TEST_ID.histogramTable(layer));
  if (!(await table.isVisible())) {
    await studio.byId(TEST_ID.histogramMenu).click();
    await studio.byId(TEST_ID.histogramMenuTable).click();
    await expect(table).toBeVisible();
  }
  return table.evaluate((element) => {
    const column = (name: string): number[] =>
      [...element.querySelectorAll(`td[data-series="${name}"]`)].map((cell) => Number(cell.getAttribute('data-value')));
    return {
      step: Number(element.getAttribute('data-step')),
      kind: element.getAttribute('data-kind'),
      low: column('low'),
      high: column('high'),
      count: column('count'),
    };
  });
}
