/** The leaderboard: which trials in which order, in groups or not. Pure; running ones come first. */

import type { TrialRow } from '../../electron/contract/sweeps.ts';
import { sameValue, type ParamValue } from '../../engine/spec/search-space.ts';
import type { Objective } from '../../engine/spec/sweep-spec.ts';
import type { TrialStatus } from '../../engine/spec/sweep-status.ts';

/** `rank`, `number`, `score`, `status`, `epochs`, `time`, or the path of a parameter. */
export type LeaderColumn = string;
export interface LeaderSort {
  readonly column: LeaderColumn;
  readonly direction: 'ascending' | 'descending';
}

export interface LeaderOptions {
  readonly objective: Objective;
  readonly sort: LeaderSort | null;
  /** Path of the parameter whose values make the groups. */
  readonly group: string | null;
  readonly pinned: ReadonlySet<number>;
}

export type LeaderItem =
  | { readonly kind: 'trial'; readonly number: number }
  | {
      readonly kind: 'group';
      /** undefined: trials without the parameter. */
      readonly value: ParamValue | undefined;
      readonly count: number;
      readonly best: number | null;
    };

/** Running and waiting first, then completed, pruned, failed: as far down as there is less to say. */
const PLACE: Readonly<Record<TrialStatus, number>> = {
  running: 0,
  queued: 1,
  interrupted: 1,
  completed: 2,
  pruned: 3,
  failed: 4,
};
export const isWaiting = (status: TrialStatus): boolean => PLACE[status] < PLACE.completed;

/** The rows in order; groups by their best score, each under its head. */
export function leaderItems(rows: readonly TrialRow[], options: LeaderOptions): LeaderItem[] {
  const sorted = sortTrials(rows, options);
  const { group, pinned } = options;
  if (group === null) return sorted.map((row) => ({ kind: 'trial', number: row.number }));
  const loose = sorted.filter((row) => isWaiting(row.status) || pinned.has(row.number));
  const groups: { value: ParamValue | undefined; rows: TrialRow[] }[] = [];
  for (const row of sorted) {
    if (isWaiting(row.status) || pinned.has(row.number)) continue;
    const value = row.params[group];
    const found = groups.find((one) => sameValue(one.value, value));
    if (found === undefined) groups.push({ value, rows: [row] });
    else found.rows.push(row);
  }
  const heads = groups.map(({ value, rows: members }) => ({
    value,
    members,
    best: bestOf(members, options.objective),
  }));
  heads.sort((a, b) => compareScores(a.best, b.best, options.objective));
  return [
    ...loose.map((row): LeaderItem => ({ kind: 'trial', number: row.number })),
    ...heads.flatMap(({ value, members, best }): LeaderItem[] => [
      { kind: 'group', value, count: members.length, best },
      ...members.map((row): LeaderItem => ({ kind: 'trial', number: row.number })),
    ]),
  ];
}

function bestOf(rows: readonly TrialRow[], objective: Objective): number | null {
  const scores = rows.flatMap((row) => (row.status === 'completed' ? (row.score ?? []) : []));
  if (scores.length === 0) return null;
  return objective.direction === 'maximize' ? Math.max(...scores) : Math.min(...scores);
}

/** The better one first, none last. */
function compareScores(a: number | null, b: number | null, { direction }: Objective): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  return direction === 'maximize' ? b - a : a - b;
}

function sortTrials(rows: readonly TrialRow[], { objective, sort, pinned }: LeaderOptions): TrialRow[] {
  const place = (row: TrialRow): number => {
    if (isWaiting(row.status)) return PLACE[row.status];
    if (pinned.has(row.number)) return 1.5;
    // Asked for by a column, whatever has ended stands together.
    return sort === null ? PLACE[row.status] : PLACE.completed;
  };
  const column = sort === null ? 'rank' : sort.column;
  const sign = sort?.direction === 'descending' ? -1 : 1;
  return [...rows].sort((a, b) => {
    const places = place(a) - place(b);
    if (places !== 0) return places;
    if (isWaiting(a.status)) return b.number - a.number;
    const by = column === 'rank' ? compareScores(a.score, b.score, objective) : compare(a, b, column, sign);
    return by === 0 ? a.number - b.number : by;
  });
}

type SortValue = number | string | null;

/** What a column sorts by; null is missing and comes last either way. */
export function columnValue(row: TrialRow, column: LeaderColumn): SortValue {
  switch (column) {
    case 'number':
      return row.number;
    case 'score':
      return row.score;
    case 'status':
      return PLACE[row.status];
    case 'epochs':
      return row.epochs;
    case 'time':
      return row.durationMs;
    default: {
      const value = row.params[column];
      if (value === undefined || value === null) return null;
      return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
    }
  }
}

function compare(a: TrialRow, b: TrialRow, column: LeaderColumn, sign: number): number {
  const [left, right] = [columnValue(a, column), columnValue(b, column)];
  if (left === null || right === null) return left === right ? 0 : left === null ? 1 : -1;
  if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
  return sign * (String(left) < String(right) ? -1 : String(left) > String(right) ? 1 : 0);
}

/** First click sorts, the second turns it round, the third goes back to the ranks. */
export function nextLeaderSort(sort: LeaderSort | null, column: LeaderColumn, objective: Objective): LeaderSort | null {
  if (column === 'rank') return null;
  const better = objective.direction === 'maximize' ? 'descending' : 'ascending';
  const first = column === 'score' ? better : 'ascending';
  if (sort?.column !== column) return { column, direction: first };
  if (sort.direction !== first) return null;
  return { column, direction: first === 'ascending' ? 'descending' : 'ascending' };
}

/** While somebody reads the table: rows keep their places, those that are new or run come first, gone ones leave. */
export function keepItems(
  before: readonly LeaderItem[],
  wanted: readonly LeaderItem[],
  isRunning: (number: number) => boolean,
): readonly LeaderItem[] {
  const key = (item: LeaderItem): string =>
    item.kind === 'trial' ? String(item.number) : `group:${JSON.stringify(item.value) ?? ''}`;
  const now = new Map(wanted.map((item) => [key(item), item]));
  const known = new Set(before.map(key));
  const kept = before.flatMap((item) => now.get(key(item)) ?? []);
  const first = (item: LeaderItem): boolean => item.kind === 'trial' && isRunning(item.number);
  return [
    ...wanted.filter((item) => !known.has(key(item)) && first(item)),
    ...kept,
    ...wanted.filter((item) => !known.has(key(item)) && !first(item)),
  ];
}
