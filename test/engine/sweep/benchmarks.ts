/** Functions that optimizers are measured on, and a sweep over one of them without any training. */

import type { SweepSpec, SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import type { TrialParams } from '../../../engine/spec/search-space.ts';
import { NEW_SAMPLER_STATE, suggest } from '../../../engine/sweep/sampler.ts';
import { newTrial, type Trial } from '../../../engine/sweep/trial.ts';
import { sweepOf } from './support.ts';

export interface Benchmark {
  readonly name: string;
  /** Range of each coordinate. */
  readonly ranges: readonly (readonly [number, number])[];
  readonly minimum: number;
  at(x: readonly number[]): number;
}

const HARTMANN_ALPHA = [1, 1.2, 3, 3.2];
const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Branin (1972), Hartmann's six-dimensional function (1973) and Rosenbrock (1960), in the ranges they are usually given with. */
export const BENCHMARKS: readonly Benchmark[] = [
  {
    name: 'Branin',
    ranges: [
      [-5, 10],
      [0, 15],
    ],
    minimum: 0.397887,
    at: ([x = 0, y = 0]) => {
      const b = 5.1 / (4 * Math.PI ** 2);
      const t = 1 / (8 * Math.PI);
      return (y - b * x * x + (5 / Math.PI) * x - 6) ** 2 + 10 * (1 - t) * Math.cos(x) + 10;
    },
  },
  {
    name: 'Hartmann 6',
    ranges: Array.from({ length: 6 }, () => [0, 1] as const),
    minimum: -3.32237,
    at: (x) =>
      -HARTMANN_ALPHA.reduce((sum, alpha, i) => {
        const exponent = x.reduce((s, xj, j) => s + HARTMANN_A[i]![j]! * (xj - HARTMANN_P[i]![j]!) ** 2, 0);
        return sum + alpha * Math.exp(-exponent);
      }, 0),
  },
  {
    name: 'Rosenbrock',
    ranges: [
      [-5, 10],
      [-5, 10],
    ],
    minimum: 0,
    at: ([x = 0, y = 0]) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
  },
];

/** A sweep whose parameters are any numbers: a base run spec has no fields of that kind to lend. */
export function benchmarkSpec(
  { ranges }: Benchmark,
  seed: number,
  trials: number,
  sampler: NonNullable<SweepSpecInput['sampler']>,
): SweepSpec {
  const spec = sweepOf({ seed, trials, sampler, objective: { metric: 'loss' } });
  const space = Object.fromEntries(ranges.map(([min, max], i) => [`x${i}`, { type: 'uniform' as const, min, max }]));
  return { ...spec, space };
}

export function pointOf(spec: SweepSpec, params: TrialParams): number[] {
  return Object.keys(spec.space).map((path) => params[path] as number);
}

/** Runs a sweep whose score is a function of the parameters, one trial at a time; returns the trials in order. */
export function searchWith(spec: SweepSpec, score: (params: TrialParams) => number): Trial[] {
  const trials: Trial[] = [];
  let state = NEW_SAMPLER_STATE;
  for (let number = 0; number < spec.trials; number++) {
    const suggestion = suggest(spec, number, trials, state);
    if (suggestion === null) throw new Error(`trial ${number} waits for trials that have all ended`);
    state = suggestion.state;
    const value = score(suggestion.params);
    trials.push({
      ...newTrial(number, number, suggestion.params),
      status: 'completed',
      reports: [[value]],
      scores: [value],
      score: value,
      ended: number,
    });
  }
  return trials;
}
