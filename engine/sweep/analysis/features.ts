/** Trials as columns of positions in the unit cube of their search space, the form statistics work on. */

import {
  positionOf,
  sameValue,
  type Distribution,
  type SearchSpace,
  type TrialParams,
} from '../../spec/search-space.ts';

/**
 * One parameter of all trials. `interval`: positions in [0, 1], logarithmic ranges by their logarithm, as samplers see
 * them. `categories`: indices of a choice's values. NaN where a trial does not have the parameter.
 */
export interface Feature {
  readonly path: string;
  readonly kind: 'interval' | 'categories';
  /** Values of a choice; 0 for an interval. */
  readonly categories: number;
  readonly values: Float64Array;
}

/**
 * One feature for each parameter of the space, in its order; `values` has one for each trial, NaN where it lacks the
 * parameter.
 */
export function featuresOf(space: SearchSpace, trials: readonly { readonly params: TrialParams }[]): Feature[] {
  return Object.entries(space).map(([path, distribution]) => {
    const values = Float64Array.from(trials, ({ params }) => coordinate(distribution, params[path]) ?? Number.NaN);
    const choice = distribution.type === 'choice';
    return {
      path,
      kind: choice ? 'categories' : 'interval',
      categories: choice ? distribution.values.length : 0,
      values,
    };
  });
}

function coordinate(distribution: Distribution, value: TrialParams[string] | undefined): number | null {
  if (value === undefined) return null;
  if (distribution.type !== 'choice') return positionOf(distribution, value);
  const index = distribution.values.findIndex((one) => sameValue(one, value));
  return index < 0 ? null : index;
}
