/** The evaluation of a run: what it says agrees with itself, the test split stays sealed, and nothing is cut off. */

import { readFile } from 'node:fs/promises';
import type { RunId } from '../../engine/spec/ids.ts';
import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import { choose, openRun } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

async function trained(studio: StudioApp, spec: RunSpecInput): Promise<RunId> {
  const id = await studio.invoke('run:start', { spec });
  await expect
    .poll(async () => (await studio.invoke('run:get', { id })).summary.status, { timeout: 60_000 })
    .toBe('completed');
  return id;
}

async function openEvaluation(studio: StudioApp, id: RunId): Promise<void> {
  await openRun(studio, id);
  await studio.byId(TEST_ID.runTab('evaluation')).click();
  await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-phase', 'ready');
}

async function figure(studio: StudioApp, name: string): Promise<number> {
  return Number(await studio.byId(TEST_ID.reportFigure(name)).getAttribute('data-value'));
}

/** Counts of the confusion matrix, row by row. */
async function matrix(studio: StudioApp): Promise<number[][]> {
  return studio
    .byId(TEST_ID.confusionMatrix)
    .locator('tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll('td')].map((cell) => Number(cell.getAttribute('data-value')))),
    );
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const galleryCount = (studio: StudioApp) =>
  studio
    .byId(TEST_ID.gallery)
    .getAttribute('data-count')
    .then((count) => Number(count));

test('matrix, classes and mistakes agree, for every split and checkpoint; looks at the test split are counted', async ({
  launch,
}) => {
  const studio = await launch();
  const { page } = studio;
  // Barely trained, so that there are more mistakes than fit a page.
  const id = await trained(studio, {
    name: 'half trained',
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 16 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'sgd', lr: 0.01 },
    training: { batchSize: 100, epochs: 3 },
  });
  await openEvaluation(studio, id);
  await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-split', 'validation');
  const { summary } = await studio.invoke('run:get', { id });
  expect(await figure(studio, 'accuracy')).toBe(summary.bestValidationAccuracy);

  async function agrees(): Promise<number[][]> {
    const counts = await matrix(studio);
    const rows = sum(counts.flat());
    const right = sum(counts.map((row, i) => row[i] ?? 0));
    expect(await figure(studio, 'accuracy')).toBe(right / rows);
    expect(await galleryCount(studio)).toBe(rows - right);
    const scores = studio.byId(TEST_ID.classScore);
    await expect(scores).toHaveCount(10);
    for (const [i, row] of counts.entries()) {
      const of = (what: string) => scores.nth(i).getByTestId(what).getAttribute('data-value');
      expect(Number(await of('support'))).toBe(sum(row));
      expect(Number(await of('recall'))).toBe((row[i] ?? 0) / sum(row));
      expect(Number(await of('precision'))).toBe((row[i] ?? 0) / sum(counts.map((other) => other[i] ?? 0)));
    }
    return counts;
  }
  const counts = await agrees();
  const mistakes = await galleryCount(studio);
  expect(mistakes).toBeGreaterThan(60);

  // A page of pictures at a time.
  const pictures = studio.byId(TEST_ID.gallery).getByTestId(TEST_ID.prediction);
  await expect(pictures).toHaveCount(60);
  await studio.byId(TEST_ID.galleryMore).click();
  await expect(pictures).toHaveCount(Math.min(120, mistakes));
  // Pictures, not empty squares.
  const inked = () =>
    pictures.evaluateAll(
      (list) =>
        list.filter((one) => {
          const canvas = one.querySelector('canvas');
          const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          return pixels.some((value) => value > 0);
        }).length,
    );
  await expect.poll(inked).toBe(Math.min(120, mistakes));

  // The largest mistake, by pointer; Escape shows all again. Then the keyboard.
  const cells = counts.flatMap((row, truth) => row.map((count, predicted) => ({ truth, predicted, count })));
  const worst = cells.filter((cell) => cell.truth !== cell.predicted).sort((a, b) => b.count - a.count)[0];
  if (worst === undefined) throw new Error('no mistakes');
  const cell = studio.byId(TEST_ID.confusionCell(worst.truth, worst.predicted));
  await cell.click();
  expect(await galleryCount(studio)).toBe(worst.count);
  await expect(pictures).toHaveCount(Math.min(60, worst.count));
  const csv = test.info().outputPath('cell.csv');
  await studio.answerSaveDialog(csv);
  await studio.byId(TEST_ID.galleryMenu).click();
  await studio.byId(TEST_ID.galleryCsv).click();
  await expect.poll(async () => (await readFile(csv, 'utf8').catch(() => '')).split('\n').length).toBe(worst.count + 2);
  const confidences = (await readFile(csv, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',')[3]));
  expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
  await page.keyboard.press('Escape');
  expect(await galleryCount(studio)).toBe(mistakes);
  await studio.byId(TEST_ID.confusionCell(3, 3)).focus();
  await page.keyboard.press('ArrowRight');
  await expect(studio.byId(TEST_ID.confusionCell(3, 4))).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  // The diagonal shows what was right.
  expect(await galleryCount(studio)).toBe(counts[3]?.[3]);
  await studio.byId(TEST_ID.galleryAll).click();
  await studio.byId(TEST_ID.confusionShows('columns')).click();
  const column = sum(counts.map((row) => row[worst.predicted] ?? 0));
  await expect(cell).toHaveText(((100 * worst.count) / column).toFixed(1));

  await studio.byId(TEST_ID.evaluationSplit('train')).click();
  await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-split', 'train');
  await agrees();

  // Sealed; then opened, once for each of two checkpoints.
  await studio.byId(TEST_ID.evaluationSplit('test')).click();
  await studio.byId(TEST_ID.dialogCancel).click();
  await expect(studio.byId(TEST_ID.testOpenings)).toHaveCount(0);
  const refused = await page.evaluate(
    (run) => window.studio.invoke('evaluation:report', { id: run, split: 'test', weights: 'best', ticket: 'x' }),
    id,
  );
  expect(refused).toMatchObject({ ok: false, error: { code: 'conflict' } });
  await studio.byId(TEST_ID.evaluationSplit('test')).click();
  await studio.byId(TEST_ID.dialogConfirm).click();
  await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-split', 'test');
  await agrees();
  expect(await figure(studio, 'accuracy')).toBe(summary.testAccuracy);
  await expect(studio.byId(TEST_ID.testOpenings)).toHaveAttribute('data-value', '1');
  const kept = await studio.invoke('checkpoint:list', { id });
  const other = kept.find(({ step }) => step > 0 && step !== (summary.bestEpoch ?? 0) * summary.stepsPerEpoch);
  if (other !== undefined) {
    await choose(studio, TEST_ID.evaluationWeights, other.step === summary.stepsDone ? 'last' : String(other.step));
    await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-phase', 'sealed');
    await studio.byId(TEST_ID.evaluationOpenTest).click();
    await studio.byId(TEST_ID.dialogConfirm).click();
    await expect(studio.byId(TEST_ID.evaluation)).toHaveAttribute('data-step', String(other.step));
    await expect(studio.byId(TEST_ID.testOpenings)).toHaveAttribute('data-value', '2');
  }
  expect((await studio.invoke('run:get', { id })).testOpenings).toBe(other === undefined ? 1 : 2);
  await expectCleanPage(studio);
});

