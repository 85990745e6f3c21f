/** The columns of the runs table: what each shows and by which rule, how wide it is, which a person chose. Pure. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import { RUN_STATUSES } from '../../../engine/spec/run-status.ts';

export type SortValue = number | string | null;
export type SortDirection = 'ascending' | 'descending';

interface ColumnFacts {
  /** Least width, pixels; figures always fit. */
  readonly width: number;
  /** Its part of the room that is left. */
  readonly grows: number;
  /** Right-aligned figures. */
  readonly number: boolean;
  /** A figure of many: the head says by which rule it was chosen. */
  readonly ruled: boolean;
  /** Shown before anybody chose. */
  readonly usual: boolean;
  /** Given up at this rank when a narrow window shows the usual columns; null: never. */
  readonly dropped: number | null;
  /** What is better or newer comes first on the first click. */
  readonly first: SortDirection;
  readonly value: (row: RunSummary) => SortValue;
}

function text(width: number, grows: number, value: ColumnFacts['value'], more: Partial<ColumnFacts> = {}): ColumnFacts {
  const usual = { usual: true, dropped: null, first: 'ascending' } as const;
  return { width, grows, number: false, ruled: false, ...usual, value, ...more };
}
function figure(width: number, value: ColumnFacts['value'], more: Partial<ColumnFacts> = {}): ColumnFacts {
  return { ...text(width, 0.4, value), number: true, usual: false, first: 'descending', ...more };
}
const ruled = (first: SortDirection): Partial<ColumnFacts> => ({ ruled: true, first });

/** The epoch of the best figure that the table shows. */
export function peakEpoch(row: RunSummary): number | null {
  return row.task === 'classification' ? row.highestAccuracyEpoch : row.lowestLossEpoch;
}

export const RUN_COLUMNS = {
  name: text(242, 6, (row) => row.name),
  tags: text(76, 1.5, (row) => row.tags.join(' ') || null, { dropped: 5 }),
  status: text(104, 0.8, (row) => RUN_STATUSES.indexOf(row.status)),
  data: text(54, 1, (row) => row.data, { dropped: 3 }),
  model: text(108, 1.5, (row) => row.model, { dropped: 4 }),
  optimizer: text(82, 0.8, (row) => row.optimizer, { dropped: 2 }),
  lr: figure(76, (row) => row.lr, { usual: true }),
  accuracy: figure(112, (row) => row.highestValidationAccuracy, { ...ruled('descending'), usual: true }),
  epoch: figure(50, peakEpoch, { usual: true, first: 'ascending' }),
  loss: text(74, 0.8, (row) => row.lowestValidationLoss, { dropped: 1 }),
  duration: figure(68, (row) => row.durationMs, { usual: true }),
  bestLoss: figure(112, (row) => row.lowestValidationLoss, ruled('ascending')),
  lastAccuracy: figure(120, (row) => row.lastValidationAccuracy, ruled('descending')),
  lastLoss: figure(112, (row) => row.lastValidationLoss, ruled('ascending')),
  trainLoss: figure(112, (row) => row.lastTrainLoss, ruled('ascending')),
  testAccuracy: figure(130, (row) => row.testAccuracy, ruled('descending')),
  testLoss: figure(116, (row) => row.testLoss, ruled('ascending')),
  epochsDone: figure(72, (row) => row.epochsDone),
  steps: figure(76, (row) => row.stepsDone),
  parameters: figure(92, (row) => row.parameters),
  project: text(100, 1.2, (row) => row.project || null, { usual: false }),
  created: text(130, 0.6, (row) => row.createdAt, { usual: false, first: 'descending' }),
  notes: text(140, 2, (row) => row.notes || null, { usual: false }),
} as const satisfies Record<string, ColumnFacts>;

export type RunColumn = keyof typeof RUN_COLUMNS;
export const RUN_COLUMN_IDS = Object.keys(RUN_COLUMNS) as readonly RunColumn[];
export const columnFacts = (id: RunColumn): ColumnFacts => RUN_COLUMNS[id];

/** Which columns in which order. The name is always the first. */
export const USUAL_COLUMNS: readonly RunColumn[] = RUN_COLUMN_IDS.filter((id) => columnFacts(id).usual);
/** Widths that were drawn by hand, pixels. */
export type ColumnWidths = Readonly<Partial<Record<RunColumn, number>>>;

export const MIN_WIDTH = 48;
export const MAX_WIDTH = 800;
const CHECK_WIDTH = 38;

const isUsual = (columns: readonly RunColumn[]): boolean =>
  columns.length === USUAL_COLUMNS.length && columns.every((id, i) => USUAL_COLUMNS[i] === id);
const leastWidth = (id: RunColumn, widths: ColumnWidths): number => widths[id] ?? columnFacts(id).width;
const leastSum = (columns: readonly RunColumn[], widths: ColumnWidths): number =>
  columns.reduce((sum, id) => sum + leastWidth(id, widths), CHECK_WIDTH);

export interface FittedColumns {
  readonly columns: readonly RunColumn[];
  /** The value of `grid-template-columns`. */
  readonly template: string;
  /** Below this the table scrolls sideways, pixels. */
  readonly least: number;
}

/**
 * The columns for a table `room` pixels wide (0: not measured yet). Where nobody chose, a narrow window drops what is
 * least missed; what a person chose stays, and the table scrolls.
 */
export function fitColumns(chosen: readonly RunColumn[], widths: ColumnWidths, room: number): FittedColumns {
  let columns = chosen;
  if (room > 0 && isUsual(chosen)) {
    const rank = (id: RunColumn): number => columnFacts(id).dropped ?? Infinity;
    const order = columns.filter((id) => columnFacts(id).dropped !== null).toSorted((a, b) => rank(a) - rank(b));
    for (const id of order) {
      if (leastSum(columns, widths) <= room) break;
      columns = columns.filter((one) => one !== id);
    }
  }
  const parts = columns.map((id) => {
    const width = widths[id];
    return width === undefined ? `minmax(${columnFacts(id).width}px, ${columnFacts(id).grows}fr)` : `${width}px`;
  });
  return { columns, template: [`${CHECK_WIDTH}px`, ...parts].join(' '), least: leastSum(columns, widths) };
}

/** Shows or hides one; a shown one goes to its usual place, or to the end. */
export function toggleColumn(columns: readonly RunColumn[], id: RunColumn): readonly RunColumn[] {
  if (id === 'name') return columns;
  if (columns.includes(id)) return columns.filter((one) => one !== id);
  const after = RUN_COLUMN_IDS.slice(0, RUN_COLUMN_IDS.indexOf(id)).findLast((one) => columns.includes(one));
  const at = after === undefined ? columns.length : columns.indexOf(after) + 1;
  return columns.toSpliced(at, 0, id);
}

/** Moves one by places; nothing goes before the name. */
export function moveColumn(columns: readonly RunColumn[], id: RunColumn, by: number): readonly RunColumn[] {
  const from = columns.indexOf(id);
  const to = from + by;
  if (from < 1 || to < 1 || to >= columns.length) return columns;
  return columns.toSpliced(from, 1).toSpliced(to, 0, id);
}
