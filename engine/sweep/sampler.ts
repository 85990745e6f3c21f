/** What the next trial tries: one pure function over all samplers. */

import { gridCell } from '../spec/grid.ts';
import { drawParams, valueAt, type ParamValue, type TrialParams } from '../spec/search-space.ts';
import type { SweepSpec } from '../spec/sweep-spec.ts';
import { cmaParams, type CmaState } from './cma-es.ts';
import { narrowParams, type EditedRanges } from './narrow.ts';
import { randomParams } from './random.ts';
import { drawing } from './seeds.ts';
import { sobolParams } from './sobol.ts';
import { tpeParams } from './tpe.ts';
import type { Trial } from './trial.ts';

export interface SamplerState {
  /** Ranges of narrow's rounds that a person has set. */
  readonly edited: EditedRanges;
  /**
   * Work done before. Dropping it changes what is suggested only where a trial of an earlier generation was retried
   * since (`cmaParams`).
   */
  readonly known: CmaState | null;
}

export const NEW_SAMPLER_STATE: SamplerState = { edited: {}, known: null };

export interface Suggestion {
  readonly params: TrialParams;
  readonly state: SamplerState;
}

/**
 * The parameters at `place` (from 0) of the sampler's sequence, or null when that can only be said after running trials
 * have ended. A function of its arguments alone: the sequence goes on after a restart as if there had been none.
 * `trials` are all trials before it, by number.
 *
 * Grid, random and sobol do not look at results: trial n is the same with any number of workers. Narrow and cma-es
 * look at whole rounds and generations and wait for them, so they too give the same list, unless a pruner whose
 * decisions depend on timing changes scores. TPE looks at whatever has ended so far: with several workers its list
 * depends on the order in which trials end.
 */
export function suggest(
  spec: SweepSpec,
  place: number,
  trials: readonly Trial[],
  state: SamplerState,
): Suggestion | null {
  const { sampler, space, seed } = spec;
  const before = (): TrialParams[] => trials.map(({ params }) => params);
  switch (sampler.type) {
    case 'grid':
      return { params: gridCell(space, sampler.points, place), state };
    case 'random':
      return { params: randomParams(space, seed, place, before()), state };
    case 'sobol':
      return { params: sobolParams(space, seed, place), state };
    case 'tpe':
      return { params: tpeParams(spec, sampler, place, trials), state };
    case 'cma-es': {
      const found = cmaParams(spec, sampler, place, trials, state.known);
      return found === null ? null : { params: found.params, state: { ...state, known: found.state } };
    }
    case 'narrow': {
      const params = narrowParams(spec, sampler, place, trials, state.edited);
      return params === null ? null : { params, state };
    }
  }
}

/** A suggestion by hand, made whole: parameters left out are drawn at random. */
export function completed(spec: SweepSpec, trial: number, given: TrialParams): TrialParams {
  return drawParams(spec.space, (path, distribution) =>
    path in given
      ? (given[path] as ParamValue)
      : valueAt(distribution, drawing(spec.seed, trial, `beside a suggestion ${path}`).uniform()),
  );
}
