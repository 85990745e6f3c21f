/**
 * The book's way (volume 1, section 6.5): search at random, look where the good ones lie, search again in that range.
 * Rounds of random search, each in the range spanned by the best fraction of the round before.
 */

import {
  sameValue,
  type Distribution,
  type ParamValue,
  type SearchSpace,
  type TrialParams,
} from '../spec/search-space.ts';
import type { SamplerSpec, SweepSpec } from '../spec/sweep-spec.ts';
import { rankEnded } from './objective.ts';
import { randomParams } from './random.ts';
import { hasEnded, type Trial } from './trial.ts';

export type NarrowSpec = Extract<SamplerSpec, { type: 'narrow' }>;
/** Ranges set by hand, round → search space; they replace the ones worked out. */
export type EditedRanges = Readonly<Record<number, SearchSpace>>;

/** Sampled trials a round; the last round may be shorter or longer by the remainder. */
export function roundSize(spec: SweepSpec, { rounds }: NarrowSpec): number {
  return Math.max(1, Math.round((spec.trials - spec.enqueue.length) / rounds));
}

export function roundAt(spec: SweepSpec, narrow: NarrowSpec, place: number): number {
  return Math.min(Math.floor(place / roundSize(spec, narrow)), narrow.rounds - 1);
}

/**
 * The parameters at one place, or null while trials of the round before are still running: a round is a barrier, so
 * any number of workers gives the same list (as long as scores do not depend on them; a pruner's may).
 */
export function narrowParams(
  spec: SweepSpec,
  narrow: NarrowSpec,
  place: number,
  trials: readonly Trial[],
  edited: EditedRanges,
): TrialParams | null {
  const space = rangesOf(spec, narrow, roundAt(spec, narrow, place), trials, edited);
  if (space === null) return null;
  return randomParams(
    space,
    spec.seed,
    place,
    trials.map(({ params }) => params),
  );
}

/**
 * What a round (from 0) searches: the first round the whole space, every other the smallest ranges that hold the best
 * `fraction` of the completed trials of the round before, at least two of them; with fewer nothing is narrowed. null
 * while that round has not ended.
 */
export function rangesOf(
  spec: SweepSpec,
  narrow: NarrowSpec,
  round: number,
  trials: readonly Trial[],
  edited: EditedRanges,
): SearchSpace | null {
  if (edited[round] !== undefined) return edited[round];
  if (round === 0) return spec.space;
  const size = roundSize(spec, narrow);
  const [from, to] = [(round - 1) * size, round * size];
  const before = trials.filter(({ place }) => place !== null && place >= from && place < to);
  if (before.length < size || !before.every(hasEnded)) return null;
  const space = rangesOf(spec, narrow, round - 1, trials, edited);
  if (space === null) return null;
  const completed = rankEnded(spec.objective, before).filter(({ status }) => status === 'completed');
  // Of one trial the smallest range would be a point.
  if (completed.length < 2) return space;
  const best = completed.slice(0, Math.max(2, Math.ceil(narrow.fraction * completed.length)));
  return Object.fromEntries(
    Object.entries(space).map(([path, distribution]) => {
      const values = best.flatMap(({ params }) => (path in params ? [params[path] as ParamValue] : []));
      return [path, values.length === 0 ? distribution : spanned(distribution, values)];
    }),
  );
}

/** The part of a distribution that holds the values; it may be a single one. */
function spanned(distribution: Distribution, values: readonly ParamValue[]): Distribution {
  if (distribution.type === 'choice') {
    const kept = distribution.values.filter((value) => values.some((one) => sameValue(one, value)));
    return { ...distribution, values: kept };
  }
  const numbers = values.filter((value) => typeof value === 'number');
  return { ...distribution, min: Math.min(...numbers), max: Math.max(...numbers) };
}
