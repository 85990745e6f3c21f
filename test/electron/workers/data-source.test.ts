import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { previewDataSet } from '../../../electron/workers/data-preview.ts';
import { loadDataSet } from '../../../electron/workers/data-source.ts';
import { DataError } from '../../../engine/data/dataset.ts';
import { encodeZip } from '../../../engine/formats/zip.ts';
import { BUILT_IN_DATA } from '../../../engine/spec/built-in-data.ts';
import { BUILT_IN_SOURCES, type DataSource } from '../../../engine/spec/run-spec.ts';

const here = dirname(fileURLToPath(import.meta.url));
const datasetsDir = join(here, '../../../resources/datasets');
const fixtures = join(here, '../../fixtures/data');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'descent-data-'));
});
afterAll(async () => rm(folder, { recursive: true }));

const load = (source: DataSource, baseDir = folder) => loadDataSet(source, { datasetsDir, baseDir });
/** Writes a file into the test's folder and returns its name. */
async function file(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return name;
}

describe('the sets on board', () => {
  it('are the files the checksums are of', async () => {
    const lines = (await readFile(join(datasetsDir, 'SHA256SUMS'), 'utf8')).trim().split('\n');
    expect(lines.length).toBe(9);
    for (const line of lines) {
      const [sum, name] = line.split(/\s+/);
      const bytes = await readFile(join(datasetsDir, name ?? ''));
      expect(createHash('sha256').update(bytes).digest('hex'), name).toBe(sum);
    }
  });

  it.each(BUILT_IN_SOURCES)('%s is what the table says', async (source) => {
    const { dataset, title, licence } = await load(source);
    const known = BUILT_IN_DATA[source];
    const { shape, rows, outputNames, featureNames, maximum } = known;
    expect(dataset).toMatchObject({ shape, rows, outputNames, featureNames, maximum });
    expect([title, licence]).toEqual([known.title, known.licence]);
    expect(dataset.rows - dataset.testFrom).toBe(known.testRows);
    expect(dataset.x.every((value) => Number.isFinite(value))).toBe(true);
    expect(new Set(dataset.labels ?? []).size).toBe(shape.task === 'classification' ? shape.outputs : 0);
  });

  it('holds the first rows of the files', async () => {
    const digits = (await load('digits')).dataset;
    expect([...digits.x.subarray(0, 8)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
    expect(digits.labels?.slice(0, 3)).toEqual(Int32Array.of(0, 1, 2));
    const wine = (await load('wine')).dataset;
    expect(wine.x.slice(0, 3)).toEqual(Float32Array.of(14.23, 1.71, 2.43));
    const diabetes = (await load('diabetes')).dataset;
    expect(diabetes.x.slice(0, 5)).toEqual(Float32Array.of(59, 2, 32.1, 101, 157));
    expect(diabetes.targets?.slice(0, 3)).toEqual(Float32Array.of(151, 75, 141));
    const fashion = (await load('fashion-mnist')).dataset;
    expect(fashion.x).toBeInstanceOf(Uint8Array);
    expect(fashion.labels?.slice(0, 4)).toEqual(Int32Array.of(9, 0, 0, 3));
    expect(fashion.labels?.slice(60_000, 60_004)).toEqual(Int32Array.of(9, 2, 1, 1));
    // Sums of all pixels, counted once with NumPy.
    const sum = (from: number, to: number): number => {
      let total = 0;
      for (const value of fashion.x.subarray(from * 784, to * 784)) total += value;
      return total;
    };
    expect(sum(0, 60_000)).toBe(FASHION_SUMS.train);
    expect(sum(60_000, 70_000)).toBe(FASHION_SUMS.test);
  });

  it('a seed decides the synthetic ones', async () => {
    const at = (splitSeed: number) => loadDataSet('spiral', { datasetsDir, baseDir: folder, splitSeed });
    expect((await at(1)).sha256).toBe((await at(1)).sha256);
    expect((await at(1)).sha256).not.toBe((await at(2)).sha256);
  });
});

const FASHION_SUMS = { train: 3_431_114_169, test: 573_469_082 };

describe('IDX files', () => {
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40);
  const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 0, 1);

  it('reads gzipped and plain files alike, and hashes them alike', async () => {
    const plain = await load({ images: await file('i', images), labels: await file('l', labels) });
    const packed = await load({
      images: await file('i.gz', gzipSync(images)),
      labels: await file('l.gz', gzipSync(labels)),
    });
    expect(packed.dataset).toEqual(plain.dataset);
    expect(packed.sha256).toBe(plain.sha256);
    expect(plain.dataset.x).toEqual(Uint8Array.of(10, 20, 30, 40));
    expect(plain.dataset.shape.input).toEqual([1, 1, 2]);
  });

  it('joins test files', async () => {
    const source = { images: await file('i', images), labels: await file('l', labels) };
    const { dataset } = await load({ ...source, testImages: 'i', testLabels: 'l' });
    expect(dataset.x).toEqual(Uint8Array.of(10, 20, 30, 40, 10, 20, 30, 40));
    expect(dataset).toMatchObject({ rows: 4, testFrom: 2 });
  });

  it('refuses every truncation of the pictures, plain and gzipped', async () => {
    await file('l', labels);
    for (let length = 0; length < images.length; length++) {
      const cut = images.subarray(0, length);
      await expect(load({ images: await file('cut', cut), labels: 'l' }), `${length}`).rejects.toThrow(/^cut: /);
      await expect(load({ images: await file('cut.gz', gzipSync(cut)), labels: 'l' }), `${length}`).rejects.toThrow(
        /^cut\.gz: /,
      );
    }
  });

  it.each<[string, () => Promise<DataSource>, string | RegExp]>([
    ['a missing file', async () => ({ images: 'nowhere', labels: await file('l', labels) }), 'nowhere: no such file'],
    [
      'a folder',
      async () => ({ images: '.', labels: await file('l', labels) }),
      /: expected a file, got a folder or device$/,
    ],
    [
      'gzip data that ends too early',
      async () => ({
        images: await file('half.gz', gzipSync(images).subarray(0, 20)),
        labels: await file('l', labels),
      }),
      'half.gz: truncated: its gzip data ends too early',
    ],
    [
      'damaged gzip data',
      async () => ({
        images: await file('bad.gz', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 255, 255, 255, 255, 255)),
        labels: await file('l', labels),
      }),
      /^bad\.gz: damaged gzip data/,
    ],
    [
      'a header that promises more than a gzip file of this size can hold, before memory is taken',
      async () => ({
        images: await file(
          'liar.gz',
          gzipSync(Uint8Array.of(0, 0, 8, 3, 0, 0, 0x80, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 1)),
        ),
        labels: await file('l', labels),
      }),
      /^liar\.gz: truncated: expected 32768 × 128 × 128 values, 536870912 bytes after the header, got \d{5}$/,
    ],
    [
      'a bomb: far more data than the header says',
      async () => ({
        images: await file('bomb.gz', gzipSync(Buffer.concat([images, Buffer.alloc(50_000_000)]))),
        labels: await file('l', labels),
      }),
      'bomb.gz: trailing bytes: expected 2 × 1 × 2 values, 4 bytes after the header, got 1048560',
    ],
    [
      'one test file alone',
      async () => ({ images: await file('i', images), labels: await file('l', labels), testImages: 'i' }),
      'data.source.testLabels: expected with the other test file, got nothing',
    ],
  ])('refuses %s', async (_what, source, message) => {
    const attempt = load(await source());
    await expect(attempt).rejects.toBeInstanceOf(DataError);
    await expect(load(await source())).rejects.toThrow(message);
  });
});

