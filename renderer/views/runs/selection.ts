/** Which rows are selected and where the keyboard is. Pure: every function returns the next state. */

import type { RunId } from '../../../engine/spec/ids.ts';

export interface RowSelection<Id> {
  readonly selected: ReadonlySet<Id>;
  /** The row of the keyboard, or null before the first key or click. */
  readonly cursor: Id | null;
  /** Where a range begins. */
  readonly anchor: Id | null;
}
export type RunSelection = RowSelection<RunId>;

export const EMPTY_SELECTION: RunSelection = { selected: new Set(), cursor: null, anchor: null };

/** Puts the cursor on a row without selecting. */
export function placeCursor<Id>(state: RowSelection<Id>, id: Id): RowSelection<Id> {
  return { ...state, cursor: id, anchor: id };
}

/** Moves the cursor by rows, stopping at the ends; with `extend` selects from the anchor to it. */
export function moveCursor<Id>(
  state: RowSelection<Id>,
  order: readonly Id[],
  by: number,
  extend: boolean,
): RowSelection<Id> {
  if (order.length === 0) return state;
  const at = state.cursor === null ? -1 : order.indexOf(state.cursor);
  // Without a cursor it enters from the end it comes from: one step down is the first row.
  const from = at >= 0 ? at : by > 0 ? -1 : order.length;
  const cursor = order[Math.min(order.length - 1, Math.max(0, from + by))] ?? null;
  if (cursor === null) return state;
  if (!extend) return { ...state, cursor, anchor: cursor };
  return selectRange({ ...state, cursor, anchor: state.anchor ?? state.cursor ?? cursor }, order, cursor);
}

/** Selects everything between the anchor and `to`, and nothing else. */
export function selectRange<Id>(state: RowSelection<Id>, order: readonly Id[], to: Id): RowSelection<Id> {
  const anchor = state.anchor ?? to;
  const [a, b] = [order.indexOf(anchor), order.indexOf(to)];
  if (b < 0) return state;
  const start = a < 0 ? b : a;
  const range = order.slice(Math.min(start, b), Math.max(start, b) + 1);
  return { selected: new Set(range), cursor: to, anchor };
}

/** Adds or takes away one row; it becomes cursor and anchor. */
export function toggleRow<Id>(state: RowSelection<Id>, id: Id): RowSelection<Id> {
  const selected = new Set(state.selected);
  if (!selected.delete(id)) selected.add(id);
  return { selected, cursor: id, anchor: id };
}

/** Everything, or nothing when everything was selected already. */
export function toggleAll<Id>(state: RowSelection<Id>, order: readonly Id[]): RowSelection<Id> {
  const all = order.length > 0 && order.every((id) => state.selected.has(id));
  return { ...state, selected: new Set(all ? [] : order) };
}

/**
 * Forgets rows that are no longer shown: what cannot be seen must not be deleted by a key. A cursor whose row went
 * moves to the row that took its place.
 */
export function keepShown<Id>(state: RowSelection<Id>, before: readonly Id[], order: readonly Id[]): RowSelection<Id> {
  const shown = new Set(order);
  const selected = new Set([...state.selected].filter((id) => shown.has(id)));
  const cursor =
    state.cursor === null || shown.has(state.cursor) ? state.cursor : successor(state.cursor, before, shown);
  if (selected.size === state.selected.size && cursor === state.cursor) return state;
  const anchor = state.anchor !== null && shown.has(state.anchor) ? state.anchor : cursor;
  return { selected, cursor, anchor };
}

/** The next row below that is still there, else the next one above. */
function successor<Id>(id: Id, before: readonly Id[], shown: ReadonlySet<Id>): Id | null {
  const at = before.indexOf(id);
  if (at < 0) return null;
  return (
    before.slice(at).find((one) => shown.has(one)) ?? before.slice(0, at).findLast((one) => shown.has(one)) ?? null
  );
}

/** The rows a command is for: the selection in the order shown, else the cursor's row. */
export function targets<Id>(state: RowSelection<Id>, order: readonly Id[]): readonly Id[] {
  if (state.selected.size > 0) return order.filter((id) => state.selected.has(id));
  return state.cursor === null ? [] : [state.cursor];
}
