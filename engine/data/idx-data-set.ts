/** A data set from IDX arrays: pictures and their labels, with or without a test split of their own. */

import { say, word } from '../spec/message.ts';
import { DataError, type DataSet } from './dataset.ts';
import type { IdxArray } from './idx.ts';
import { checkClasses, countClasses, wholeLabels } from './labels.ts';

/** An IDX array and the file it is from. */
export interface NamedIdx {
  readonly name: string;
  readonly array: IdxArray;
}

export interface IdxPair {
  readonly images: NamedIdx;
  readonly labels: NamedIdx;
}

export interface IdxDataSetOptions {
  /** Names of all classes where they are known; else classes are 0 to the largest training label. */
  readonly classNames?: readonly string[];
  /** Training and test rows in one array, in this order, when the caller has read them so. */
  readonly joined?: Uint8Array;
}

/** Puts images and labels together. (N, h, w) becomes one channel, (N, c, h, w) stays, (N, d) is flat. */
export function idxDataSet(train: IdxPair, test: IdxPair | null, options: IdxDataSetOptions = {}): DataSet {
  const [trainRows = 0, ...rowShape] = train.images.array.dimensions;
  const input = rowShape.length === 2 ? [1, ...rowShape] : rowShape.length === 0 ? [1] : rowShape;
  const trainLabels = checkedLabels(train);
  const classes = options.classNames?.length ?? countClasses(trainLabels);
  checkClasses(trainLabels, classes, train.labels.name, word('the classes of this set'));
  let labels = trainLabels;
  let x = options.joined ?? train.images.array.values;
  if (test !== null) {
    const [, ...testShape] = test.images.array.dimensions;
    if (testShape.join() !== rowShape.join()) {
      throw new DataError(
        say`${test.images.name}: expected pictures of ${rowShape.join(' × ')} as in ${train.images.name}, got ${testShape.join(' × ')}`,
      );
    }
    const testLabels = checkedLabels(test);
    checkClasses(testLabels, classes, test.labels.name, say`the classes of ${train.labels.name}`);
    labels = new Int32Array(trainLabels.length + testLabels.length);
    labels.set(trainLabels);
    labels.set(testLabels, trainLabels.length);
    if (options.joined === undefined) x = join(train.images, test.images);
  }
  const flat = input.length === 1;
  return {
    shape: { input, task: 'classification', outputs: classes },
    x,
    rows: labels.length,
    labels,
    targets: null,
    outputNames: options.classNames ?? Array.from({ length: classes }, (_, i) => String(i)),
    featureNames: flat ? Array.from({ length: input[0] ?? 0 }, (_, i) => `feature ${i + 1}`) : null,
    testFrom: trainRows,
    maximum: x instanceof Uint8Array ? 255 : null,
  };
}

function join(train: NamedIdx, test: NamedIdx): Uint8Array | Float32Array {
  const a = train.array.values;
  const b = test.array.values;
  const bytes = a instanceof Uint8Array && b instanceof Uint8Array;
  const x = bytes ? new Uint8Array(a.length + b.length) : new Float32Array(a.length + b.length);
  x.set(a);
  x.set(b, a.length);
  return x;
}

function checkedLabels({ images, labels }: IdxPair): Int32Array {
  const { dimensions, values } = labels.array;
  if (dimensions.length !== 1) {
    throw new DataError(say`${labels.name}: expected one label a row (1 dimension), got ${dimensions.join(' × ')}`);
  }
  const rows = images.array.dimensions[0] ?? 0;
  if (values.length !== rows) {
    throw new DataError(
      say`${labels.name}: expected ${rows} labels for the ${rows} rows of ${images.name}, got ${values.length}`,
    );
  }
  return wholeLabels(values, labels.name);
}
