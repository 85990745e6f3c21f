/** Races and comparisons: fair by their hashes, the same whatever the order of the lanes, and saved. */

import type { RunId } from '../../engine/spec/ids.ts';
import { runId } from '../../engine/spec/ids.ts';
import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import { chartTable, choose, fill, goTo, openForm, rowOf } from './support/pages.ts';
import type { StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

/** Everything the page says about the lanes, by name. */
interface ShownLane {
  readonly id: RunId;
  readonly steps: string | null;
  readonly best: string | null;
  readonly loss: string | null;
  readonly rank: string | null;
  readonly curve: readonly (readonly [number, number])[];
  readonly scores: readonly (readonly [number, number])[];
}

function lane(studio: StudioApp, name: string) {
  return studio.page.locator(`[data-testid="${TEST_ID.resultRow}"][data-lane="${name}"]`);
}

async function raceEnded(studio: StudioApp, lanes: number): Promise<void> {
  await expect(studio.byId(TEST_ID.pageComparison)).toBeVisible();
  await expect(studio.byId(TEST_ID.resultRow)).toHaveCount(lanes);
  await expect(studio.byId(TEST_ID.comparisonStop)).toHaveCount(0, { timeout: 90_000 });
  await expect(studio.byId(TEST_ID.fair('batches'))).toHaveAttribute('data-state', /same|differs/);
}

async function shownLanes(studio: StudioApp): Promise<Map<string, ShownLane>> {
  const training = await chartTable(studio, TEST_ID.compareTraining);
  const validation = await chartTable(studio, TEST_ID.compareValidation);
  const lanes = new Map<string, ShownLane>();
  for (const row of await studio.byId(TEST_ID.resultRow).all()) {
    const name = (await row.getAttribute('data-lane')) ?? '';
    const value = (id: string) => row.getByTestId(id).getAttribute('data-value');
    lanes.set(name, {
      id: runId((await row.getAttribute('data-run-id')) ?? ''),
      steps: await value(TEST_ID.resultSteps),
      best: await value(TEST_ID.resultBest),
      loss: await value(TEST_ID.resultLoss),
      rank: await row.getAttribute('data-rank'),
      curve: [...(training.get(name) ?? [])],
      scores: [...(validation.get(name) ?? [])],
    });
  }
  return lanes;
}

const LANES = ['SGD', 'Momentum', 'AdaGrad', 'Adam'] as const;

/** Of the book's 2,000 steps: an epoch and a bit of the 54,000 training rows. */
const STEPS = 480;

test("the book's optimizer comparison from one form: equal hashes, and no number depends on the order of the lanes", async ({
  launch,
}) => {
  const studio = await launch();
  await goTo(studio, 'compare');
  await studio.byId(TEST_ID.newRace).click();
  await expect(studio.byId(TEST_ID.pageRace)).toBeVisible();
  // 784-100-100-100-100-10 on Fashion-MNIST with He weights and batches of 128; the form has the steps.
  await studio.byId(TEST_ID.racePresetBook).click();
  await studio.byId(TEST_ID.raceChange).click();
  await expect(studio.byId(TEST_ID.pageNewRun)).toBeVisible();
  await expect(studio.byId(TEST_ID.formDataPreview)).toBeVisible();
  await expect(studio.byId(TEST_ID.formBatchSize)).toHaveValue('128');
  await fill(studio, TEST_ID.formSteps, STEPS);
  await studio.byId(TEST_ID.formRace).click();
  await expect(studio.byId(TEST_ID.pageRace)).toBeVisible();
  await studio.byId(TEST_ID.raceOptimizer('rmsprop')).click();
  await expect(studio.byId(TEST_ID.raceLane)).toHaveCount(4);
  await expect(studio.byId(TEST_ID.raceSteps)).toHaveAttribute('data-value', String(4 * STEPS));
  await fill(studio, TEST_ID.raceName, 'four optimizers');
  await studio.page.keyboard.press('Control+Enter');
  await raceEnded(studio, 4);

  const hashes: Record<string, string> = {};
  for (const thing of ['initialWeights', 'batches', 'split'] as const) {
    const badge = studio.byId(TEST_ID.fair(thing));
    await expect(badge).toHaveAttribute('data-state', 'same');
    hashes[thing] = (await badge.getAttribute('data-hash')) ?? '';
    expect(hashes[thing]).toMatch(/^[0-9a-f]{64}$/);
  }
  const first = await shownLanes(studio);
  expect([...first.keys()]).toEqual(LANES);
  const rates = { SGD: ['sgd', 0.01], Momentum: ['momentum', 0.01], AdaGrad: ['adagrad', 0.01], Adam: ['adam', 0.001] };
  const firstLosses = new Set<number | undefined>();
  for (const [name, { id, scores }] of first) {
    const { fingerprints, spec, summary } = await studio.invoke('run:get', { id });
    expect(fingerprints).toEqual(hashes);
    expect([spec.optimizer.type, spec.optimizer.lr]).toEqual(rates[name as keyof typeof rates]);
    expect([summary.data, summary.model]).toEqual(['fashion-mnist', '784-100×4-10']);
    expect(summary.stepsDone).toBe(STEPS);
    const losses = await studio.invoke('curve:read', { id, metric: 'loss', split: 'batch', maxPoints: null });
    expect(losses.steps).toHaveLength(STEPS);
    firstLosses.add(losses.values[0]);
    // The end of the first epoch, and of the run.
    expect(scores).toHaveLength(2);
  }
  // The same weights on the same batch lose the same, whatever will update them.
  expect(firstLosses.size).toBe(1);
  // Only what was chosen differs.
  const paths = await studio
    .byId(TEST_ID.settingRow)
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-path') ?? ''));
  expect(paths).toContain('optimizer.type');
  expect(paths.filter((path) => !path.startsWith('optimizer.'))).toEqual([]);

  // The same race with its lanes the other way round.
  await studio.byId(TEST_ID.comparisonMore).click();
  await studio.page.getByRole('menuitem').nth(1).click();
  await expect(studio.byId(TEST_ID.raceLane)).toHaveCount(4);
  for (const [i, name] of LANES.entries()) {
    const row = studio.page.locator(`[data-testid="${TEST_ID.raceLane}"][data-lane="${name}"]`);
    for (let place = i; place > 0; place--) await row.getByTestId(TEST_ID.raceLaneUp).click();
  }
  await studio.byId(TEST_ID.raceStart).click();
  await raceEnded(studio, 4);
  const second = await shownLanes(studio);
  expect([...second.keys()]).toEqual([...LANES].reverse());
  for (const name of LANES) {
    const { id: oldId, ...before } = first.get(name) ?? { id: null };
    const { id: newId, ...after } = second.get(name) ?? { id: null };
    expect(newId).not.toBe(oldId);
    expect(after).toEqual(before);
  }
  await expect(studio.byId(TEST_ID.fair('initialWeights'))).toHaveAttribute(
    'data-hash',
    hashes['initialWeights'] ?? '',
  );
  for (const theme of ['light', 'dark'] as const) {
    await studio.invoke('settings:set', { theme });
    await expect(studio.page.locator('html')).toHaveAttribute('data-theme', theme);
    await studio.page.screenshot({ path: test.info().outputPath(`book-race-${theme}.png`) });
  }
  await expectCleanPage(studio);

  // Left while adding a lane: a new race is a new one all the same.
  await studio.byId(TEST_ID.comparisonAdd).click();
  await expect(studio.byId(TEST_ID.raceName)).toBeDisabled();
  await goTo(studio, 'compare');
  await expect(studio.byId(TEST_ID.compareRow)).toHaveCount(2);
  await studio.byId(TEST_ID.newRace).click();
  await expect(studio.byId(TEST_ID.raceName)).toBeEnabled();
});

test('a lane that diverges stops alone and says so; lanes that cannot run are named before', async ({ launch }) => {
  const studio = await launch();
  await openForm(studio);
  await studio.byId(TEST_ID.formPreset('six-layer')).click();
  await choose(studio, TEST_ID.formOptimizer, 'sgd');
  await fill(studio, TEST_ID.formEpochs, 3);
  await studio.byId(TEST_ID.formRace).click();
  await studio.byId(TEST_ID.differs('lr')).click();
  await studio.byId(TEST_ID.raceRates).fill('0.01, 100000, fast');
  await expect(studio.byId(TEST_ID.raceLaneProblem)).toHaveCount(1);
  await expect(studio.byId(TEST_ID.raceProblem)).toBeVisible();
  await studio.page.keyboard.press('Control+Enter');
  await expect(studio.byId(TEST_ID.pageRace)).toBeVisible();
  await studio.byId(TEST_ID.raceRates).fill('0.01, 100000');
  await expect(studio.byId(TEST_ID.raceRuns)).toHaveAttribute('data-value', '2');
  await studio.byId(TEST_ID.raceStart).click();
  await raceEnded(studio, 2);
  await expect(lane(studio, 'lr 0.01')).toHaveAttribute('data-status', 'completed');
  await expect(lane(studio, 'lr 100000')).toHaveAttribute('data-status', 'diverged');
  await expect(lane(studio, 'lr 100000').getByTestId(TEST_ID.resultStopped)).toBeVisible();
  await expectCleanPage(studio);

  // On its own page, the card and the health panel tell of one gradient: that of the update that was refused.
  const diverged = (await studio.runs()).find(({ status }) => status === 'diverged');
  await studio.page.evaluate((to) => (globalThis.location.hash = to), `#/runs/${diverged?.id ?? ''}`);
  const gradient = studio.byId(TEST_ID.divergedGradient);
  const table = studio.byId(TEST_ID.healthTable);
  await expect(gradient).toHaveAttribute('data-refused', 'true');
  await expect(gradient).toHaveAttribute('data-step', String(diverged?.stepsDone));
  await expect(table).toHaveAttribute('data-step', String(diverged?.stepsDone));
  await expect(table).toHaveAttribute('data-refused', 'true');
  const norms = await table.locator('[data-series="gradient-norm"]').evaluateAll((cells) => {
    return cells.map((cell) => Number(cell.getAttribute('data-value')));
  });
  await expect(gradient).toHaveAttribute('data-value', String(Math.max(...norms)));
});

test('several seeds a lane: means, bands, and whether a difference is clear', async ({ launch }) => {
  const studio = await launch();
  await openForm(studio);
  await studio.byId(TEST_ID.formPreset('six-layer')).click();
  await fill(studio, TEST_ID.formEpochs, 4);
  await studio.byId(TEST_ID.formRace).click();
  for (const type of ['momentum', 'adagrad', 'rmsprop']) await studio.byId(TEST_ID.raceOptimizer(type)).click();
  await fill(studio, TEST_ID.raceSeeds, 21);
  await expect(studio.byId(TEST_ID.fieldError(TEST_ID.raceSeeds))).toBeVisible();
  await fill(studio, TEST_ID.raceSeeds, 3);
  await expect(studio.byId(TEST_ID.raceRuns)).toHaveAttribute('data-value', '6');
  await studio.byId(TEST_ID.raceStart).click();
  await raceEnded(studio, 2);
  // Seeds differ among themselves, not between the lanes.
  await expect(studio.byId(TEST_ID.fair('initialWeights'))).toHaveAttribute('data-state', 'same');
  await expect(lane(studio, 'SGD').getByTestId(TEST_ID.resultTest)).toBeVisible();
  await expect(studio.byId(TEST_ID.resultSentence)).toContainText('3 seeds');
  const bests = await studio.runs();
  const adam = bests.filter((row) => row.name.startsWith('Adam')).map((row) => row.bestValidationAccuracy ?? 0);
  expect(adam).toHaveLength(3);
  const shown = Number(await lane(studio, 'Adam').getByTestId(TEST_ID.resultBest).getAttribute('data-value'));
  expect(shown).toBeCloseTo(adam.reduce((sum, value) => sum + value, 0) / 3, 9);
  await choose(studio, TEST_ID.band, 'range');
  await expectCleanPage(studio);
});

test('runs of any age side by side, kept with a name', async ({ launch }) => {
  const studio = await launch();
  const spec: RunSpecInput = {
    data: { source: 'digits' },
    model: { layers: [{ type: 'affine', units: 20 }, { type: 'relu' }, { type: 'affine', units: 10 }] },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { epochs: 3 },
  };
  const ids: RunId[] = [];
  for (const lr of [0.001, 0.01]) {
    ids.push(
      await studio.invoke('run:start', { spec: { ...spec, name: `rate ${lr}`, optimizer: { type: 'adam', lr } } }),
    );
  }
  for (const id of ids)
    await expect(rowOf(studio, id)).toHaveAttribute('data-status', 'completed', { timeout: 60_000 });
  for (const id of ids) await rowOf(studio, id).getByTestId(TEST_ID.runRowCheck).click();
  await studio.page.keyboard.press('c');
  await raceEnded(studio, 2);

  // Two runs that differ in one setting: exactly that one is listed.
  const rows = studio.byId(TEST_ID.settingRow);
  await expect(rows).toHaveCount(1);
  await expect(rows).toHaveAttribute('data-path', 'optimizer.lr');
  await studio.byId(TEST_ID.differencesOnly).click();
  expect(await rows.count()).toBeGreaterThan(20);
  await studio.byId(TEST_ID.differencesOnly).click();

  // A key hides a lane here and in the charts' tables.
  const series = async (): Promise<string[]> => [...(await chartTable(studio, TEST_ID.compareTraining)).keys()].sort();
  expect(await series()).toHaveLength(2);
  await studio.page.keyboard.press('1');
  await expect(studio.byId(TEST_ID.laneEye).first()).toHaveAttribute('aria-pressed', 'false');
  expect(await series()).toHaveLength(1);
  await studio.page.keyboard.press('1');

  await lane(studio, 'rate 0.01').hover();
  await lane(studio, 'rate 0.01').getByTestId(TEST_ID.laneMenu).click();
  await studio.byId(TEST_ID.laneBaseline).click();
  await studio.page.keyboard.press('F2');
  await studio.byId(TEST_ID.comparisonTitleField).fill('two rates');
  await studio.page.keyboard.press('Enter');
  await expect(studio.byId(TEST_ID.comparisonTitle)).toHaveText('two rates');
  await expectCleanPage(studio);
  await studio.close();

  const again = await launch({ home: studio.home });
  await goTo(again, 'compare');
  await expect(again.byId(TEST_ID.compareRow)).toHaveCount(1);
  await again.byId(TEST_ID.compareRow).getByRole('link').click();
  await expect(again.byId(TEST_ID.comparisonTitle)).toHaveText('two rates');
  const [saved] = await again.invoke('comparison:list', undefined);
  expect(saved?.baseline).toBe(ids[1]);

  // Taken from the list, and back.
  await again.byId(TEST_ID.comparisonMore).click();
  await again.byId(TEST_ID.comparisonRemove).click();
  await expect(again.byId(TEST_ID.pageCompare)).toBeVisible();
  expect(await again.invoke('comparison:list', undefined)).toEqual([]);
  await again.byId(TEST_ID.toastAction).click();
  await expect(again.byId(TEST_ID.compareRow)).toHaveCount(1);
  expect(await again.invoke('comparison:list', undefined)).toEqual([saved]);
  expect(await again.runs()).toHaveLength(2);
});