describe('CSV files', () => {
  it('reads quotes, byte order mark, CRLF and blank lines, and hashes by content', async () => {
    const odd = await load({
      file: await file('odd.csv', '\ufeff"a","b, c",y\r\n"1",2,0\r\n\r\n3,"4",1\r\n5,6,1\r\n'),
    });
    expect(odd.dataset.featureNames).toEqual(['a', 'b, c']);
    expect(odd.dataset.x).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
    const plain = await load({ file: await file('plain.csv', '1,2,0\n3,4,1\n5,6,1') });
    expect(plain.sha256).toBe(odd.sha256);
    expect(plain).toMatchObject({ title: 'plain.csv', licence: null });
  });

  it('finds semicolons and tabs, and reads gzipped tables', async () => {
    const expected = (await load({ file: await file('comma.csv', 'a,b\n1,0\n2,1\n3,1\n') })).dataset;
    expect((await load({ file: await file('semicolon.csv', 'a;b\n1;0\n2;1\n3;1\n') })).dataset).toEqual(expected);
    expect((await load({ file: await file('tab.tsv', 'a\tb\n1\t0\n2\t1\n3\t1\n') })).dataset).toEqual(expected);
    expect((await load({ file: await file('c.csv.gz', gzipSync('a,b\n1,0\n2,1\n3,1\n')) })).dataset).toEqual(expected);
  });

  it('uses target and header of the source', async () => {
    await file('h.csv', '7,8\n0,5\n1,6\n1,7\n');
    const { dataset } = await load({ file: 'h.csv', target: '7', header: true });
    expect(dataset).toMatchObject({ featureNames: ['8'], rows: 3 });
    expect(dataset.labels).toEqual(Int32Array.of(0, 1, 1));
  });

  it.each<[string, string | Uint8Array, string]>([
    ['a row with a missing cell', 'a,b,y\n1,2,0\n1,,1\n', 'bad.csv, line 3: column "b": the cell is missing'],
    [
      'a row that is too short',
      'a,b,y\n1,2,0\n\n1,2\n',
      'bad.csv, line 4: expected 3 cells as in the first row, got 2',
    ],
    ['a quote that is never closed', 'a,y\n1,"0\n2,1\n', 'bad.csv, line 3: a quoted cell is never closed'],
    ['text after a closing quote', 'a,y\n"1"2,0\n', 'bad.csv, line 2: text after the closing quote of a cell'],
    ['a quote inside a cell', 'a,y\n1"2,0\n', 'bad.csv, line 2: a quote inside an unquoted cell'],
    ['an empty file', '', 'bad.csv: expected rows of numbers, got an empty file'],
    ['a NUL byte', 'a,y\n1\0,0\n', 'bad.csv: expected text, got a NUL byte at byte 5'],
    ['UTF-16', Buffer.from('\ufeffa,y\n1,0\n', 'utf16le'), 'bad.csv: expected UTF-8 text, got UTF-16'],
    [
      'a picture',
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0),
      'bad.csv: expected text, got a NUL byte at byte 8',
    ],
    [
      'one endless line',
      Buffer.alloc(5_000_000, 'a'),
      'bad.csv, line 1: expected rows of at most 4194304 characters, got a longer one',
    ],
    [
      'more columns than any table has',
      '1,'.repeat(200_000),
      'bad.csv: expected 2 to 100000 columns (features and a target), got 200001',
    ],
  ])('refuses %s', async (_what, content, message) => {
    await expect(load({ file: await file('bad.csv', content) })).rejects.toThrow(new DataError(message));
  });

  it('refuses a file of another kind by its name', async () => {
    await expect(load({ file: 'x.xlsx' })).rejects.toThrow(
      'data.source.file: expected a .npz or .csv file, got "x.xlsx"',
    );
  });
});

