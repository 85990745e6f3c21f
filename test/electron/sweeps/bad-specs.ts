/** Sweep specs with one mistake each, and what is said about it: in the terminal and beside the field of the form. */

import { irisSweep } from './support.ts';

export interface BadSpec {
  readonly what: string;
  readonly spec: object;
  readonly path: string;
  readonly message: string;
}

const ofSpace = (space: object): object => irisSweep({ space });

export const BAD_SPECS: readonly BadSpec[] = [
  {
    what: 'min above max',
    spec: ofSpace({ 'optimizer.lr': { type: 'uniform', min: 2, max: 1 } }),
    path: 'space.optimizer.lr.max',
    message: 'expected a max above min, got min 2 and max 1',
  },
  {
    what: 'min equal to max',
    spec: ofSpace({ 'training.batchSize': { type: 'int', min: 5, max: 5 } }),
    path: 'space.training.batchSize.max',
    message: 'expected a max above min, got min 5 and max 5',
  },
  {
    what: 'a log scale with 0',
    spec: ofSpace({ 'optimizer.lr': { type: 'log-uniform', min: 0, max: 1 } }),
    path: 'space.optimizer.lr.min',
    message: 'a logarithmic range needs a min above 0, got 0',
  },
  {
    what: 'an unknown path',
    spec: ofSpace({ 'optimizer.rate': { type: 'uniform', min: 0, max: 1 } }),
    path: 'space.optimizer.rate',
    message: 'unknown field: the base run spec has no "optimizer.rate"',
  },
  {
    what: 'a choice of one',
    spec: ofSpace({ 'optimizer.type': { type: 'choice', values: ['sgd'] } }),
    path: 'space.optimizer.type.values',
    message: 'expected at least two values to choose from, got 1; what does not vary belongs into the base run spec',
  },
  {
    what: 'a grid of a million',
    spec: irisSweep({
      sampler: { type: 'grid', points: 100 },
      space: {
        'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1e-1 },
        'optimizer.beta1': { type: 'uniform', min: 0.5, max: 0.99 },
        'optimizer.beta2': { type: 'uniform', min: 0.5, max: 0.999 },
      },
    }),
    path: 'sampler',
    message: 'the grid has 1000000 cells, at most 100000 are allowed; take fewer values or another sampler',
  },
];
