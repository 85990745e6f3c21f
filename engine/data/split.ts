/** Which rows train, validate and test. Pure arithmetic over row numbers and a seeded generator. */

import { say } from '../spec/message.ts';
import { Rng } from '../math/rng.ts';
import type { DataSpec } from '../spec/run-spec.ts';
import { DataError, type DataSet } from './dataset.ts';

/** Share held out as test split where the spec says null. */
export const DEFAULT_TEST_SHARE = 0.2;

export interface SplitRows {
  /** Row numbers, in the order sequential sampling takes them. */
  readonly train: Int32Array;
  readonly validation: Int32Array;
  readonly test: Int32Array;
}

type SplitSpec = Pick<DataSpec, 'test' | 'validation' | 'limit' | 'splitSeed'>;

/**
 * A set with a test split keeps it, and its training rows keep their order. Of another set `test` is held out, and
 * its rows are shuffled when something is drawn from them (a test share or a limit). Then `limit` takes the first n
 * training rows, then validation is cut from these. Shares are stratified: each class gives its part.
 * Throws a DataError when a split that was asked for would be empty.
 */
export function splitRows(set: Pick<DataSet, 'rows' | 'testFrom' | 'labels'>, spec: SplitSpec): SplitRows {
  const rng = Rng.stream(spec.splitSeed, 'split');
  let train = Int32Array.from({ length: set.testFrom }, (_, row) => row);
  let test = Int32Array.from({ length: set.rows - set.testFrom }, (_, i) => set.testFrom + i);
  if (test.length === 0) {
    const share = spec.test ?? DEFAULT_TEST_SHARE;
    if (share > 0 || spec.limit !== null) rng.shuffle(train);
    [train, test] = holdOut(train, share, set.labels, rng, 'test');
  }
  if (spec.limit !== null && spec.limit < train.length) train = train.slice(0, spec.limit);
  const [kept, validation] = holdOut(train, spec.validation, set.labels, rng, 'validation');
  return { train: kept, validation, test };
}

/** Draws round(share · rows) rows, each class in proportion. Returns the rest in their old order, and the drawn ones. */
function holdOut(
  rows: Int32Array<ArrayBuffer>,
  share: number,
  labels: Int32Array | null,
  rng: Rng,
  field: 'test' | 'validation',
): [kept: Int32Array<ArrayBuffer>, held: Int32Array<ArrayBuffer>] {
  if (share === 0) return [rows, new Int32Array(0)];
  const count = Math.round(rows.length * share);
  if (count === 0 || count === rows.length) {
    const rest = count === 0 ? `no ${field} row` : 'no training row';
    throw new DataError(
      say`data.${field}: ${share} of ${rows.length} rows leaves ${rest}; expected another share or more rows`,
      `data.${field}`,
    );
  }
  const left = labels === null ? null : quotas(rows, labels, count);
  const order = Int32Array.from({ length: rows.length }, (_, i) => i);
  rng.shuffle(order);
  const held = new Int32Array(count);
  const isHeld = new Uint8Array(rows.length);
  let filled = 0;
  for (const position of order) {
    if (filled === count) break;
    const row = rows[position] ?? 0;
    if (left !== null && labels !== null) {
      const label = labels[row] ?? 0;
      const open = left.get(label) ?? 0;
      if (open === 0) continue;
      left.set(label, open - 1);
    }
    held[filled++] = row;
    isHeld[position] = 1;
  }
  return [rows.filter((_, position) => isHeld[position] === 0), held];
}

/** How many rows each class gives: its exact part rounded down, the rest to the largest remainders (lower class first). */
function quotas(rows: Int32Array, labels: Int32Array, count: number): Map<number, number> {
  const sizes = new Map<number, number>();
  for (const row of rows) {
    const label = labels[row] ?? 0;
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
  }
  const parts = [...sizes].map(([label, size]) => {
    const remainder = (size * count) % rows.length;
    return { label, quota: (size * count - remainder) / rows.length, remainder };
  });
  parts.sort((a, b) => b.remainder - a.remainder || a.label - b.label);
  let missing = count - parts.reduce((sum, part) => sum + part.quota, 0);
  for (const part of parts) {
    if (missing-- <= 0) break;
    part.quota++;
  }
  return new Map(parts.map(({ label, quota }) => [label, quota]));
}
