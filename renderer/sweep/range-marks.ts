/** The marks of a range's picture: positions between its ends, 0 to 1, as the distribution spreads its values. Pure. */

import { countOf, positionOf, type Distribution } from '../../engine/spec/search-space.ts';

export interface RangeMark {
  readonly position: number;
  /** An end, or a power of ten. */
  readonly large: boolean;
}

/** More values than this are drawn as a scale of ten parts. */
const MOST_VALUES = 24;

export function rangeMarks(distribution: Distribution): RangeMark[] {
  switch (distribution.type) {
    case 'choice':
      return evenly(Math.min(distribution.values.length, MOST_VALUES));
    case 'int':
      return evenly(countOf(distribution) <= MOST_VALUES ? countOf(distribution) : 11);
    case 'uniform':
      return evenly(11);
    case 'log-uniform':
    case 'log-int':
      return decades(distribution);
  }
}

function evenly(count: number): RangeMark[] {
  if (count < 2) return [{ position: 0.5, large: true }];
  return Array.from({ length: count }, (_, i) => ({ position: i / (count - 1), large: i === 0 || i === count - 1 }));
}

function decades(distribution: Extract<Distribution, { type: 'log-uniform' | 'log-int' }>): RangeMark[] {
  const { min, max } = distribution;
  const [from, to] = [Math.floor(Math.log10(min)), Math.ceil(Math.log10(max))];
  // Over many decades the marks in between would run together.
  const digits = to - from > 6 ? [1] : to - from > 3 ? [1, 2, 5] : [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const marks: RangeMark[] = [
    { position: 0, large: true },
    { position: 1, large: true },
  ];
  for (let power = from; power <= to; power++) {
    for (const digit of digits) {
      const value = digit * 10 ** power;
      if (value <= min || value >= max) continue;
      const position = positionOf(distribution, value);
      if (position !== null) marks.push({ position, large: digit === 1 });
    }
  }
  return marks.sort((a, b) => a.position - b.position);
}
