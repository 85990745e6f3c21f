/** Ready-made races. */

import { parseRunSpec, type RunSpec, type RunSpecInput } from '../../engine/spec/run-spec.ts';
import { BOOK_OPTIMIZERS, FIVE_OPTIMIZERS, optimizerRace, type RaceDraft } from './race-draft.ts';

export const RACE_PRESETS = ['five-optimizers', 'book-fashion'] as const;
export type RacePreset = (typeof RACE_PRESETS)[number];

const hidden = (count: number): RunSpecInput['model']['layers'] => [
  {
    repeat: count,
    layers: [{ type: 'affine', units: 100, init: 'he' }, { type: 'relu' }],
  },
];

const DIGITS: RunSpecInput = {
  name: 'five optimizers',
  seed: 3,
  data: { source: 'digits', normalize: 'unit', validation: 0.2 },
  model: { layers: [...hidden(3), { type: 'affine', units: 10, init: 'he' }] },
  optimizer: { type: 'sgd', lr: 0.01 },
  training: { batchSize: 100, epochs: 40 },
};

/**
 * The comparison of optimizers in the book's sixth chapter: four hidden layers of 100 relu units, He weights,
 * mini-batches of 128 and the book's learning rates. The book draws 2,000 iterations on MNIST with each batch drawn
 * anew; here the images are those of Fashion-MNIST.
 */
const FASHION: RunSpecInput = {
  name: 'four optimizers',
  seed: 1,
  data: { source: 'fashion-mnist', normalize: 'unit', validation: 0.1 },
  model: { layers: [...hidden(4), { type: 'affine', units: 10, init: 'he' }] },
  optimizer: { type: 'sgd', lr: 0.01 },
  training: { batchSize: 128, steps: 2000 },
};

function parsed(input: RunSpecInput): RunSpec {
  const result = parseRunSpec(input);
  if (!result.ok) throw new Error(`a preset is not a run spec: ${result.issues[0]?.message ?? ''}`);
  return result.spec;
}

/** @param name what the race is called, in the person's language */
export function presetRace(preset: RacePreset, name: string): RaceDraft {
  if (preset === 'five-optimizers') return optimizerRace(parsed(DIGITS), name, FIVE_OPTIMIZERS);
  return optimizerRace(parsed(FASHION), name, BOOK_OPTIMIZERS);
}
