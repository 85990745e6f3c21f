/**
 * Quasi-random search: points of the Sobol sequence fill the space more evenly than random ones (Sobol, "On the
 * distribution of points in a cube and the approximate evaluation of integrals", 1967; made in the order of Antonov
 * and Saleev, 1979).
 */

import { drawParams, valueAt, type SearchSpace, type TrialParams } from '../spec/search-space.ts';
import { drawing } from './seeds.ts';
import { SOBOL_DIRECTIONS } from './sobol-directions.ts';

const BITS = 32;
const columns = new Map<number, Uint32Array>();

/** Direction numbers v₁…v₃₂ of a dimension as 32-bit fractions, by the recurrence of its primitive polynomial. */
function directionsOf(dimension: number): Uint32Array {
  let v = columns.get(dimension);
  if (v !== undefined) return v;
  v = new Uint32Array(BITS);
  if (dimension === 0) {
    for (let i = 0; i < BITS; i++) v[i] = 1 << (31 - i);
  } else {
    const row = SOBOL_DIRECTIONS[dimension - 1];
    if (row === undefined) throw new RangeError(`no direction numbers for dimension ${dimension}`);
    const degree = row.m.length;
    for (let i = 0; i < BITS; i++) {
      if (i < degree) {
        v[i] = (row.m[i] as number) << (31 - i);
        continue;
      }
      const last = v[i - degree] as number;
      let word = last ^ (last >>> degree);
      for (let k = 1; k < degree; k++) {
        if (((row.a >>> (degree - 1 - k)) & 1) === 1) word ^= v[i - k] as number;
      }
      v[i] = word;
    }
  }
  columns.set(dimension, v);
  return v;
}

/** Coordinate of point `index` (from 0, the origin) in `dimension` (from 0), as a 32-bit fraction. */
export function sobolWord(index: number, dimension: number): number {
  const v = directionsOf(dimension);
  let gray = (index ^ (index >>> 1)) >>> 0;
  let word = 0;
  for (let bit = 0; gray !== 0; bit++, gray >>>= 1) if ((gray & 1) === 1) word ^= v[bit] as number;
  return word >>> 0;
}

/**
 * The parameters at one place of the sequence. The seed shifts every dimension by a random word under exclusive or,
 * which keeps the evenness of the points. A parameter whose condition fails leaves its coordinate unused. Depends on
 * seed and place only: any number of workers gives the same list.
 */
export function sobolParams(space: SearchSpace, seed: number, place: number): TrialParams {
  const dimensions = Object.keys(space);
  return drawParams(space, (path, distribution) => {
    const shift = drawing(seed, 0, `sobol ${path}`).bits();
    const word = (sobolWord(place, dimensions.indexOf(path)) ^ shift) >>> 0;
    return valueAt(distribution, (word + 0.5) / 2 ** BITS);
  });
}
