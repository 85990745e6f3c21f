/** A data set from named arrays, as an npz file holds them: x_train, t_train and, when there are any, x_test, t_test. */

import { say, word } from '../spec/message.ts';
import { isByteArray, readNpyValues } from '../formats/npy-values.ts';
import type { NpyArray } from '../formats/npy.ts';
import type { DataShape } from '../spec/shapes.ts';
import { DataError, type DataSet } from './dataset.ts';
import { checkClasses, countClasses, MAX_CLASSES, wholeLabels } from './labels.ts';

/** What each part may be called in the file, most usual first. */
export const ARRAY_NAMES = {
  x: ['x_train', 'x'],
  t: ['t_train', 't', 'y_train', 'y'],
  xTest: ['x_test'],
  tTest: ['t_test', 'y_test'],
} as const;

/** An array and its name for messages: "set.npz, x_train". */
interface Named {
  readonly name: string;
  readonly array: NpyArray;
}

/**
 * Puts the arrays together. x: (N, h, w) becomes one channel, (N, c, h, w) stays a picture, all else is flat; bytes
 * stay bytes. t: whole numbers (N) are classes, (N, k) one-hot rows are classes, other numbers real targets.
 * Throws a DataError that names array and row.
 */
export function arrayDataSet(file: string, arrays: ReadonlyMap<string, NpyArray>): DataSet {
  const x = find(file, arrays, ARRAY_NAMES.x);
  const t = find(file, arrays, ARRAY_NAMES.t);
  if (x === null || t === null) {
    const missing = x === null ? 'x_train' : 't_train';
    const found = [...arrays.keys()].slice(0, 12).join(', ');
    throw new DataError(say`${file}: expected an array ${missing}, got ${found === '' ? 'no arrays' : found}`);
  }
  const xTest = find(file, arrays, ARRAY_NAMES.xTest);
  const tTest = find(file, arrays, ARRAY_NAMES.tTest);
  if ((xTest === null) !== (tTest === null)) {
    throw new DataError(
      say`${file}: expected x_test and t_test together, got ${xTest === null ? 't_test' : 'x_test'} alone`,
    );
  }
  checkRows(x, t);
  if (xTest === null || tTest === null) return assemble([x], [t]);
  checkRows(xTest, tTest);
  for (const [train, test] of [
    [x, xTest],
    [t, tTest],
  ] as const) {
    const [a, b] = [train, test].map(({ array }) => array.header.shape.slice(1).join(' × '));
    if (a === b) continue;
    throw new DataError(
      say`${test.name}: expected rows of ${a || word('one number')} as in ${train.name}, got ${b || word('one number')}`,
    );
  }
  return assemble([x, xTest], [t, tTest]);
}

function find(file: string, arrays: ReadonlyMap<string, NpyArray>, names: readonly string[]): Named | null {
  for (const name of names) {
    const array = arrays.get(name);
    if (array !== undefined) return { name: `${file}, ${name}`, array };
  }
  return null;
}

function checkRows(x: Named, t: Named): void {
  for (const { name, array } of [x, t]) {
    const { shape, count } = array.header;
    if (shape.length === 0 || count === 0) {
      throw new DataError(say`${name}: expected rows, got an array of shape (${shape.join(', ')})`);
    }
  }
  const [rows, targets] = [x.array.header.shape[0], t.array.header.shape[0]];
  if (rows !== targets) {
    throw new DataError(say`${t.name}: expected ${rows} rows as in ${x.name}, got ${targets}`);
  }
}

/** Joins train and test (in this order) into one set. */
function assemble(xs: readonly [Named, ...Named[]], ts: readonly [Named, ...Named[]]): DataSet {
  const [testFrom = 0, ...rowShape] = xs[0].array.header.shape;
  const rows = xs.reduce((sum, { array }) => sum + (array.header.shape[0] ?? 0), 0);
  const rowSize = rowShape.reduce((product, size) => product * size, 1);
  const input = rowShape.length === 2 ? [1, ...rowShape] : rowShape.length === 3 ? rowShape : [rowSize];
  const bytes = xs.every(({ array }) => isByteArray(array.header));
  const x = bytes ? new Uint8Array(rows * rowSize) : new Float32Array(rows * rowSize);
  let at = 0;
  for (const part of xs) {
    const values = x.subarray(at, at + part.array.header.count);
    readNpyValues(part.array, values);
    checkFinite(part, values, rowSize);
    at += values.length;
  }
  const isFlat = input.length === 1;
  return {
    ...readTargets(ts, input),
    x,
    rows,
    featureNames: isFlat ? Array.from({ length: rowSize }, (_, i) => `feature ${i + 1}`) : null,
    testFrom,
    maximum: null,
  };
}

