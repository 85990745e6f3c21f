/** Every way of giving the command line something it cannot use: status 2 and one line that says what and where. */

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { float32, idx, int32, npy, npzDataSet } from './files.ts';
import { irisSpec, Workplace } from './support.ts';

function packageVersion(): string {
  const file = new URL('../../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function expectRefusal(work: Workplace, args: readonly string[], message: RegExp): Promise<void> {
  const { status, stdout, stderr } = await work.run(args);
  expect(stderr).toMatch(/^descent: [^\n]+\n$/);
  expect(stderr).toMatch(message);
  expect(stdout).toBe('');
  expect(status).toBe(2);
}

const layers = (...list: unknown[]) => irisSpec({ model: { layers: list } });
const optimizer = (changes: Record<string, unknown>) => irisSpec({ optimizer: { type: 'sgd', lr: 0.1, ...changes } });
const data = (changes: Record<string, unknown>) => irisSpec({ data: { source: 'iris', ...changes } });
const relus = Array.from({ length: 5 }, () => ({ type: 'relu' }));
const end = { type: 'affine', units: 3 };

describe('a spec', () => {
  const cases: [name: string, content: unknown, message: RegExp][] = [
    ['that is not JSON', '{ "name": ', /run\.json: expected JSON: /],
    ['that is empty', '', /run\.json: expected JSON: /],
    ['that is a list', '[]', /expected an object, got \[\]/],
    ['with an unknown field', irisSpec({ layers: [] }), /unknown field "layers"/],
    ['with an unknown field inside', data({ normalise: 'unit' }), /data: unknown field "normalise"/],
    [
      'with an unknown layer type',
      layers({ type: 'dense', units: 3 }),
      /model\.layers\.0(\.type)?: unknown layer type; expected one of affine, /,
    ],
    [
      'with an unknown data source',
      data({ source: 'mnist2' }),
      /data\.source: unknown data source "mnist2"; expected fashion-mnist, /,
    ],
    [
      'with negative units',
      layers({ type: 'affine', units: -3 }),
      /model\.layers\.0\.units: expected a whole number from 1 to 100000, got -3/,
    ],
    [
      'with fractional units',
      layers({ type: 'affine', units: 2.5 }),
      /model\.layers\.0\.units: expected a whole number .*, got 2\.5/,
    ],
    [
      'with fewer outputs than classes',
      layers({ type: 'affine', units: 2 }),
      /model\.layers\.0\.units: expected 3 outputs for the data's 3 classes, the last layer gives 2/,
    ],
    [
      'with a learning rate of zero',
      optimizer({ lr: 0 }),
      /^descent: run\.json: optimizer\.lr: expected a number above 0, .*, got 0\n/,
    ],
    [
      'with a number that is too large for JSON',
      JSON.stringify(optimizer({ lr: 0 })).replace('"lr":0', '"lr":1e999'),
      /optimizer\.lr: expected a number above 0, .*, got Infinity/,
    ],
    [
      'with a softmax before the loss that has its own',
      layers(end, { type: 'softmax' }),
      /^descent: run\.json: model\.layers\.1: softmax-cross-entropy applies softmax itself; remove this layer/,
    ],
    [
      'with a learning rate that is a text',
      optimizer({ lr: '0.1' }),
      /optimizer\.lr: expected a number above 0, .*, got "0\.1"/,
    ],
    [
      'without a learning rate',
      irisSpec({ optimizer: { type: 'sgd' } }),
      /optimizer\.lr: expected a number above 0, .*, got nothing/,
    ],
    [
      'with batch size 0',
      irisSpec({ training: { epochs: 1, batchSize: 0 } }),
      /training\.batchSize: expected a whole number from 1 to \d+, got 0/,
    ],
    ['with validation above 1', data({ validation: 1.5 }), /data\.validation: expected a number from 0 .*, got 1\.5/],
    ['with a validation that is a text', data({ validation: '20 %' }), /data\.validation: expected a number .*"20 %"/],
    [
      'with a batch that needs more memory than there is',
      irisSpec({
        model: { layers: [{ type: 'affine', units: 100_000 }, ...relus, { type: 'affine', units: 10 }] },
        data: { source: 'fashion-mnist', limit: 50_000 },
        training: { epochs: 1, batchSize: 50_000 },
      }),
      /training\.batchSize: the run needs about \d+\.\d GB of memory, .*take a smaller batch/,
    ],
    ['with validation 1', data({ validation: 1 }), /data\.validation: expected a number from 0 to 0\.999999, got 1/],
    [
      'with negative validation',
      data({ validation: -0.1 }),
      /data\.validation: expected a number from 0 .*, got -0\.1/,
    ],
    [
      'with both epochs and steps',
      irisSpec({ training: { epochs: 1, steps: 1 } }),
      /training\.steps: expected either epochs or steps, got both/,
    ],
    [
      'with a layer that does not fit',
      layers({ type: 'conv2d', filters: 2, kernel: 3 }, end),
      /model\.layers\.0.*needs an image/,
    ],
    [
      'with a loss that does not suit the data',
      irisSpec({ data: { source: 'diabetes' } }),
      /loss: softmax-cross-entropy needs class labels/,
    ],
    [
      'that needs more memory than there is',
      layers({ type: 'affine', units: 100_000 }, { type: 'affine', units: 100_000 }, end),
      /model\.layers: the run needs about \d+\.\d GB of memory, \d+\.\d GB are free; take smaller layers/,
    ],
    ['with a missing weights file', irisSpec({ initialWeights: 'none.npz' }), /none\.npz: /],
  ];
  it.each(cases)('%s', async (_name, content, message) => {
    const work = new Workplace();
    work.file('run.json', content);
    await expectRefusal(work, ['train', 'run.json', '--json'], message);
  });

  it('that does not exist', async () => {
    const work = new Workplace();
    await expectRefusal(work, ['train', 'none.json'], /none\.json: no such file/);
  });

  it('that is a folder', async () => {
    const work = new Workplace();
    mkdirSync(work.path('folder'));
    await expectRefusal(work, ['train', 'folder'], /folder: expected a file, got a folder/);
  });

  it('leaves no run behind when it is refused', async () => {
    const work = new Workplace();
    work.file('run.json', layers({ type: 'affine', units: 2 }));
    await expectRefusal(work, ['train', 'run.json'], /expected 3 outputs/);
    expect((await work.run(['runs', 'list'])).stdout).toBe('no runs\n');
  });
});

describe('data', () => {
  const file = (name: string, changes: Record<string, unknown> = {}) =>
    irisSpec({ data: { source: { file: name, ...changes } }, model: { layers: [{ type: 'affine', units: 2 }] } });
  const pictures = irisSpec({ data: { source: { images: 'images', labels: 'labels' } } });
  const bytes = (n: number) => Uint8Array.from({ length: n }, (_, i) => i % 3);

  const cases: [name: string, spec: unknown, files: Record<string, Uint8Array | string>, message: RegExp][] = [
    ['that is missing', file('none.npz'), {}, /none\.npz/],
    [
      'in an IDX file cut short',
      pictures,
      { images: idx([20, 2, 2], bytes(79)), labels: idx([20], bytes(20)) },
      /images: /,
    ],
    [
      'in an IDX file with a wrong magic number',
      pictures,
      { images: bytes(200), labels: idx([20], bytes(20)) },
      /images: /,
    ],
    [
      'with fewer labels than pictures',
      pictures,
      { images: idx([20, 2, 2], bytes(80)), labels: idx([19], bytes(19)) },
      /19/,
    ],
    [
      'with labels outside the classes',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { t_test: int32([0, 1, -1, ...Array<number>(17).fill(0)]) }) },
      /d\.npz, t_test, row 2: expected a class, .*, got -1/,
    ],
    [
      'with one label far from the others',
      irisSpec({ data: { source: { images: 'images', labels: 'labels.idx' } } }),
      { images: idx([20, 2, 2], bytes(80)), 'labels.idx': idx([20], bytes(20).with(17, 202)) },
      /labels\.idx: row 17 has label 202, and no row has 3…201; labels must be 0…k−1 without a gap/,
    ],
    [
      'whose classes are floats',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { t_train: float32(Array.from(bytes(20)), [20]), t_test: null, x_test: null }) },
      /run\.json: loss: softmax-cross-entropy needs class labels, and t_train is float32: save class labels as integers, or use mse/,
    ],
    [
      'whose x and t differ in rows',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { t_train: int32([0, 1, 1]) }) },
      /d\.npz, t_train: expected 20 rows .*, got 3/,
    ],
    [
      'of pickled objects',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { t_train: npy('|O', [20], bytes(160)) }) },
      /d\.npz, t_train: holds Python objects/,
    ],
    [
      'with a NaN in it',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { x_train: float32([...Array<number>(39).fill(1), NaN], [20, 2]) }) },
      /d\.npz, x_train, row 19, column 1: expected a finite .*, got NaN/,
    ],
    ['without its training rows', file('d.npz'), { 'd.npz': npzDataSet(20, { x_train: null }) }, /d\.npz: .*x_train/],
    ['of random bytes named .npz', file('d.npz'), { 'd.npz': new Uint8Array(randomBytes(500)) }, /d\.npz: /],
    [
      'in a CSV file with a missing cell',
      file('d.csv', { target: 'kind' }),
      { 'd.csv': 'x,y,kind\n1,2,a\n3,b\n5,6,a\n' },
      /d\.csv, line 3: expected 3 cells .*, got 2/,
    ],
    [
      'in a CSV file with an empty cell',
      file('d.csv', { target: 'kind' }),
      { 'd.csv': 'x,y,kind\n1,2,a\n3,,b\n5,6,a\n' },
      /d\.csv, line 3.*y/,
    ],
    [
      'in a CSV file with a NaN',
      file('d.csv', { target: 'kind' }),
      { 'd.csv': 'x,y,kind\n1,2,a\n3,NaN,b\n5,6,a\n' },
      /d\.csv, line 3.*NaN/,
    ],
    [
      'in an IDX file that says it holds more than any memory',
      pictures,
      { images: idx([0xffffffff, 0xffff, 0xffff], bytes(80)), labels: idx([20], bytes(20)) },
      /images: /,
    ],
    [
      'in an array that says it is larger than its file',
      file('d.npz'),
      { 'd.npz': npzDataSet(20, { x_train: npy('<f4', [4_000_000_000, 2], bytes(160)) }) },
      /d\.npz, x_train/,
    ],
    [
      'in a CSV file without its target',
      file('d.csv', { target: 'colour' }),
      { 'd.csv': 'x,y,kind\n1,2,a\n3,4,b\n' },
      /d\.csv: .*colour/,
    ],
    ['of an unknown kind', file('d.parquet'), { 'd.parquet': bytes(10) }, /d\.parquet/],
  ];
  it.each(cases)('%s', async (_name, spec, files, message) => {
    const work = new Workplace();
    for (const [name, content] of Object.entries(files)) work.file(name, content);
    work.file('run.json', spec);
    await expectRefusal(work, ['train', 'run.json', '--json'], message);
  });
});

