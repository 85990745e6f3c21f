/** Random search (Bergstra & Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012). */

import { countOf, drawParams, valueAt, type SearchSpace, type TrialParams } from '../spec/search-space.ts';
import { drawing } from './seeds.ts';

/** How often a combination that was tried before is drawn again. */
const REDRAWS = 100;

/**
 * The parameters at one place of the random sequence: independent uniform positions, one stream a parameter. In a
 * space without continuous ranges a combination among `before` is drawn anew, until there seems to be no new one.
 * Depends on the seed, the place and the trials before it, never on results: any number of workers gives the same list.
 */
export function randomParams(
  space: SearchSpace,
  seed: number,
  place: number,
  before: readonly TrialParams[],
): TrialParams {
  const draw = (attempt: number): TrialParams =>
    drawParams(space, (path, distribution) => {
      const purpose = attempt === 0 ? path : `${path} again ${attempt}`;
      return valueAt(distribution, drawing(seed, place, purpose).uniform());
    });
  const first = draw(0);
  if (Object.values(space).some((distribution) => countOf(distribution) === Infinity)) return first;
  const tried = new Set(before.map((params) => JSON.stringify(params)));
  let params = first;
  for (let attempt = 1; tried.has(JSON.stringify(params)) && attempt <= REDRAWS; attempt++) params = draw(attempt);
  return tried.has(JSON.stringify(params)) ? first : params;
}
