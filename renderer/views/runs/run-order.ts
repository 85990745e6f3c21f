/** Which runs the table shows and in which order. Pure; live runs always come first. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES, RUN_STATUSES } from '../../../engine/spec/run-status.ts';
import { matchesWords, wordsOf } from '../../text/match.ts';

export const SORT_COLUMNS = [
  'name',
  'status',
  'data',
  'model',
  'optimizer',
  'lr',
  'accuracy',
  'epoch',
  'loss',
  'duration',
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

export interface RunSort {
  readonly column: SortColumn;
  readonly direction: 'ascending' | 'descending';
}

/** What is better or newer comes first on the first click. */
const FIRST_DIRECTION: Readonly<Record<SortColumn, RunSort['direction']>> = {
  name: 'ascending',
  status: 'ascending',
  data: 'ascending',
  model: 'ascending',
  optimizer: 'ascending',
  lr: 'descending',
  accuracy: 'descending',
  epoch: 'ascending',
  loss: 'ascending',
  duration: 'descending',
};

/** First click sorts, the second turns it round, the third goes back to newest first (null). */
export function nextSort(sort: RunSort | null, column: SortColumn): RunSort | null {
  const first = FIRST_DIRECTION[column];
  if (sort?.column !== column) return { column, direction: first };
  if (sort.direction !== first) return null;
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
}

type SortValue = number | string | null;

function sortValue(row: RunSummary, column: SortColumn): SortValue {
  switch (column) {
    case 'name':
      return row.name;
    case 'status':
      return RUN_STATUSES.indexOf(row.status);
    case 'data':
      return row.data;
    case 'model':
      return row.model;
    case 'optimizer':
      return row.optimizer;
    case 'lr':
      return row.lr;
    case 'accuracy':
      return row.bestValidationAccuracy;
    case 'epoch':
      return row.bestEpoch;
    case 'loss':
      return row.bestValidationLoss;
    case 'duration':
      return row.durationMs;
  }
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
  const entries = rows.map((row) => ({
    row,
    live: LIVE_STATUSES.includes(row.status) && row.deletedAt === null,
    value: sort === null ? null : sortValue(row, sort.column),
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

/** Texts that were put together once per row; a changed row is a new object. */
const texts = new WeakMap<RunSummary, string>();

function searchText(row: RunSummary, statusName: (status: RunSummary['status']) => string): string {
  let text = texts.get(row);
  if (text === undefined) {
    const status = `${row.status} ${statusName(row.status)}`;
    text = `${row.name} #${row.number} ${row.data} ${row.model} ${row.optimizer} ${status}`.toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** Rows in which every word of the query stands: in name, number, data, model, optimizer or status. */
export function searchRuns(
  rows: readonly RunSummary[],
  query: string,
  statusName: (status: RunSummary['status']) => string,
): readonly RunSummary[] {
  const words = wordsOf(query);
  if (words.length === 0) return rows;
  return rows.filter((row) => matchesWords(searchText(row, statusName), words));
}

/**
 * The new order while somebody reads the table: rows keep the place they had, new ones come first, gone ones leave.
 */
export function keepOrder(previous: readonly RunId[], wanted: readonly RunId[]): readonly RunId[] {
  const present = new Set(wanted);
  const known = new Set(previous);
  return [...wanted.filter((id) => !known.has(id)), ...previous.filter((id) => present.has(id))];
}
