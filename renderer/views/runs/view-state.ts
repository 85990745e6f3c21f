/** What the runs page remembers over a restart, as text for the window's storage. */

import { z } from 'zod';
import { MAX_WIDTH, MIN_WIDTH, RUN_COLUMN_IDS, USUAL_COLUMNS, type ColumnWidths, type RunColumn } from './columns.ts';
import type { RunSort } from './run-order.ts';

export interface RunsViewState {
  readonly query: string;
  readonly sort: RunSort | null;
  readonly columns: readonly RunColumn[];
  readonly widths: ColumnWidths;
}

export const FIRST_VIEW: RunsViewState = { query: '', sort: null, columns: USUAL_COLUMNS, widths: {} };

const column = z.custom<RunColumn>((value) => RUN_COLUMN_IDS.some((id) => id === value), {
  error: 'expected a column',
});
const stateSchema = z.object({
  query: z.string().max(2000).catch(FIRST_VIEW.query),
  sort: z
    .object({ column, direction: z.enum(['ascending', 'descending']) })
    .nullable()
    .catch(FIRST_VIEW.sort),
  columns: z
    .array(column)
    .refine((ids) => ids[0] === 'name' && new Set(ids).size === ids.length)
    .catch([...FIRST_VIEW.columns]),
  widths: z.partialRecord(z.enum(RUN_COLUMN_IDS), z.number().min(MIN_WIDTH).max(MAX_WIDTH)).catch({}),
});

/** Reads what was saved. A part that is damaged, or from another version, is as it was at first. */
export function restoreView(saved: string | null): RunsViewState {
  if (saved === null) return FIRST_VIEW;
  let value: unknown;
  try {
    value = JSON.parse(saved);
  } catch {
    return FIRST_VIEW; // cut off in the middle: nothing to restore
  }
  const read = stateSchema.safeParse(value);
  if (!read.success) return FIRST_VIEW;
  const widths = Object.fromEntries(Object.entries(read.data.widths).filter(([, width]) => width !== undefined));
  return { ...read.data, widths };
}
