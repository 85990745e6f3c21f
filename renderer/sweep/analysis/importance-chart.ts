/** Importance as bars with their spread. */

import type { Importance, Share } from '../../../engine/sweep/analysis/fanova.ts';
import type { Shape } from '../../charts/options/shapes.ts';
import type { Size } from '../../charts/plot.ts';
import { formatFixed } from '../../text/format.ts';

export interface ImportanceBar extends Share {
  readonly id: string;
  readonly name: string;
  /** What no parameter explains alone; drawn lighter and last. */
  readonly rest: boolean;
}

/** Parameters with the largest share first, then the rest. */
export function importanceBars(
  { parameters, rest }: Importance,
  paths: readonly string[],
  restName: string,
): ImportanceBar[] {
  const bars = paths.map((path, i) => ({
    id: path,
    name: path,
    rest: false,
    ...(parameters[i] ?? { mean: 0, spread: 0 }),
  }));
  bars.sort((a, b) => b.mean - a.mean);
  return [...bars, { id: 'rest', name: restName, rest: true, ...rest }];
}

/** Two decimals, also of what is smaller than they can say. */
export function shareText(share: number): string {
  return formatFixed(Math.round(share * 100) / 100, 2);
}

/** Room for the figures at the right, pixels. */
const FIGURES = 92;
const INSET = 12;
const GAP = 10;
/** Width of a letter of a path, pixels; a little more than at the smaller of the two sizes of type. */
const MONO = 7.3;
const MOST_ROW = 34;
export const LEAST_ROW = 16;

/** Narrow: less than half of the width goes to the names, whose beginnings matter least. */
export function importanceShapes(bars: readonly ImportanceBar[], size: Size): Shape[] {
  const longest = Math.max(...bars.map(({ name }) => name.length)) * MONO;
  const names = Math.min(longest + 4, size.width * 0.42);
  const from = INSET + names + GAP;
  const width = Math.max(20, size.width - from - FIGURES - INSET);
  const full = Math.max(1e-9, ...bars.map(({ mean, spread }) => mean + spread));
  const across = (share: number): number => from + (Math.min(full, Math.max(0, share)) / full) * width;
  const row = Math.min(MOST_ROW, (size.height - 8) / bars.length);
  return bars.flatMap(({ name, mean, spread, rest }, i): Shape[] => {
    const y = 4 + (i + 0.5) * row;
    const cells = (x: number, end: number, height: number): Float32Array =>
      Float32Array.of(x, y - height / 2, Math.max(0, end - x), height);
    const [low, high] = [across(mean - spread), across(mean + spread)];
    const whisker = Float32Array.of(
      low,
      y,
      high,
      y,
      Number.NaN,
      Number.NaN,
      low,
      y - 5,
      low,
      y + 5,
      Number.NaN,
      Number.NaN,
      high,
      y - 5,
      high,
      y + 5,
    );
    const figureX = size.width - INSET;
    return [
      { kind: 'text', x: INSET, y, text: tail(name, names), align: 'left', fill: 'text', mono: !rest, most: names },
      { kind: 'cells', cells: cells(from, from + width, 8), fill: 'inset' },
      { kind: 'cells', cells: cells(from, across(mean), 8), fill: rest ? 2 : 4 },
      { kind: 'lines', points: whisker, stroke: 'text', width: 1 },
      { kind: 'text', x: figureX - 48, y, text: shareText(mean), align: 'right', fill: 'text', strong: true },
      { kind: 'text', x: figureX, y, text: `± ${shareText(spread)}`, align: 'right' },
    ];
  });
}

/** The end of a path that is too long: what sets two of them apart is there. */
function tail(name: string, width: number): string {
  const fits = Math.floor(width / MONO);
  return name.length <= fits ? name : `…${name.slice(name.length - fits + 1)}`;
}
