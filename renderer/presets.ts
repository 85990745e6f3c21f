/** Ready-made runs: the one click of the empty state, and the form's starting points. */

import type { RunSpecInput } from '../engine/spec/run-spec.ts';

export const PRESET_NAMES = ['book', 'six-layer', 'regression', 'spiral', 'small-cnn'] as const;
export type PresetName = (typeof PRESET_NAMES)[number];

const BOOK_INIT = { normal: 0.01 };
const hidden = (units: number): RunSpecInput['model']['layers'] => [
  { type: 'affine', units, init: 'he' },
  { type: 'relu' },
];

/** What each preset trains. Names are a person's own texts from the start, so they are not translated. */
export const PRESETS: Readonly<Record<PresetName, RunSpecInput>> = {
  /**
   * The network of the book's fifth chapter as it is trained there: 50 sigmoid units, weights from 0.01·N(0, 1), plain
   * gradient descent on random batches. The rate is 0.5 instead of 0.1, because digits has 1,797 images, not 70,000.
   */
  book: {
    name: 'book two-layer net',
    seed: 1,
    data: { source: 'digits', normalize: 'unit', validation: 0.2 },
    model: {
      layers: [
        { type: 'affine', units: 50, init: BOOK_INIT },
        { type: 'sigmoid' },
        { type: 'affine', units: 10, init: BOOK_INIT },
      ],
    },
    optimizer: { type: 'sgd', lr: 0.5 },
    training: { batchSize: 100, steps: 5000, sampling: 'replacement', histograms: { everyEpochs: 5 } },
  },
  /** The book's sixth chapter: five hidden layers of 100 units. */
  'six-layer': {
    name: 'six-layer net',
    seed: 1,
    data: { source: 'digits', normalize: 'unit', validation: 0.2 },
    model: {
      layers: [
        { repeat: 5, layers: hidden(100) },
        { type: 'affine', units: 10, init: 'he' },
      ],
    },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { batchSize: 100, epochs: 40 },
  },
  regression: {
    name: 'diabetes regression',
    seed: 1,
    data: { source: 'diabetes', normalize: 'standardize', validation: 0.2 },
    model: { layers: [...hidden(32), { type: 'affine', units: 1, init: 'xavier' }] },
    loss: 'mse',
    optimizer: { type: 'adam', lr: 0.01, weightDecay: 0.001 },
    training: { batchSize: 32, epochs: 100 },
  },
  spiral: {
    name: 'spiral, 2-D',
    seed: 1,
    data: { source: 'spiral', normalize: 'none', validation: 0.2 },
    model: {
      layers: [
        { type: 'affine', units: 32, init: 'xavier' },
        { type: 'tanh' },
        { type: 'affine', units: 32, init: 'xavier' },
        { type: 'tanh' },
        { type: 'affine', units: 3, init: 'xavier' },
      ],
    },
    optimizer: { type: 'adam', lr: 0.01 },
    training: { batchSize: 30, epochs: 200 },
  },
  'small-cnn': {
    name: 'small CNN',
    seed: 1,
    data: { source: 'digits', normalize: 'unit', validation: 0.2 },
    model: {
      layers: [
        { type: 'conv2d', filters: 16, kernel: 3, padding: 1, init: 'he' },
        { type: 'relu' },
        { type: 'max-pool2d', kernel: 2, stride: 2 },
        ...hidden(64),
        { type: 'affine', units: 10, init: 'he' },
      ],
    },
    optimizer: { type: 'adam', lr: 0.001 },
    training: { batchSize: 50, epochs: 20 },
  },
};