function readTargets(ts: readonly [Named, ...Named[]], input: readonly number[]): Targets {
  const { shape, kind } = ts[0].array.header;
  if (shape.length > 2) {
    throw new DataError(say`${ts[0].name}: expected shape (N) or (N, k), got (${shape.join(', ')})`);
  }
  const columns = shape[1] ?? 1;
  const parts = ts.map((part) => {
    const values = new Float64Array(part.array.header.count);
    readNpyValues(part.array, values);
    return { ...part, values };
  });
  if (shape.length === 1 && kind !== 'float')
    return classes(
      parts.map((p) => wholeLabels(p.values, p.name)),
      ts,
      input,
    );
  if (columns > 1 && parts.every(({ values }) => isOneHot(values, columns))) {
    const labels = parts.map(({ values }) => fromOneHot(values, columns));
    return classes(labels, ts, input, columns);
  }
  for (const part of parts) checkFinite(part, part.values, columns);
  return {
    shape: { input, task: 'regression', outputs: columns },
    labels: null,
    targets: Float32Array.from(parts.flatMap(({ values }) => [...values])),
    ...(columns === 1 && parts.every(({ values }) => values.every(isClass)) ? { targetsNote: noteOn(ts[0]) } : {}),
    outputNames: Array.from({ length: columns }, (_, i) => (columns === 1 ? 'target' : `target ${i + 1}`)),
  };
}

type Targets = Pick<DataSet, 'labels' | 'targets' | 'targetsNote' | 'outputNames'> & { readonly shape: DataShape };

function classes(
  labels: readonly Int32Array[],
  ts: readonly Named[],
  input: readonly number[],
  columns?: number,
): Targets {
  const [train = new Int32Array(0), test = new Int32Array(0)] = labels;
  const outputs = columns ?? countClasses(train);
  if (ts[1] !== undefined) checkClasses(test, outputs, ts[1].name, say`the classes of ${ts[0]?.name}`);
  const joined = new Int32Array(train.length + test.length);
  joined.set(train);
  joined.set(test, train.length);
  return {
    shape: { input, task: 'classification', outputs },
    labels: joined,
    targets: null,
    outputNames: Array.from({ length: outputs }, (_, i) => String(i)),
  };
}

function isClass(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value < MAX_CLASSES;
}

function noteOn({ name, array }: Named): string {
  return `${name.slice(name.lastIndexOf(', ') + 2)} is float${8 * array.header.itemBytes}`;
}

/** Exactly one 1 in every row and 0 everywhere else. */
function isOneHot(values: Float64Array, columns: number): boolean {
  for (let row = 0; row < values.length; row += columns) {
    let ones = 0;
    for (let i = row; i < row + columns; i++) {
      if (values[i] === 1) ones++;
      else if (values[i] !== 0) return false;
    }
    if (ones !== 1) return false;
  }
  return true;
}

function fromOneHot(values: Float64Array, columns: number): Int32Array {
  return Int32Array.from({ length: values.length / columns }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns).indexOf(1),
  );
}

/** Throws at the first value that is not finite as a float32, naming row and column. */
function checkFinite(part: Named, values: Uint8Array | Float32Array | Float64Array, columns: number): void {
  if (values instanceof Uint8Array) return;
  const bad = values.findIndex((value) => !Number.isFinite(Math.fround(value)));
  if (bad < 0) return;
  throw new DataError(
    say`${part.name}, row ${Math.floor(bad / columns)}, column ${bad % columns}: expected a finite float32 number, got ${values[bad]}`,
  );
}