describe('npz files', () => {
  const fixture = (name: string) => load({ file: name }, fixtures);

  it('keeps pictures of bytes as bytes with one channel, and their own test split', async () => {
    const { dataset } = await fixture('pictures.npz');
    expect(dataset).toMatchObject({ rows: 12, testFrom: 9, maximum: null, featureNames: null });
    expect(dataset.shape).toEqual({ input: [1, 4, 4], task: 'classification', outputs: 3 });
    expect(dataset.x).toBeInstanceOf(Uint8Array);
    expect(dataset.labels).toEqual(Int32Array.from({ length: 12 }, (_, i) => i % 3));
  });

  it('reads one-hot rows as classes, x and t without a split, float64 as float32', async () => {
    const { dataset } = await fixture('onehot.npz');
    expect(dataset.shape).toEqual({ input: [16], task: 'classification', outputs: 3 });
    expect(dataset.labels).toEqual(Int32Array.from({ length: 12 }, (_, i) => i % 3));
    expect(dataset.x).toEqual(Float32Array.from((await fixture('pictures.npz')).dataset.x));
    expect(dataset.testFrom).toBe(12);
  });

  it('reads other numbers as real targets', async () => {
    const { dataset } = await fixture('regression.npz');
    expect(dataset.shape).toEqual({ input: [16], task: 'regression', outputs: 2 });
    expect(dataset.targets?.slice(0, 6)).toEqual(Float32Array.of(0, 0, 1.5, -1, 3, -2));
    expect(dataset.outputNames).toEqual(['target 1', 'target 2']);
  });

  it.each([
    [
      'objects.npz',
      "objects.npz, t_train: holds Python objects (pickled), which are never read; save it as an array of numbers, got dtype '|O'",
    ],
    [
      'texts.npz',
      "texts.npz, t_train: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '<U1'",
    ],
    [
      'complex.npz',
      "complex.npz, x_train: expected numbers or booleans (dtype b1, u1 to u8, i1 to i8, f2, f4, f8), got '<c8'",
    ],
    ['structured.npz', 'structured.npz, x_train: expected an array of numbers, got a structured array'],
    ['rows-differ.npz', 'rows-differ.npz, t_train: expected 9 rows as in rows-differ.npz, x_train, got 8'],
    ['nan.npz', 'nan.npz, x_train, row 4, column 3: expected a finite float32 number, got NaN'],
    ['too-large.npz', 'too-large.npz, x_train, row 1, column 2: expected a finite float32 number, got Infinity'],
    [
      'negative-class.npz',
      'negative-class.npz, t_train, row 0: expected a class, a whole number from 0 to 99999, got -1',
    ],
    [
      'test-class.npz',
      'test-class.npz, t_test, row 0: expected a class from 0 to 2 (the classes of test-class.npz, t_train), got 4',
    ],
    ['no-targets.npz', 'no-targets.npz: expected an array t_train, got x_train'],
    ['bomb.npz', 'bomb.npz, x_train: trailing bytes: shape (9, 4, 4) takes 144 bytes, got 1048448'],
    ['liar.npz', 'liar.npz, x_train: shape (1048576, 1048576) takes 4398046511104 bytes, more than the file can hold'],
    ['escape.npz', 'escape.npz: refused entry "../../x_train.npy": expected a plain name'],
    ['nowhere.npz', 'nowhere.npz: no such file'],
  ])('refuses %s', async (name, message) => {
    await expect(fixture(name)).rejects.toThrow(new DataError(message));
  });

  it('refuses random bytes and text named .npz', async () => {
    const random = Uint8Array.from({ length: 5000 }, (_, i) => (i * 2654435761) >>> 13);
    for (const content of [random, 'hello', '', new Uint8Array(100_000)]) {
      await expect(load({ file: await file('random.npz', content) })).rejects.toThrow(
        new DataError('random.npz: not an npz file: expected a zip archive, found no end of one'),
      );
    }
  });

  it('refuses every truncation', async () => {
    const whole = await readFile(join(fixtures, 'pictures.npz'));
    for (let length = 0; length < whole.length; length += 7) {
      await expect(load({ file: await file('cut.npz', whole.subarray(0, length)) })).rejects.toBeInstanceOf(DataError);
    }
  });

  it('notices a changed byte by the checksum', async () => {
    const bytes = await readFile(join(fixtures, 'onehot.npz'));
    const at = bytes.indexOf('NUMPY') + 300;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await expect(load({ file: await file('flip.npz', bytes) })).rejects.toThrow('damaged: its checksum does not match');
  });

  it('refuses more arrays than any set has', async () => {
    const entries = Array.from({ length: 5000 }, (_, i) => ({ name: `a${i}.npy`, data: new Uint8Array(0) }));
    await expect(load({ file: await file('many.npz', encodeZip(entries)) })).rejects.toThrow(
      'many.npz: expected at most 4096 arrays, got 5000',
    );
  });

  it('refuses target and header, which belong to CSV', async () => {
    await expect(load({ file: 'pictures.npz', target: 't' }, fixtures)).rejects.toThrow(
      'data.source.target: belongs to CSV files; pictures.npz is an npz file',
    );
  });

  it('reads through links and from relative folders', async () => {
    await mkdir(join(folder, 'sub'), { recursive: true });
    await symlink(join(fixtures, 'pictures.npz'), join(folder, 'sub', 'link.npz'));
    expect((await load({ file: 'sub/link.npz' })).sha256).toBe((await fixture('pictures.npz')).sha256);
  });
});

