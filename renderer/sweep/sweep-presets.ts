/** Ready-made searches. */

import type { RunSpecInput } from '../../engine/spec/run-spec.ts';
import type { SweepSpecInput } from '../../engine/spec/sweep-spec.ts';
import { sweepDraftFrom, type SweepDraft } from './sweep-draft.ts';

export const SWEEP_PRESETS = ['book', 'tpe-asha', 'optimizer-grid'] as const;
/** `book-small`: the book's search in a few seconds, for the empty page. */
export type SweepPreset = (typeof SWEEP_PRESETS)[number] | 'book-small';

const hidden = (times: number, units: number): RunSpecInput['model'] => ({
  layers: [
    {
      repeat: times,
      layers: [{ type: 'affine', units, init: 'he' }, { type: 'relu' }],
    },
    { type: 'affine', units: 10, init: 'he' },
  ],
});

/** Chapter 6 of the book, with Fashion-MNIST for MNIST: six hidden layers of 100 units on 500 pictures. */
const BOOK: SweepSpecInput = {
  name: "the book's search",
  seed: 1,
  base: {
    name: 'six hidden layers on 500 pictures',
    data: { source: 'fashion-mnist', normalize: 'unit', limit: 500, validation: 0.2 },
    model: hidden(6, 100),
    optimizer: { type: 'sgd', lr: 0.01 },
    training: { batchSize: 100, epochs: 50, sampling: 'replacement' },
  },
  space: {
    'optimizer.lr': { type: 'log-uniform', min: 1e-6, max: 1e-2 },
    'optimizer.weightDecay': { type: 'log-uniform', min: 1e-8, max: 1e-4 },
  },
  trials: 100,
};

const DIGITS: RunSpecInput = {
  name: 'digits',
  data: { source: 'digits', normalize: 'unit', validation: 0.2 },
  model: hidden(2, 64),
  optimizer: { type: 'adam', lr: 0.001 },
  training: { batchSize: 64, epochs: 30 },
};

const SPECS: Readonly<Record<SweepPreset, SweepSpecInput>> = {
  book: BOOK,
  'book-small': { ...BOOK, name: "the book's search, small", trials: 20, epochsPerTrial: 25 },
  'tpe-asha': {
    name: 'digits: rate, weight decay, width',
    base: DIGITS,
    space: {
      'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 0.1 },
      'optimizer.weightDecay': { type: 'log-uniform', min: 1e-6, max: 1e-2 },
      'model.layers.0.layers.0.units': { type: 'int', min: 16, max: 128, step: 16 },
    },
    sampler: { type: 'tpe' },
    pruner: { type: 'asha', minEpochs: 2 },
    trials: 60,
  },
  'optimizer-grid': {
    name: 'digits: every optimizer at three rates',
    base: { ...DIGITS, optimizer: { type: 'sgd', lr: 0.01 } },
    space: {
      'optimizer.type': { type: 'choice', values: ['sgd', 'momentum', 'adagrad', 'rmsprop', 'adam'] },
      'optimizer.lr': { type: 'choice', values: [0.1, 0.01, 0.001] },
    },
    sampler: { type: 'grid' },
  },
};

/** @param name what the sweep is called, in the person's language */
export function presetSweep(preset: SweepPreset, name: string): SweepDraft {
  const made = sweepDraftFrom({ ...SPECS[preset], name });
  if (!made.ok) throw new Error(`preset ${preset} is not a sweep spec: ${made.message}`);
  return made.draft;
}
