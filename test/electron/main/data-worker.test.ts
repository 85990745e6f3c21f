import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { ChosenFiles } from '../../../electron/main/services/chosen-files.ts';
import { DataSetsService } from '../../../electron/main/services/data-sets.ts';
import { DataWorker } from '../../../electron/main/services/data-worker.ts';
import { KernelsInfoService } from '../../../electron/main/services/kernels-info.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DATASETS = join(ROOT, 'resources', 'datasets');

let folder: string;
let worker: DataWorker;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-data-'));
  worker = new DataWorker(join(ROOT, 'electron', 'workers', 'data.worker.ts'));
});
afterEach(async () => {
  await worker.close();
  await rm(folder, { recursive: true });
});

test('looks at a set on board in its thread', async () => {
  const preview = await worker.ask('preview', { source: 'iris', datasetsFolder: DATASETS, baseFolder: folder });
  expect(preview).toMatchObject({ title: 'Iris', rows: 150, classCounts: [50, 50, 50], testRows: 0 });
  expect(preview.samples).toBeInstanceOf(Float32Array);
});

test('answers several questions, each its own', async () => {
  const ask = (source: 'iris' | 'wine' | 'xor') =>
    worker.ask('preview', { source, datasetsFolder: DATASETS, baseFolder: folder });
  const titles = await Promise.all([ask('wine'), ask('iris'), ask('xor')]);
  expect(titles.map(({ rows }) => rows)).toEqual([178, 150, expect.any(Number)]);
  expect(titles.map(({ title }) => title).slice(0, 2)).toEqual(['Wine', 'Iris']);
});

test('a file that cannot be used is an error with its name', async () => {
  const file = join(folder, 'broken.csv');
  await writeFile(file, 'a,b\n1\n');
  const asked = worker.ask('preview', { source: { file }, datasetsFolder: DATASETS, baseFolder: folder });
  await expect(asked).rejects.toMatchObject({ error: { code: 'data_invalid' } });
  await expect(asked).rejects.toThrow('broken.csv');
});

test('says which kernels load, and why a name does not', async () => {
  expect(await worker.ask('kernels', { name: 'reference' })).toEqual({ description: expect.any(String), note: null });
  const info = new KernelsInfoService(worker);
  expect(await info.read('native-abacus')).toMatchObject({
    description: 'native-abacus',
    note: { message: expect.stringContaining('native-abacus') },
  });
  expect((await info.read('reference')).note).toBeNull();
});

test('a worker that dies fails what waits, and the next question starts a new one', async () => {
  const file = join(folder, 'dying.mjs');
  await writeFile(
    file,
    `import { parentPort } from 'node:worker_threads';
     parentPort.on('message', ({ id, argument }) => {
       if (argument.name === 'die') process.exit(7);
       parentPort.postMessage({ id, outcome: { ok: true, value: { description: 'alive', note: null } } });
     });`,
  );
  const dying = new DataWorker(file);
  await expect(dying.ask('kernels', { name: 'die' })).rejects.toMatchObject({
    error: { code: 'worker_died', message: expect.stringContaining('7') },
  });
  expect(await dying.ask('kernels', { name: 'live' })).toEqual({ description: 'alive', note: null });
  await dying.close();
});

test('the data service lists the sets on board and refuses files nobody chose', async () => {
  const chosen = await ChosenFiles.open(join(folder, 'chosen.json'), false, 1);
  const service = new DataSetsService({ worker, chosen, datasetsFolder: DATASETS, baseFolder: folder });
  expect(service.list().map(({ source }) => source)).toEqual([
    'fashion-mnist',
    'digits',
    'iris',
    'wine',
    'diabetes',
    'xor',
    'spiral',
    'moons',
    'circles',
  ]);
  const file = join(folder, 'own.csv');
  await writeFile(file, 'x,y,t\n1,2,a\n3,4,b\n5,6,a\n7,8,b\n');
  await expect(service.preview({ file })).rejects.toMatchObject({ error: { code: 'spec_invalid' } });
  await chosen.add([file]);
  expect(await service.preview({ file })).toMatchObject({ rows: 4, title: 'own.csv' });
});
