/** Wrong values in the form: one clear message at the field, Train disabled, nothing started. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { int32, idx, npy, npzDataSet } from '../electron/cli/files.ts';
import { choose, chooseIdx, chooseTable, fill, openForm } from './support/pages.ts';
import { temporaryFolder, type StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';

const UNITS = TEST_ID.formLayerField(0, 'units');
const LAST_UNITS = TEST_ID.formLayerField(2, 'units');

const cases: readonly { name: string; field: string; text: string; says: RegExp }[] = [
  { name: 'negative units', field: UNITS, text: '-3', says: /1/ },
  { name: 'fractional units', field: UNITS, text: '2.5', says: /whole/i },
  { name: 'units that are no number', field: UNITS, text: 'many', says: /number/i },
  { name: 'fewer outputs than classes', field: LAST_UNITS, text: '9', says: /10/ },
  { name: 'a learning rate of zero', field: TEST_ID.formLr, text: '0', says: /above 0/i },
  { name: 'a learning rate that is a text', field: TEST_ID.formLr, text: 'fast', says: /number/i },
  { name: 'an empty learning rate', field: TEST_ID.formLr, text: '', says: /./ },
  { name: 'batch size 0', field: TEST_ID.formBatchSize, text: '0', says: /1/ },
  { name: 'validation of 1', field: TEST_ID.formValidation, text: '1', says: /./ },
  { name: 'negative validation', field: TEST_ID.formValidation, text: '-0.1', says: /./ },
  { name: 'a negative seed', field: TEST_ID.formSeed, text: '-1', says: /./ },
];

test.describe('the form', () => {
  for (const { name, field, text, says } of cases) {
    test(`says what is wrong with ${name}`, async ({ launch }) => {
      const studio = await launch();
      await openForm(studio);
      await studio.byId(TEST_ID.formPreset('book')).click();
      await expect(studio.byId(TEST_ID.formTrain)).toBeEnabled();
      await fill(studio, field, text);
      const error = studio.byId(TEST_ID.fieldError(field));
      await expect(error).toBeVisible();
      await expect(error).toHaveText(says);
      await expect(studio.byId(TEST_ID.formTrain)).toBeDisabled();
      await expect(studio.byId(TEST_ID.formProblems)).toBeVisible();
      await studio.page.keyboard.press('Control+Enter');
      await studio.page.waitForTimeout(300);
      expect(await studio.runs()).toEqual([]);
      await studio.byId(TEST_ID.formPreset('book')).click();
      await expect(error).toHaveCount(0);
      await expect(studio.byId(TEST_ID.formTrain)).toBeEnabled();
      await expectCleanPage(studio);
    });
  }
});

/** What the main process answers to a spec it is handed without the form. */
async function refusal(studio: StudioApp, spec: unknown): Promise<{ code: string; message: string; path: string }> {
  const outcome = await studio.page.evaluate((value) => window.studio.invoke('run:start', { spec: value }), spec);
  expect(outcome).toMatchObject({ ok: false });
  const { error } = outcome as { error: { code: string; message: string; issues?: { path: string }[] } };
  expect(error.message).not.toContain('\n');
  return { code: error.code, message: error.message, path: error.issues?.[0]?.path ?? '' };
}

const spec = {
  data: { source: 'digits' },
  model: { layers: [{ type: 'affine', units: 10 }] },
  optimizer: { type: 'sgd', lr: 0.1 },
  training: { epochs: 1 },
};

/** Eighty gigabytes of weights and what belongs to them. */
const huge = [
  { type: 'affine', units: 100_000 },
  { type: 'affine', units: 100_000 },
];

test('the main process refuses the same on its own', async ({ launch }) => {
  const studio = await launch();
  for (const [value, path] of [
    ['text', ''],
    [{ ...spec, colour: 1 }, ''],
    [{ ...spec, model: { layers: [{ type: 'magic' }] } }, 'model.layers.0.type'],
    [{ ...spec, model: { layers: [{ type: 'affine', units: 2.5 }] } }, 'model.layers.0.units'],
    [{ ...spec, model: { layers: [{ type: 'affine', units: 9 }] } }, 'model.layers.0.units'],
    [{ ...spec, model: { layers: [...huge, ...spec.model.layers] } }, 'model.layers'],
    [{ ...spec, optimizer: { type: 'sgd', lr: '0.1' } }, 'optimizer.lr'],
    [{ ...spec, training: { epochs: 1, batchSize: 0 } }, 'training.batchSize'],
    [{ ...spec, data: { source: 'cifar' } }, 'data.source'],
    [{ ...spec, data: { source: 'digits', validation: 1 } }, 'data.validation'],
  ] as const) {
    expect(await refusal(studio, value), JSON.stringify(value)).toMatchObject({ code: 'spec_invalid', path });
  }
  expect(await studio.runs()).toEqual([]);
});

test('a data file that cannot be used says why, at the data', async ({ launch }) => {
  const studio = await launch();
  const folder = await temporaryFolder();
  const files: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
    ['missing-cell.csv', 'a,b,t\n1,2,x\n1,,y\n', /missing-cell\.csv/],
    ['nan.csv', 'a,b,t\n1,2,x\n1,NaN,y\n', /nan\.csv/],
    ['labels.npz', npzDataSet(20, { t_test: int32([0, -1, ...Array<number>(18).fill(1)]) }), /labels\.npz.*got −1/],
    ['rows.npz', npzDataSet(20, { t_train: int32([0, 1, 1]) }), /rows\.npz.*20 rows.*got 3/],
    ['objects.npz', npzDataSet(20, { t_train: npy('|O', [20], new Uint8Array(160)) }), /objects\.npz.*Python objects/],
    ['large.npz', npzDataSet(20, { x_train: npy('<f4', [4e9, 2], new Uint8Array(160)) }), /large\.npz/],
    ['bytes.npz', Uint8Array.from({ length: 500 }, (_, i) => (i * 97) % 251), /bytes\.npz/],
  ];
  await openForm(studio);
  for (const [name, content, says] of files) {
    const path = join(folder, name);
    await writeFile(path, content);
    await chooseTable(studio, path);
    await expect(studio.byId(TEST_ID.fieldError(TEST_ID.formDataSource))).toHaveText(says);
    await expect(studio.byId(TEST_ID.formTrain)).toBeDisabled();
  }
  await writeFile(join(folder, 'pictures'), idx([20, 2, 2], new Uint8Array(79)));
  await writeFile(join(folder, 'labels'), idx([20], new Uint8Array(20)));
  await chooseIdx(studio, join(folder, 'pictures'), join(folder, 'labels'));
  await expect(studio.byId(TEST_ID.fieldError(TEST_ID.formDataSource))).toHaveText(/pictures/);
  await chooseTable(studio, join(folder, 'not-there.csv'));
  await expect(studio.byId(TEST_ID.fieldError(TEST_ID.formDataSource))).toHaveText(/not-there\.csv/);
  await choose(studio, TEST_ID.formDataSource, 'digits');
  await expect(studio.byId(TEST_ID.fieldError(TEST_ID.formDataSource))).toHaveCount(0);
  await expectCleanPage(studio);
});

test('a spec file that is no spec is refused with its name', async ({ launch }) => {
  const studio = await launch();
  const folder = await temporaryFolder();
  const path = join(folder, 'broken.json');
  await writeFile(path, '{"name": ');
  await studio.answerOpenDialog(path);
  await openForm(studio);
  await studio.byId(TEST_ID.formOpenJson).click();
  await expect(studio.byId(TEST_ID.toast).filter({ hasText: 'broken.json' })).toBeVisible();
});
