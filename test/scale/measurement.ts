/** What a measurement is: a file of its own under measurements/, figures with their limits. */

import type { GeneratedDatabase } from './database.ts';

export interface Figure {
  readonly name: string;
  readonly unit: 'ms' | 'frames/s' | 'MB';
  readonly value: number;
  /** `atMost` the value, or `atLeast`. */
  readonly limit: { readonly atMost: number } | { readonly atLeast: number };
  /** How often it was taken and how it spread, for the reader. */
  readonly note: string;
}

export interface Measurement {
  /** For `--only`. */
  readonly name: string;
  readonly measure: (database: GeneratedDatabase) => Promise<readonly Figure[]>;
}

export function holds({ value, limit }: Figure): boolean {
  return 'atMost' in limit ? value <= limit.atMost : value >= limit.atLeast;
}

/** The middle value; of an even number the upper of the two. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

/** "median of 5, 812 to 1,034". */
export function spread(values: readonly number[]): string {
  const [low, high] = [Math.min(...values), Math.max(...values)].map((value) => Math.round(value).toLocaleString('en'));
  return `median of ${values.length}, ${low} to ${high}`;
}
