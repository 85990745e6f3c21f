/** From the data source of a run spec to a data set in memory: the only place that opens data files. */

import { say } from '../../engine/spec/message.ts';
import { createHash } from 'node:crypto';
import { basename, join, resolve } from 'node:path';
import { DataError, type DataSet } from '../../engine/data/dataset.ts';
import { isSynthetic, syntheticDataSet } from '../../engine/data/synthetic.ts';
import { TableReader } from '../../engine/data/table.ts';
import { BUILT_IN_DATA } from '../../engine/spec/built-in-data.ts';
import type { BuiltInSource, DataSource } from '../../engine/spec/run-spec.ts';
import { readIdxDataSet } from './idx-file.ts';
import { readNpzDataSet } from './npz-file.ts';
import { readPackedDataSet } from './packed-data.ts';
import { readCells, readTableFile } from './table-file.ts';

export interface DataFolders {
  /** Where the sets on board are (`resources/datasets`). */
  readonly datasetsDir: string;
  /** Relative paths of the source are resolved against it. */
  readonly baseDir: string;
  /** Seed of the synthetic sets: the spec's `data.splitSeed`. Left out: 0. */
  readonly splitSeed?: number;
}

export interface LoadedData {
  readonly dataset: DataSet;
  /** Over the values, the targets and the shape: equal data has an equal hash however its file is packed. */
  readonly sha256: string;
  readonly title: string;
  /** null for the person's own files. */
  readonly licence: string | null;
}

/** Reads or computes a data set. Throws a DataError, one line that names the file, for anything it cannot use. */
export async function loadDataSet(source: DataSource, folders: DataFolders): Promise<LoadedData> {
  const dataset = await readSource(source, folders);
  const sha256 = hashDataSet(dataset);
  if (typeof source === 'string') {
    const { title, licence } = BUILT_IN_DATA[source];
    return { dataset, sha256, title, licence };
  }
  return { dataset, sha256, title: basename('file' in source ? source.file : source.images), licence: null };
}

/** A set that was packed on another machine, where its title and licence are known. */
export async function loadPackedData(path: string): Promise<LoadedData> {
  const dataset = await readPackedDataSet(path);
  return { dataset, sha256: hashDataSet(dataset), title: basename(path), licence: null };
}

async function readSource(source: DataSource, { datasetsDir, baseDir, splitSeed }: DataFolders): Promise<DataSet> {
  if (typeof source === 'string') {
    return isSynthetic(source) ? syntheticDataSet(source, splitSeed ?? 0) : readBuiltIn(source, datasetsDir);
  }
  const path = (file: string): string => resolve(baseDir, file);
  const optional = (file: string | undefined): string | undefined => (file === undefined ? file : path(file));
  if ('images' in source) {
    return readIdxDataSet({
      images: path(source.images),
      labels: path(source.labels),
      testImages: optional(source.testImages),
      testLabels: optional(source.testLabels),
    });
  }
  const { file, target, header } = source;
  if (/\.npz$/i.test(file)) {
    if (target !== undefined || header !== undefined) {
      const field = target === undefined ? 'header' : 'target';
      const path = `data.source.${field}`;
      throw new DataError(say`${path}: belongs to CSV files; ${basename(file)} is an npz file`, path);
    }
    return readNpzDataSet(path(file));
  }
  if (/\.(csv|tsv|txt)(\.gz)?$/i.test(file)) return readTableFile(path(file), { target, header });
  throw new DataError(
    say`data.source.file: expected a .npz or .csv file, got ${JSON.stringify(basename(file))}`,
    'data.source.file',
  );
}

async function readBuiltIn(
  source: Exclude<BuiltInSource, 'xor' | 'spiral' | 'moons' | 'circles'>,
  datasetsDir: string,
): Promise<DataSet> {
  const known = BUILT_IN_DATA[source];
  const file = (name: string): string => join(datasetsDir, source, name);
  if (source === 'fashion-mnist') {
    const set = await readIdxDataSet(
      {
        images: file('train-images-idx3-ubyte.gz'),
        labels: file('train-labels-idx1-ubyte.gz'),
        testImages: file('t10k-images-idx3-ubyte.gz'),
        testLabels: file('t10k-labels-idx1-ubyte.gz'),
      },
      known.outputNames,
    );
    return asKnown(source, set);
  }
  if (source === 'diabetes') return asKnown(source, await readDiabetes(file('features.csv.gz'), file('target.csv.gz')));
  if (source === 'digits') {
    const set = await readTableFile(file('digits.csv.gz'), { header: false });
    return asKnown(source, { ...set, x: Uint8Array.from(set.x) });
  }
  // The first line holds the number of rows and columns and the names of the classes, all known here.
  return asKnown(source, await readTableFile(file(`${source}.csv`), { header: false, fromLine: 2 }));
}

/** Measures and target are in two files; the rows belong together by their place. */
async function readDiabetes(features: string, target: string): Promise<DataSet> {
  const targets: string[] = [];
  for await (const { cells } of readCells(target)) targets.push(cells[0] ?? '');
  const table = new TableReader(basename(features), { header: false });
  let row = 0;
  for await (const { cells, line } of readCells(features, { delimiter: ' ' })) {
    table.add([...cells, targets[row++] ?? ''], line);
  }
  return table.finish();
}

/** Gives a set on board the shape and names it is known by, and refuses one that is not what it should be. */
function asKnown(source: BuiltInSource, set: DataSet): DataSet {
  const { rows, testRows, shape, outputNames, featureNames, maximum } = BUILT_IN_DATA[source];
  const fits =
    set.rows === rows &&
    set.rows - set.testFrom === testRows &&
    set.shape.outputs === shape.outputs &&
    set.x.length === rows * shape.input.reduce((a, b) => a * b, 1);
  if (!fits) {
    throw new DataError(
      say`${source}: the file on board is damaged: expected ${rows} rows, got ${set.rows}; reinstall Descent`,
    );
  }
  return { ...set, shape, outputNames, featureNames, maximum };
}

function hashDataSet(set: DataSet): string {
  const { shape, rows, testFrom, x, labels, targets } = set;
  const kind = x instanceof Uint8Array ? 'uint8' : 'float32';
  const hash = createHash('sha256');
  hash.update(JSON.stringify([shape.input, shape.task, shape.outputs, rows, testFrom, kind]));
  for (const part of [x, labels, targets]) {
    if (part !== null) hash.update(new Uint8Array(part.buffer, part.byteOffset, part.byteLength));
  }
  return hash.digest('hex');
}
