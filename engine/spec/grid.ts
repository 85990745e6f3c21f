/** The grid of a search space: its cells, counted without listing them. */

import {
  countOf,
  inSpaceOrder,
  isActive,
  positionOf,
  sameValue,
  valueAt,
  type Distribution,
  type ParamValue,
  type SearchSpace,
  type TrialParams,
} from './search-space.ts';

/**
 * The values a grid tries for one parameter: all of a choice or a stepped range, `points` evenly spaced ones (ends
 * included, in the logarithm for log ranges) of a continuous or a logarithmic one.
 */
export function gridValues(distribution: Distribution, points: number): ParamValue[] {
  if (distribution.type === 'int' || distribution.type === 'choice') {
    const count = countOf(distribution);
    return Array.from({ length: count }, (_, i) => valueAt(distribution, (i + 0.5) / count));
  }
  const last = points - 1;
  const values = Array.from({ length: points }, (_, i) => valueAt(distribution, i / last));
  return values.filter((value, i) => i === 0 || value !== values[i - 1]);
}

/** Values a continuous or logarithmic range is tried at; `all` for every value of a space without continuous ranges. */
type Points = number | 'all';

function valueCount(distribution: Distribution, points: Points): number {
  // A long range is not written out only to be counted.
  const whole = points === 'all' || distribution.type === 'int';
  return whole ? countOf(distribution) : gridValues(distribution, points).length;
}

function childrenOf(space: SearchSpace, path: string | null): string[] {
  return Object.keys(space).filter((other) => (space[other]?.when?.path ?? null) === path);
}

/** Number of cells. Conditions make a tree: every value has as many cells as the parameters it brings into being. */
export function countCells(space: SearchSpace, points: Points): number {
  const product = (paths: readonly string[]): number =>
    paths.reduce((cells, path) => cells * cellsOf(space, path, points, product), 1);
  return product(childrenOf(space, null));
}

type Product = (paths: readonly string[]) => number;

function cellsOf(space: SearchSpace, path: string, points: Points, product: Product): number {
  const distribution = space[path] as Distribution;
  const children = childrenOf(space, path);
  const count = valueCount(distribution, points);
  if (children.length === 0) return count;
  const named = namedValues(space, children).filter((value) => holds(distribution, value, points));
  const cells = named.reduce<number>((sum, value) => sum + product(activeAt(space, children, path, value)), 0);
  return cells + (count - named.length);
}

/** Values that some condition asks for; at all others no further parameter exists. */
function namedValues(space: SearchSpace, children: readonly string[]): ParamValue[] {
  const all = children.flatMap((child) => space[child]?.when?.in ?? []);
  return all.filter((value, i) => all.findIndex((other) => sameValue(other, value)) === i);
}

function holds(distribution: Distribution, value: ParamValue, points: Points): boolean {
  if (points !== 'all' && distribution.type !== 'int' && distribution.type !== 'choice') {
    return gridValues(distribution, points).includes(value);
  }
  const at = positionOf(distribution, value);
  return at !== null && sameValue(valueAt(distribution, at), value);
}

function activeAt(space: SearchSpace, children: readonly string[], path: string, value: ParamValue): string[] {
  return children.filter((child) => isActive(space[child] as Distribution, { [path]: value }));
}

/** Cell `index`, counted from 0, in the order of nested loops: the last parameter of the space changes fastest. */
export function gridCell(space: SearchSpace, points: number, index: number): TrialParams {
  const params: Record<string, ParamValue> = {};
  const product: Product = (paths) => paths.reduce((cells, path) => cells * cellsOf(space, path, points, product), 1);
  const place = (paths: readonly string[], rest: number): void => {
    let left = rest;
    for (const [i, path] of paths.entries()) {
      const inner = product(paths.slice(i + 1));
      placeOne(path, Math.floor(left / inner));
      left %= inner;
    }
  };
  const placeOne = (path: string, rest: number): void => {
    const children = childrenOf(space, path);
    let left = rest;
    for (const value of gridValues(space[path] as Distribution, points)) {
      const active = activeAt(space, children, path, value);
      const cells = product(active);
      if (left < cells) {
        params[path] = value;
        place(active, left);
        return;
      }
      left -= cells;
    }
    throw new RangeError(`cell ${index} is outside the grid`);
  };
  place(childrenOf(space, null), index);
  return inSpaceOrder(space, params);
}
