/** Which runs the table shows and in which order. Pure; live runs always come first. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import { queryTest, type StatusName } from '../../query/evaluate.ts';
import type { ParsedQuery } from '../../query/parse.ts';
import { columnFacts, type RunColumn, type SortDirection, type SortValue } from './columns.ts';

export interface RunSort {
  readonly column: RunColumn;
  readonly direction: SortDirection;
}

/** First click sorts, the second turns it round, the third goes back to newest first (null). */
export function nextSort(sort: RunSort | null, column: RunColumn): RunSort | null {
  const { first } = columnFacts(column);
  if (sort?.column !== column) return { column, direction: first };
  if (sort.direction !== first) return null;
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
}

const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

function compare(a: SortValue, b: SortValue): number {
  if (typeof a === 'string' && typeof b === 'string') return collator.compare(a, b);
  return Number(a) - Number(b);
}

function isMissing(value: SortValue): boolean {
  return value === null || Number.isNaN(value);
}

/** Live runs first (newest first), then the others by `sort`; missing values last, equal ones newest first. */
export function sortRuns(rows: readonly RunSummary[], sort: RunSort | null): RunSummary[] {
  const sign = sort?.direction === 'descending' ? -1 : 1;
  const value = sort === null ? null : columnFacts(sort.column).value;
  const entries = rows.map((row) => ({
    row,
    live: LIVE_STATUSES.includes(row.status) && row.deletedAt === null,
    value: value?.(row) ?? null,
  }));
  entries.sort((a, b) => {
    if (a.live !== b.live) return a.live ? -1 : 1;
    if (sort !== null && !a.live) {
      const [noA, noB] = [isMissing(a.value), isMissing(b.value)];
      if (noA !== noB) return noA ? 1 : -1;
      const order = noA ? 0 : sign * compare(a.value, b.value);
      if (order !== 0) return order;
    }
    return b.row.number - a.row.number;
  });
  return entries.map((entry) => entry.row);
}

/** The rows the query means. */
export function searchRuns(
  rows: readonly RunSummary[],
  query: ParsedQuery,
  statusName: StatusName,
): readonly RunSummary[] {
  return query.tokens.length === 0 ? rows : rows.filter(queryTest(query, statusName));
}

/**
 * The new order while somebody reads the table: rows keep the place they had, new ones come first, gone ones leave.
 */
export function keepOrder(previous: readonly RunId[], wanted: readonly RunId[]): readonly RunId[] {
  const present = new Set(wanted);
  const known = new Set(previous);
  return [...wanted.filter((id) => !known.has(id)), ...previous.filter((id) => present.has(id))];
}