describe('the arguments', () => {
  it.each([
    [['train'], /missing required argument 'spec'/],
    [['traim', 'run.json'], /unknown command 'traim'/],
    [['train', 'run.json', '--fast'], /unknown option '--fast'/],
    [['train', 'run.json', '--seed', '1.5'], /--seed.*expected a whole number/],
    [['train', 'run.json', '--seed', '99999999999'], /seed: expected a whole number from 0 to 4294967295/],
    [['train', 'run.json', '--export', 'w.pickle'], /--export: w\.pickle: expected a name that ends in \.npz/],
    [['train', 'run.json', '--export', 'nowhere/w.npz'], /--export: nowhere\/w\.npz: its folder cannot be written/],
    [['train', 'run.json', '--db', '/dev/null/x.db'], /\/dev\/null: cannot make the database's folder/],
    [['resume', 'abcdefabcdef'], /there is no run "abcdefabcdef"/],
    [['runs', 'show', '7'], /there is no run "7"/],
    [['predict', 'none.npz', '--data', 'iris'], /none\.npz/],
    [['predict', 'run.json', '--data', 'iris'], /run\.json: not a weights file/],
    [[], /expected a command; "descent --help" lists them/],
    [['runs'], /expected a command; "descent runs --help" lists them/],
    [['predict', 'none.npz'], /required option '--data <source>' not specified/],
  ])('%j', async (args, message) => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    await expectRefusal(work, args, message);
  });

  it('kernels that do not exist', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const { status, stderr } = await work.run(['train', 'run.json'], { DESCENT_KERNELS: 'cuda' });
    expect(stderr).toMatch(/^descent: DESCENT_KERNELS: expected auto, native, .*, got "cuda"\n$/);
    expect(status).toBe(2);
  });

  it('kernels named by an option come before those of the environment', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    const { lines } = await work.run(['train', 'run.json', '--json', '--kernels', 'reference-f64']);
    expect(lines()[0]).toMatchObject({ kernels: 'reference-f64' });
  });

  it('a data set that predict does not know', async () => {
    const work = new Workplace();
    work.file('run.json', irisSpec());
    await work.run(['train', 'run.json', '--export', 'w.npz']);
    const expected = /--data: unknown data set "irsi"; expected fashion-mnist, .*circles, or an \.npz or \.csv file/;
    await expectRefusal(work, ['predict', 'w.npz', '--data', 'irsi'], expected);
  });

  it('the version is no mistake', async () => {
    const { status, stdout } = await new Workplace().run(['--version']);
    expect([status, stdout]).toEqual([0, `${packageVersion()}\n`]);
  });

  it('help is no mistake', async () => {
    const work = new Workplace();
    const { status, stdout } = await work.run(['train', '--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: descent train');
    expect(existsSync(work.database)).toBe(false);
  });
});
