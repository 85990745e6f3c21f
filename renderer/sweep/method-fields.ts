/** The settings of samplers and pruners as fields of the form: range, default, what may be left empty. */

import type { NumberRange } from '../../engine/spec/numbers.ts';
import type { PrunerSpec, SamplerSpec } from '../../engine/spec/sweep-spec.ts';
import type { FieldDef } from '../forms/fields.ts';

export type SamplerType = SamplerSpec['type'];
export type PrunerType = PrunerSpec['type'];
export const SAMPLER_TYPES: readonly SamplerType[] = ['random', 'grid', 'sobol', 'tpe', 'cma-es', 'narrow'];
export const PRUNER_TYPES: readonly PrunerType[] = ['none', 'median', 'asha', 'hyperband', 'threshold'];

const whole = (min: number, max: number, usual: readonly [number, number]): NumberRange => ({
  min,
  max,
  integer: true,
  usual,
});
const epochs = whole(0, 1_000_000, [0, 10]);
const first = { name: 'minEpochs', range: whole(1, 1_000_000, [1, 10]), initial: '1' } as const;
const reduction = { name: 'reduction', range: whole(2, 100, [2, 4]), initial: '3' } as const;

export const SAMPLER_FIELDS: Readonly<Record<SamplerType, readonly FieldDef[]>> = {
  grid: [{ name: 'points', range: whole(2, 100_000, [3, 10]), initial: '5' }],
  random: [],
  sobol: [],
  tpe: [
    { name: 'startup', range: whole(1, 100_000, [10, 30]), initial: '10' },
    { name: 'candidates', range: whole(1, 10_000, [16, 100]), initial: '24' },
  ],
  'cma-es': [
    { name: 'population', range: whole(4, 10_000, [4, 20]), initial: '', optional: true },
    { name: 'sigma', range: { min: 0, above: true, max: 1, usual: [0.2, 0.5] }, initial: '0.3' },
  ],
  narrow: [
    { name: 'rounds', range: whole(2, 100, [2, 5]), initial: '3' },
    { name: 'fraction', range: { min: 0, above: true, max: 0.999999, usual: [0.1, 0.3] }, initial: '0.2' },
  ],
};
/** Settings that are on or off. */
export const SAMPLER_SWITCHES: Readonly<Partial<Record<SamplerType, readonly string[]>>> = {
  tpe: ['multivariate'],
  narrow: ['pause'],
};

const line: NumberRange = { min: -1e300, max: 1e300 };
export const PRUNER_FIELDS: Readonly<Record<PrunerType, readonly FieldDef[]>> = {
  none: [],
  median: [
    { name: 'startupTrials', range: whole(1, 100_000, [5, 20]), initial: '5' },
    { name: 'warmupEpochs', range: epochs, initial: '0' },
    { name: 'every', range: whole(1, 1_000_000, [1, 5]), initial: '1' },
  ],
  asha: [first, reduction, { name: 'brackets', range: whole(1, 20, [1, 3]), initial: '1' }],
  hyperband: [first, reduction],
  threshold: [
    { name: 'below', range: line, initial: '', optional: true },
    { name: 'above', range: line, initial: '', optional: true },
    { name: 'warmupEpochs', range: epochs, initial: '0' },
  ],
};

/** What stands alone in the budget, by its path in the sweep spec; empty leaves the default. */
export const BUDGET_FIELDS = {
  trials: { name: 'trials', range: whole(1, 100_000, [20, 200]), initial: '', optional: true },
  epochsPerTrial: { name: 'epochsPerTrial', range: whole(1, 1_000_000, [5, 100]), initial: '', optional: true },
  maxMinutes: {
    name: 'maxMinutes',
    range: { min: 0, above: true, max: 1e7, usual: [1, 600] },
    initial: '',
    optional: true,
  },
  seed: { name: 'seed', range: { min: 0, max: 4_294_967_295, integer: true }, initial: '1' },
  seedsPerTrial: { name: 'seedsPerTrial', range: whole(1, 100, [1, 5]), initial: '1' },
  workers: { name: 'workers', range: whole(1, 256, [1, 16]), initial: '', optional: true },
} as const satisfies Record<string, FieldDef>;
export type BudgetPath = keyof typeof BUDGET_FIELDS;
