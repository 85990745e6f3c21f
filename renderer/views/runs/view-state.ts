/** What the runs page remembers over a restart, as text for the window's storage. */

import { MAX_WIDTH, MIN_WIDTH, RUN_COLUMN_IDS, USUAL_COLUMNS, type ColumnWidths, type RunColumn } from './columns.ts';
import type { RunSort } from './run-order.ts';
import { isObject, savedObject } from '../../text/saved-object.ts';

export interface RunsViewState {
  readonly query: string;
  readonly sort: RunSort | null;
  readonly columns: readonly RunColumn[];
  readonly widths: ColumnWidths;
}

export const FIRST_VIEW: RunsViewState = { query: '', sort: null, columns: USUAL_COLUMNS, widths: {} };

const MOST_LETTERS = 2000;
const isColumn = (value: unknown): value is RunColumn => RUN_COLUMN_IDS.some((id) => id === value);

function readSort(value: unknown): RunSort | null {
  if (!isObject(value)) return FIRST_VIEW.sort;
  const { column, direction } = value;
  const known = direction === 'ascending' || direction === 'descending';
  return isColumn(column) && known ? { column, direction } : FIRST_VIEW.sort;
}

function readColumns(value: unknown): readonly RunColumn[] {
  if (!Array.isArray(value)) return FIRST_VIEW.columns;
  const columns = value.filter(isColumn);
  const whole = columns.length === value.length && new Set(columns).size === columns.length;
  return whole && columns[0] === 'name' ? columns : FIRST_VIEW.columns;
}

function readWidths(value: unknown): ColumnWidths {
  if (!isObject(value)) return FIRST_VIEW.widths;
  const fits = (width: unknown): boolean => typeof width === 'number' && width >= MIN_WIDTH && width <= MAX_WIDTH;
  return Object.fromEntries(Object.entries(value).filter(([id, width]) => isColumn(id) && fits(width)));
}

/** Reads what was saved. A part that is damaged, or from another version, is as it was at first. */
export function restoreView(saved: string | null): RunsViewState {
  const value = savedObject(saved);
  if (value === null) return FIRST_VIEW;
  return {
    query: typeof value['query'] === 'string' ? value['query'].slice(0, MOST_LETTERS) : FIRST_VIEW.query,
    sort: readSort(value['sort']),
    columns: readColumns(value['columns']),
    widths: readWidths(value['widths']),
  };
}