describe('previewDataSet', () => {
  it('shows pictures of every class, scaled to 0..1', async () => {
    const preview = previewDataSet(await load('digits'));
    expect(preview.sampleLabels).toEqual(Int32Array.from({ length: 80 }, (_, i) => Math.floor(i / 8)));
    expect(preview.samples.length).toBe(80 * 64);
    expect(Math.max(...preview.samples)).toBe(1);
    expect(preview.samples.slice(0, 6)).toEqual(Float32Array.of(0, 0, 5 / 16, 13 / 16, 9 / 16, 1 / 16));
    expect(preview.classCounts).toEqual([178, 182, 177, 183, 181, 182, 181, 179, 174, 180]);
    expect(preview).toMatchObject({ title: 'Digits', licence: 'CC BY 4.0', testRows: 0, rows: 1797 });
  });

  it('shows rows and ranges of flat sets', async () => {
    const iris = previewDataSet(await load('iris'));
    expect(iris.featureRanges.map(([low, high]) => [low.toFixed(1), high.toFixed(1)])).toEqual([
      ['4.3', '7.9'],
      ['2.0', '4.4'],
      ['1.0', '6.9'],
      ['0.1', '2.5'],
    ]);
    expect(iris.sampleLabels.length).toBe(150);
    const diabetes = previewDataSet(await load('diabetes'));
    expect(diabetes.classCounts).toBeNull();
    expect(diabetes.sampleTargets.length).toBe(400);
    expect(diabetes.samples.every((value) => value >= 0 && value <= 1)).toBe(true);
  });
});