test('a regression shows its residuals, and its figures are those of the rows it saves', async ({ launch }) => {
  const studio = await launch();
  const id = await trained(studio, {
    name: 'diabetes',
    data: { source: 'diabetes', normalize: 'standardize' },
    model: { layers: [{ type: 'affine', units: 8 }, { type: 'relu' }, { type: 'affine', units: 1 }] },
    loss: 'mse',
    optimizer: { type: 'adam', lr: 0.01 },
    training: { batchSize: 32, epochs: 10 },
  });
  await openEvaluation(studio, id);
  const csv = test.info().outputPath('residuals.csv');
  await studio.answerSaveDialog(csv);
  await studio.byId(TEST_ID.chartMenu(TEST_ID.residuals)).click();
  await studio.page.getByRole('menuitem').nth(2).click();
  await expect.poll(() => readFile(csv, 'utf8').catch(() => '')).not.toBe('');
  const rows = (await readFile(csv, 'utf8'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(',').map(Number));
  const residuals = rows.map(([, target = NaN, output = NaN]) => target - output);
  const targets = rows.map(([, target = NaN]) => target);
  const mean = sum(targets) / targets.length;
  const squares = sum(residuals.map((one) => one * one));
  expect(await figure(studio, 'rmse')).toBeCloseTo(Math.sqrt(squares / rows.length), 4);
  expect(await figure(studio, 'mae')).toBeCloseTo(sum(residuals.map(Math.abs)) / rows.length, 4);
  expect(await figure(studio, 'r2')).toBeCloseTo(1 - squares / sum(targets.map((one) => (one - mean) ** 2)), 5);
  // The farthest row is the first of the table, with its features.
  const first = studio.byId(TEST_ID.worstRows).getByTestId(TEST_ID.prediction).first();
  const farthest = rows.toSorted(
    (a, b) => Math.abs((b[1] ?? 0) - (b[2] ?? 0)) - Math.abs((a[1] ?? 0) - (a[2] ?? 0)),
  )[0];
  await expect(first.locator('td').first()).toHaveText(String(farthest?.[0]));
  await expect(first.locator('td')).toHaveCount(4 + 10);
  await expectCleanPage(studio);
});
