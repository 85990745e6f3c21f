/** The data sets on board, as known before any file is read: for the form, its live shapes and the data page. */

import type { BuiltInSource } from './run-spec.ts';
import type { DataShape } from './shapes.ts';

export interface BuiltInDataSet {
  readonly source: BuiltInSource;
  readonly title: string;
  /** All rows, those of its own test split included. */
  readonly rows: number;
  /** Rows of its own test split; 0 when it has none. */
  readonly testRows: number;
  readonly shape: DataShape;
  /** Names of the classes or of the target columns. */
  readonly outputNames: readonly string[];
  /** null for pictures. */
  readonly featureNames: readonly string[] | null;
  /** Largest value a feature can have, where the source says so. */
  readonly maximum: number | null;
  readonly licence: string;
  /** Where it is from, one line. */
  readonly origin: string;
}

const classes = (input: readonly number[], outputs: number): DataShape => ({ input, task: 'classification', outputs });

/** Sets computed from a seed rather than read. */
function synthetic(source: BuiltInSource, title: string, rows: number, outputs: number, origin: string) {
  return {
    source,
    title,
    rows,
    testRows: 0,
    shape: classes([2], outputs),
    outputNames: Array.from({ length: outputs }, (_, i) => `class ${i}`),
    featureNames: ['x', 'y'],
    maximum: null,
    licence: 'none needed',
    origin,
  } satisfies BuiltInDataSet;
}

export const BUILT_IN_DATA: Readonly<Record<BuiltInSource, BuiltInDataSet>> = {
  'fashion-mnist': {
    source: 'fashion-mnist',
    title: 'Fashion-MNIST',
    rows: 70_000,
    testRows: 10_000,
    shape: classes([1, 28, 28], 10),
    outputNames: [
      'T-shirt/top',
      'Trouser',
      'Pullover',
      'Dress',
      'Coat',
      'Sandal',
      'Shirt',
      'Sneaker',
      'Bag',
      'Ankle boot',
    ],
    featureNames: null,
    maximum: 255,
    licence: 'MIT',
    origin: 'Zalando Research, 2017',
  },
  digits: {
    source: 'digits',
    title: 'Digits',
    rows: 1797,
    testRows: 0,
    shape: classes([1, 8, 8], 10),
    outputNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    featureNames: null,
    maximum: 16,
    licence: 'CC BY 4.0',
    origin: 'UCI Machine Learning Repository (Alpaydin, Kaynak 1998)',
  },
  iris: {
    source: 'iris',
    title: 'Iris',
    rows: 150,
    testRows: 0,
    shape: classes([4], 3),
    outputNames: ['setosa', 'versicolor', 'virginica'],
    featureNames: ['sepal length (cm)', 'sepal width (cm)', 'petal length (cm)', 'petal width (cm)'],
    maximum: null,
    licence: 'CC BY 4.0',
    origin: 'UCI Machine Learning Repository (Fisher 1936)',
  },
  wine: {
    source: 'wine',
    title: 'Wine',
    rows: 178,
    testRows: 0,
    shape: classes([13], 3),
    outputNames: ['class_0', 'class_1', 'class_2'],
    featureNames: [
      'alcohol',
      'malic acid',
      'ash',
      'alcalinity of ash',
      'magnesium',
      'total phenols',
      'flavanoids',
      'nonflavanoid phenols',
      'proanthocyanins',
      'colour intensity',
      'hue',
      'OD280/OD315 of diluted wines',
      'proline',
    ],
    maximum: null,
    licence: 'CC BY 4.0',
    origin: 'UCI Machine Learning Repository (Aeberhard, Forina 1992)',
  },
  diabetes: {
    source: 'diabetes',
    title: 'Diabetes',
    rows: 442,
    testRows: 0,
    shape: { input: [10], task: 'regression', outputs: 1 },
    outputNames: ['progression after one year'],
    featureNames: [
      'age',
      'sex',
      'body mass index',
      'blood pressure',
      'total cholesterol',
      'low-density lipoproteins',
      'high-density lipoproteins',
      'total / high-density cholesterol',
      'log of triglycerides',
      'blood sugar',
    ],
    maximum: null,
    licence: 'BSD 3-Clause',
    origin: 'Efron, Hastie, Johnstone, Tibshirani 2004',
  },
  xor: synthetic('xor', 'XOR', 400, 2, 'computed: two opposite quadrants against the other two'),
  spiral: synthetic('spiral', 'Spiral', 300, 3, 'computed: three arms wound round each other'),
  moons: synthetic('moons', 'Moons', 400, 2, 'computed: two half circles that reach into each other'),
  circles: synthetic('circles', 'Circles', 400, 2, 'computed: a ring around a disc'),
};
