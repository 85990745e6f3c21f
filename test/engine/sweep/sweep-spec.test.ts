/** The sweep spec: defaults, and one clear message for everything that can be wrong with it. */

import { describe, expect, it } from 'vitest';
import type { SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import { parseSweepSpec } from '../../../engine/spec/parse-sweep-spec.ts';
import { BASE, problems, SPACE, sweepInput, sweepOf, warnings, type SweepParts } from './support.ts';

describe('defaults', () => {
  it('are filled in', () => {
    const spec = sweepOf();
    expect(spec).toMatchObject({
      name: 'unnamed sweep',
      seed: 1,
      objective: { metric: 'accuracy', split: 'validation', direction: 'maximize', at: 'best' },
      sampler: { type: 'random' },
      pruner: { type: 'none' },
      trials: 100,
      seedsPerTrial: 1,
      epochsPerTrial: null,
      maxMinutes: null,
      enqueue: [],
    });
    expect(spec.base.data.normalize).toBe('unit');
  });

  it('take the direction from the metric', () => {
    expect(sweepOf({ objective: { metric: 'loss' } }).objective.direction).toBe('minimize');
    expect(sweepOf({ objective: { metric: 'loss', direction: 'maximize' } }).objective.direction).toBe('maximize');
  });

  it('leave histograms out of trials unless the base asks for them', () => {
    expect(sweepOf().base.training.histograms.enabled).toBe(false);
    const base = { ...BASE, training: { epochs: 9, histograms: {} } };
    expect(sweepOf({ base }).base.training.histograms.enabled).toBe(true);
  });

  it('make as many trials of a grid as it has cells', () => {
    const space = { ...SPACE, 'training.batchSize': { type: 'int', min: 10, max: 40, step: 10 } } as const;
    expect(sweepOf({ space, sampler: { type: 'grid', points: 3 } }).trials).toBe(36);
  });

  it('are the same when the complete spec is parsed again', () => {
    const spec = sweepOf({ sampler: { type: 'tpe' }, pruner: { type: 'asha' }, enqueue: [{ 'optimizer.lr': 1e-3 }] });
    const again = parseSweepSpec(JSON.parse(JSON.stringify(spec)));
    expect(again.ok && again.spec).toEqual(spec);
  });
});

const lr = (distribution: object): SweepParts => ({ space: { 'optimizer.lr': distribution } as never });

describe('bad input', () => {
  it.each<[string, SweepParts | unknown, string]>([
    [
      'min above max',
      lr({ type: 'uniform', min: 1, max: 0.1 }),
      'space.optimizer.lr.max: expected a max above min, got min 1 and max 0.1',
    ],
    [
      'min equal to max',
      lr({ type: 'log-uniform', min: 0.1, max: 0.1 }),
      'space.optimizer.lr.max: expected a max above min, got min 0.1 and max 0.1',
    ],
    [
      'a log scale with 0',
      lr({ type: 'log-uniform', min: 0, max: 0.1 }),
      'space.optimizer.lr.min: a logarithmic range needs a min above 0, got 0',
    ],
    [
      'whole numbers on a log scale with 0',
      lr({ type: 'log-int', min: 0, max: 5 }),
      'space.optimizer.lr.min: a logarithmic range needs a min of at least 1, got 0',
    ],
    [
      'a choice of one',
      lr({ type: 'choice', values: [0.1] }),
      'space.optimizer.lr.values: expected at least two values to choose from, got 1; what does not vary belongs into the base run spec',
    ],
    [
      'a choice of none',
      lr({ type: 'choice', values: [] }),
      'space.optimizer.lr.values: expected at least two values to choose from, got 0',
    ],
    [
      'a value twice',
      lr({ type: 'choice', values: [0.1, 0.2, 0.1] }),
      'space.optimizer.lr.values: expected different values, got 0.1 twice',
    ],
    [
      'a step beyond the range',
      lr({ type: 'int', min: 1, max: 5, step: 5 }),
      'space.optimizer.lr.step: expected a step of at most max − min = 4, got 5',
    ],
    [
      'a distribution nobody knows',
      lr({ type: 'normal', min: 0, max: 1 }),
      'space.optimizer.lr.type: unknown distribution; expected one of uniform, log-uniform, int, log-int, choice',
    ],
    [
      'no distribution',
      lr('log' as never),
      'space.optimizer.lr: expected a distribution such as {"type": "uniform", "min": 0, "max": 1}, got "log"',
    ],
    [
      'an unknown path',
      { space: { 'optimizer.learningRate': { type: 'uniform', min: 0.1, max: 1 } } },
      'space.optimizer.learningRate: unknown field: the base run spec has no "optimizer.learningRate"',
    ],
    [
      'a layer that is not there',
      { space: { 'model.layers.7.units': { type: 'int', min: 1, max: 9 } } },
      'space.model.layers.7.units: unknown field: the base run spec has no "model.layers.7.units"',
    ],
    [
      'a setting the type lacks',
      { space: { 'optimizer.beta1': { type: 'uniform', min: 0.1, max: 0.9 } } },
      'space.optimizer.beta1: unknown field: the base run spec has no "optimizer.beta1"',
    ],
    [
      'a path through the prototype',
      { space: { '__proto__.units': { type: 'int', min: 1, max: 9 } } },
      'space.__proto__.units: unknown field: the base run spec has no "__proto__.units"',
    ],
    [
      'values the field does not take',
      { space: { 'training.batchSize': { type: 'uniform', min: 1, max: 10 } } },
      'space.training.batchSize: expected a whole number from 1 to 10000000, got 4.375',
    ],
    [
      'the sweep’s own seed',
      { space: { seed: { type: 'int', min: 1, max: 9 } } },
      'space.seed: seed is set by the sweep itself; see seedsPerTrial',
    ],
    [
      'a type whose setting always varies',
      {
        space: {
          'optimizer.type': { type: 'choice', values: ['sgd', 'nesterov'] },
          'optimizer.momentum': { type: 'uniform', min: 0.1, max: 0.9 },
        },
      },
      'space.optimizer.momentum: unknown field: the base run spec has no "optimizer.momentum", when optimizer.type is "sgd"; a condition ("when") can leave it out',
    ],
    [
      'a type that needs a setting',
      { space: { 'model.layers.0.layers.1.type': { type: 'choice', values: ['relu', 'dropout'] } } },
      'space.model.layers.0.layers.1.type: "dropout" gives model.layers.0.layers.1.rate: expected a number from 0 to 0.999, got nothing',
    ],
    [
      'a condition on nothing',
      {
        space: { 'optimizer.lr': { type: 'uniform', min: 0.1, max: 1, when: { path: 'optimizer.type', in: ['sgd'] } } },
      },
      'space.optimizer.lr.when.path: expected another parameter of the space, got "optimizer.type"',
    ],
    [
      'a condition that is never met',
      {
        space: {
          ...SPACE,
          'optimizer.type': { type: 'choice', values: ['sgd', 'momentum'] },
          'optimizer.clipNorm': { type: 'uniform', min: 1, max: 2, when: { path: 'optimizer.type', in: ['adam'] } },
        },
      },
      'space.optimizer.clipNorm.when.in.0: optimizer.type is never "adam"',
    ],
    [
      'a condition on a continuous range',
      {
        space: {
          ...SPACE,
          'training.batchSize': { type: 'int', min: 1, max: 9, when: { path: 'optimizer.lr', in: [0.001] } },
        },
      },
      'space.training.batchSize.when.path: optimizer.lr is continuous; a condition needs a choice or whole numbers',
    ],
    ['no parameters', { space: {} }, 'space: expected at least one parameter'],
    [
      'the test split',
      { objective: { split: 'test' } },
      'objective.split: the test split is sealed: choosing by it would make its score worthless; use validation',
    ],
    [
      'no validation split',
      { base: { ...BASE, data: { source: 'digits', validation: 0 } } },
      'objective.split: there is no validation split: base.data.validation is 0',
    ],
    [
      'a sampler nobody knows',
      { sampler: { type: 'bayes' } },
      'sampler.type: unknown sampler; expected one of grid, random, sobol, tpe, cma-es, narrow',
    ],
    [
      'a pruner nobody knows',
      { pruner: { type: 'halving' } },
      'pruner.type: unknown pruner; expected one of none, median, asha, hyperband, threshold',
    ],
    [
      'a grid of a million',
      {
        space: { ...SPACE, 'optimizer.momentum': { type: 'uniform', min: 0, max: 0.9 } },
        sampler: { type: 'grid', points: 100 },
      },
      'sampler: the grid has 1000000 cells, at most 100000 are allowed; take fewer values or another sampler',
    ],
    [
      'cma-es with a choice',
      {
        space: { ...SPACE, 'optimizer.type': { type: 'choice', values: ['sgd', 'momentum'] } },
        sampler: { type: 'cma-es' },
      },
      'space.optimizer.type.type: cma-es needs numbers; a choice has no order',
    ],
    [
      'too few trials for the rounds',
      { sampler: { type: 'narrow', rounds: 6 }, trials: 10 },
      'sampler.rounds: 6 rounds need at least 12 trials, got 10',
    ],
    [
      'hyperband on steps',
      { base: { ...BASE, training: { steps: 100 } }, pruner: { type: 'hyperband' } },
      'epochsPerTrial: hyperband counts in epochs and the base run spec in steps; set epochsPerTrial',
    ],
    [
      'hyperband on two epochs',
      { pruner: { type: 'hyperband' }, epochsPerTrial: 2 },
      'pruner.minEpochs: with a reduction of 3 the first halving needs 3 epochs a trial, got 2',
    ],
    [
      'a threshold without a number',
      { pruner: { type: 'threshold' } },
      'pruner.below: expected a number in below or above, got neither',
    ],
    [
      'epochs twice',
      { space: { 'training.epochs': { type: 'int', min: 1, max: 9 } }, epochsPerTrial: 3 },
      'epochsPerTrial: training.epochs is in the space already',
    ],
    [
      'a suggestion of something else',
      { enqueue: [{ 'optimizer.lr': 1e-3 }, { 'optimizer.momentum': 0.5 }] },
      'enqueue.1.optimizer.momentum: expected a parameter of the space',
    ],
    [
      'a suggestion of the wrong kind',
      { enqueue: [{ 'optimizer.lr': 'fast' }] },
      'enqueue.0.optimizer.lr: expected a number, got "fast"',
    ],
    [
      'a suggestion the field refuses',
      { enqueue: [{ 'optimizer.lr': -1 }] },
      'enqueue.0.optimizer.lr: expected a number above 0, at most 1000000, got -1',
    ],
    [
      'a bad base',
      { base: { ...BASE, optimizer: { type: 'sgd', lr: 0 } } },
      'base.optimizer.lr: expected a number above 0, at most 1000000, got 0',
    ],
    ['an unknown field', { trails: 10 }, ': unknown field "trails"'],
    ['no trials', { trials: 0 }, 'trials: expected a whole number from 1 to 100000, got 0'],
  ])('%s', (_what, parts, message) => {
    expect(problems({ ...sweepInput(), ...(parts as object) })).toEqual([message]);
  });

  it('anything but an object', () => {
    for (const value of [null, 7, 'x', [], undefined]) expect(problems(value).length).toBeGreaterThan(0);
    expect(problems(null)[0]).toBe(': expected an object, got null');
  });

  it('several things at once, each at its place', () => {
    const found = problems({
      ...sweepInput(),
      trials: 0,
      base: { ...BASE, loss: 'l2' },
      space: { a: { type: 'int', min: 2, max: 1 } },
    });
    expect(found.map((line) => line.split(':')[0])).toEqual(['space.a.max', 'trials', 'base.loss']);
  });
});

describe('warnings', () => {
  it('say how large a grid is', () => {
    expect(warnings({ sampler: { type: 'grid', points: 50 } })).toEqual([
      'sampler: the grid has 2500 cells, a trial each',
    ]);
    expect(warnings({ sampler: { type: 'grid', points: 10 }, trials: 20 })).toEqual([
      'trials: the grid has 100 cells: 20 trials do not reach them all',
    ]);
    expect(warnings({ sampler: { type: 'grid', points: 10 } })).toEqual([]);
  });

  it('say when combinations must repeat', () => {
    const space = {
      'optimizer.type': { type: 'choice', values: ['sgd', 'momentum'] },
      'training.batchSize': { type: 'log-int', min: 10, max: 12 },
    } satisfies SweepSpecInput['space'];
    expect(warnings({ space, trials: 7 })).toEqual([
      'trials: the space has only 6 combinations: some of the 7 trials will repeat',
    ]);
    expect(warnings({ space, trials: 6 })).toEqual([]);
  });

  it('say when a suggestion lies outside the range', () => {
    expect(warnings({ enqueue: [{ 'optimizer.lr': 0.5 }] })).toEqual([
      'enqueue.0.optimizer.lr: 0.5 is outside the range from 0.000001 to 0.01',
    ]);
  });
});
