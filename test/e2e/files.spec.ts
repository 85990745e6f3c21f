/** Files in and out through the system's dialogs: specs, data of one's own, exports, and the places that are refused. */

import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { chooseTable, fill, openForm, openRun, train, waitForStatus } from './support/pages.ts';
import { temporaryFolder, type StudioApp } from './support/studio-app.ts';
import { expect, expectCleanPage, test } from './support/test.ts';
import { TEST_ID } from './support/test-ids.ts';
import { readAffineWeights } from './support/weights.ts';

/** Two well-separated classes in two columns. */
const CSV = ['x,y,kind', ...Array.from({ length: 60 }, (_, i) => `${i % 2},${(i % 7) / 7},${i % 2 ? 'far' : 'near'}`)];

const specFor = (file: string) => ({
  name: 'own table',
  data: { source: { file }, normalize: 'none' },
  model: { layers: [{ type: 'affine', units: 2 }] },
  optimizer: { type: 'sgd', lr: 0.5 },
  training: { epochs: 20, batchSize: 8 },
});

test('a table of one’s own is chosen, trained and remembered', async ({ launch }) => {
  const studio = await launch();
  const file = join(await temporaryFolder(), 'own.csv');
  await writeFile(file, `${CSV.join('\n')}\n`);
  await openForm(studio);
  await studio.byId(TEST_ID.formPreset('book')).click();
  await chooseTable(studio, file);
  await expect(studio.byId(TEST_ID.formDataSource)).toContainText('own.csv');
  await fill(studio, TEST_ID.formLayerField(2, 'units'), 2);
  await fill(studio, TEST_ID.formSteps, 50);
  await train(studio);
  await waitForStatus(studio, 'completed');
  await studio.close();

  const again = await launch({ home: studio.home });
  const started = await again.invoke('run:start', { spec: specFor(file) });
  expect(started).toMatch(/^[0-9a-z]{12}$/);
  const other = await again.page.evaluate(
    (spec) => window.studio.invoke('run:start', { spec }),
    specFor(join(file, '..', 'other.csv')),
  );
  expect(other).toMatchObject({ ok: false, error: { code: 'spec_invalid', issues: [{ path: 'data.source' }] } });
});

test('a spec is saved, and one that names a file beside it is opened and trained', async ({ launch }) => {
  const studio = await launch();
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'beside.csv'), `${CSV.join('\n')}\n`);
  await writeFile(join(folder, 'spec.json'), JSON.stringify(specFor('beside.csv')));
  await openForm(studio);
  await studio.answerOpenDialog(join(folder, 'spec.json'));
  await studio.byId(TEST_ID.formOpenJson).click();
  await expect(studio.byId(TEST_ID.formDataSource)).toContainText('beside.csv');
  await studio.answerSaveDialog(join(folder, 'saved.json'));
  await studio.byId(TEST_ID.formSaveJson).click();
  await expect.poll(() => readFile(join(folder, 'saved.json'), 'utf8').catch(() => '')).toContain('own table');
  const saved = JSON.parse(await readFile(join(folder, 'saved.json'), 'utf8')) as unknown;
  expect(saved).toMatchObject({ ...specFor(join(folder, 'beside.csv')), seed: 1 });
  await train(studio);
  await waitForStatus(studio, 'completed');
  await expectCleanPage(studio);
});

async function trainTiny(studio: StudioApp) {
  const id = await studio.invoke('run:start', {
    spec: {
      ...specFor(''),
      name: '../odd: name?',
      data: { source: 'iris' },
      model: { layers: [{ type: 'affine', units: 3 }] },
    },
  });
  await expect.poll(async () => (await studio.invoke('run:get', { id })).summary.status).toBe('completed');
  return id;
}

test('exports go where the dialog says, and nowhere else', async ({ launch }) => {
  const studio = await launch();
  const id = await trainTiny(studio);
  const folder = await temporaryFolder();
  const offered = await studio.electron.evaluate(({ dialog }) => {
    dialog.showSaveDialog = (...args: unknown[]) => {
      Reflect.set(globalThis, '__offered', args.at(-1));
      return Promise.resolve({ canceled: true, filePath: '' });
    };
  });
  expect(offered).toBeUndefined();
  expect(await studio.invoke('weights:export', { id, format: 'npz' })).toBeNull();
  const options = (await studio.electron.evaluate(() => Reflect.get(globalThis, '__offered'))) as {
    defaultPath: string;
    filters: { extensions: string[] }[];
  };
  expect(options.defaultPath).toBe('odd name.npz');
  expect(options.filters[0]?.extensions).toEqual(['npz']);

  // The extension typed in the dialog decides the format; without one it is the format asked for.
  await studio.answerSaveDialog(join(folder, 'typed.safetensors'));
  expect(await studio.invoke('weights:export', { id, format: 'npz' })).toMatchObject({
    path: join(folder, 'typed.safetensors'),
  });
  await studio.answerSaveDialog(join(folder, 'bare'));
  const saved = await studio.invoke('weights:export', { id, format: 'npz' });
  expect(basename(saved?.path ?? '')).toBe('bare.npz');
  expect(await readAffineWeights(join(folder, 'bare.npz'))).toEqual(
    await readAffineWeights(join(folder, 'typed.safetensors')),
  );

  const refused = async (path: string): Promise<unknown> => {
    await studio.answerSaveDialog(path);
    return studio.page.evaluate((run) => window.studio.invoke('weights:export', { id: run, format: 'npz' }), id);
  };
  await writeFile(join(folder, 'target.npz'), 'precious');
  await symlink(join(folder, 'target.npz'), join(folder, 'link.npz'));
  expect(await refused(join(folder, 'link.npz'))).toMatchObject({ ok: false, error: { code: 'file_invalid' } });
  expect(await readFile(join(folder, 'target.npz'), 'utf8')).toBe('precious');
  expect(await refused(join(studio.home, 'descent.npz'))).toMatchObject({ ok: false, error: { code: 'file_invalid' } });
  await mkdir(join(folder, 'folder.npz'));
  expect(await refused(join(folder, 'folder.npz'))).toMatchObject({ ok: false });
  expect(await refused(join(folder, 'missing', 'w.npz'))).toMatchObject({ ok: false, error: { code: 'not_found' } });
});

test('a failed export says why on the page', async ({ launch }) => {
  const studio = await launch();
  const id = await trainTiny(studio);
  await openRun(studio, id);
  await studio.answerSaveDialog(join(studio.home, 'inside.npz'));
  await studio.byId(TEST_ID.runExport).click();
  await studio.byId(TEST_ID.exportFormat('npz')).click();
  await expect(studio.byId(TEST_ID.toast).filter({ hasText: 'inside.npz' })).toBeVisible();
});
