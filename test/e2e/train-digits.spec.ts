/** The main job from start to end: set up, train, watch, pause, step, close, find again, export, import. */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  chartTable,
  fill,
  fillDigitsForm,
  histogramTable,
  numberOf,
  openForm,
  openRun,
  train,
  waitForStatus,
} from './support/pages.ts';
import { StoredRuns } from './support/stored.ts';
import { temporaryFolder, type StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { bitsOf, readAffineWeights } from './support/weights.ts';

/** Layers with weights of affine-relu-affine-relu-affine. */
const WEIGHTED = [0, 2, 4] as const;

test('digits are trained, watched, found again and exported', async ({ launch }) => {
  test.setTimeout(240_000);
  const studio = await launch();
  await openForm(studio);
  await fillDigitsForm(studio, 60);
  await expect(studio.byId(TEST_ID.formParameters)).toHaveAttribute('data-value', '6570');
  const id = await train(studio);
  await waitForStatus(studio, 'completed', 120_000);

  expect(await numberOf(studio, TEST_ID.runBestAccuracy)).toBeGreaterThanOrEqual(0.96);
  await expect(studio.byId(TEST_ID.confusionMatrix)).toBeVisible();
  await expect(studio.byId(TEST_ID.predictionsPanel)).toBeVisible();
  await expect(studio.byId(TEST_ID.healthPanel)).toBeVisible();
  const before = await whatIsShown(studio);
  await expectCleanPage(studio);
  await studio.close();
  compareWithDatabase(studio.home, id, before);

  const again = await launch({ home: studio.home });
  await openRun(again, id);
  await waitForStatus(again, 'completed');
  expect(await whatIsShown(again)).toEqual(before);

  const folder = await temporaryFolder();
  const npz = join(folder, 'w.npz');
  const safetensors = join(folder, 'w.safetensors');
  await exportWeights(again, 'npz', npz);
  await exportWeights(again, 'safetensors', safetensors);
  const exported = await readAffineWeights(npz);
  expect(exported.map(({ name, shape }) => [name, shape])).toEqual([
    ['affine 1 weight', [64, 64]],
    ['affine 1 bias', [64]],
    ['affine 2 weight', [64, 32]],
    ['affine 2 bias', [32]],
    ['affine 3 weight', [32, 10]],
    ['affine 3 bias', [10]],
  ]);
  expect(bitsOf(await readAffineWeights(safetensors))).toEqual(bitsOf(exported));

  for (const [file, name] of [
    [npz, 'from npz'],
    [safetensors, 'from safetensors'],
  ] as const) {
    const back = join(folder, `${name}.npz`);
    await trainNothingFrom(again, file, name);
    await exportWeights(again, 'npz', back);
    expect(bitsOf(await readAffineWeights(back)), name).toEqual(bitsOf(exported));
  }
  await expectCleanPage(again);
});

/** Starts a run from a weights file whose steps change nothing, and stays on its page. */
async function trainNothingFrom(studio: StudioApp, file: string, name: string): Promise<void> {
  await openForm(studio);
  await fillDigitsForm(studio, 2);
  await fill(studio, TEST_ID.formName, name);
  // A rate this small changes no float32 weight.
  await fill(studio, TEST_ID.formLr, 1e-30);
  await studio.answerOpenDialog(file);
  await studio.byId(TEST_ID.formInitialWeights).click();
  await expect(studio.byId(TEST_ID.formInitialWeightsClear)).toBeVisible();
  await train(studio);
  await waitForStatus(studio, 'completed');
}

async function exportWeights(studio: StudioApp, format: 'npz' | 'safetensors', path: string): Promise<void> {
  await studio.answerSaveDialog(path);
  await studio.byId(TEST_ID.runExport).click();
  await studio.byId(TEST_ID.exportFormat(format)).click();
  await expect
    .poll(() =>
      readFile(path).then(
        (bytes) => bytes.byteLength,
        () => 0,
      ),
    )
    .toBeGreaterThan(0);
}

interface Shown {
  readonly loss: Map<string, Map<number, number>>;
  readonly accuracy: Map<string, Map<number, number>>;
  readonly histograms: readonly Awaited<ReturnType<typeof histogramTable>>[];
}

async function whatIsShown(studio: StudioApp): Promise<Shown> {
  const loss = await chartTable(studio, TEST_ID.chartLoss);
  const accuracy = await chartTable(studio, TEST_ID.chartAccuracy);
  const histograms = [];
  for (const layer of WEIGHTED) histograms.push(await histogramTable(studio, layer));
  return { loss, accuracy, histograms };
}

/** What the charts showed is what the database holds. */
function compareWithDatabase(home: string, id: RunId, shown: Shown): void {
  const stored = new StoredRuns(home);
  expect(stored.integrity()).toBe('ok');
  for (const [metric, series] of [
    ['loss', shown.loss],
    ['accuracy', shown.accuracy],
  ] as const) {
    for (const split of ['train', 'validation']) {
      const { steps, values } = stored.curve(id, metric, split);
      expect(steps).toHaveLength(60);
      const expected = new Map([...steps].map((step, i) => [step, values[i] ?? NaN]));
      expect(series.get(split), `${metric} of ${split}`).toEqual(expected);
    }
  }
  const batch = stored.curve(id, 'loss', 'batch');
  expect(batch.steps).toHaveLength(stored.run(id).steps_done);
  for (const [step, value] of shown.loss.get('batch') ?? []) {
    expect(batch.values[batch.steps.indexOf(step)], `batch loss at step ${step}`).toBe(value);
  }
  const frames = stored.histograms(id, 'weights');
  expect(new Set(frames.map(({ layer }) => layer))).toEqual(new Set(WEIGHTED));
  expect(frames.some(({ step }) => step === 0)).toBe(true);
  for (const [i, layer] of WEIGHTED.entries()) {
    const histogram = shown.histograms[i];
    const frame = frames.find((f) => f.layer === layer && f.step === histogram?.step);
    expect(histogram?.count).toEqual([...(frame?.counts ?? [])]);
    expect(histogram?.low).toEqual([...(frame?.edges ?? [])].slice(0, -1));
    expect(histogram?.high).toEqual([...(frame?.edges ?? [])].slice(1));
  }
  stored.close();
}

test('pause freezes the counter and one step advances it by one', async ({ launch }) => {
  const studio = await launch();
  await openForm(studio);
  await fillDigitsForm(studio, 100_000);
  await train(studio);
  await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(100);
  await studio.byId(TEST_ID.runPause).click();
  await waitForStatus(studio, 'paused');
  const paused = await numberOf(studio, TEST_ID.runStepCounter);
  await studio.page.waitForTimeout(1500);
  expect(await numberOf(studio, TEST_ID.runStepCounter)).toBe(paused);
  for (const done of [1, 2, 3]) {
    await studio.byId(TEST_ID.runStep).click();
    await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBe(paused + done);
    await studio.page.waitForTimeout(300);
    expect(await numberOf(studio, TEST_ID.runStepCounter)).toBe(paused + done);
  }
  await studio.byId(TEST_ID.runResume).click();
  await waitForStatus(studio, 'running');
  await expect.poll(() => numberOf(studio, TEST_ID.runStepCounter)).toBeGreaterThan(paused + 10);
  await studio.byId(TEST_ID.runStop).click();
  await waitForStatus(studio, 'stopped');
  await expectCleanPage(studio);
});

test('the step slider reaches step 0 and the histograms follow', async ({ launch }) => {
  const studio = await launch();
  await openForm(studio);
  await fillDigitsForm(studio, 5);
  const id = await train(studio);
  await waitForStatus(studio, 'completed');
  const slider = studio.byId(TEST_ID.stepSlider);
  await slider.focus();
  await slider.press('Home');
  await expect(slider).toHaveAttribute('aria-valuenow', '0');
  expect((await histogramTable(studio, 0)).step).toBe(0);
  const first = await histogramTable(studio, 4);
  await slider.press('End');
  await expect(slider).not.toHaveAttribute('aria-valuenow', '0');
  expect((await histogramTable(studio, 4)).step).toBeGreaterThan(0);
  await studio.close();
  const stored = new StoredRuns(studio.home);
  const frame = stored.histograms(id, 'weights').find(({ layer, step }) => layer === 4 && step === 0);
  expect(first.count).toEqual([...(frame?.counts ?? [])]);
  stored.close();
});
