/** Undo and redo for a small plain state, as snapshots in JSON. Typing in one field without a pause is one step. */

export interface History {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Notes the state after a change. `field` names the field that was typed into, '' for any other change; `at` in ms. */
  note(snapshot: string, field: string, at: number): void;
  /** The state to go back to, or null. */
  undo(): string | null;
  redo(): string | null;
}

const MERGE_MS = 1000;
const LIMIT = 200;

export function createHistory(initial: string): History {
  const past: string[] = [];
  let present = initial;
  let future: string[] = [];
  let lastField = '';
  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    get canUndo() {
      return past.length > 0;
    },
    get canRedo() {
      return future.length > 0;
    },
    note(snapshot, field, at) {
      if (snapshot === present) return;
      const merges = field !== '' && field === lastField && at - lastAt < MERGE_MS && past.length > 0;
      if (!merges) {
        past.push(present);
        if (past.length > LIMIT) past.shift();
      }
      present = snapshot;
      future = [];
      lastField = field;
      lastAt = at;
    },
    undo() {
      const previous = past.pop();
      if (previous === undefined) return null;
      future.push(present);
      present = previous;
      lastField = '';
      return previous;
    },
    redo() {
      const next = future.pop();
      if (next === undefined) return null;
      past.push(present);
      present = next;
      lastField = '';
      return next;
    },
  };
}

/** The id of the field that is typed into; '' when something else has the focus: each click is a change of its own. */
export function typedField(): string {
  const focused = document.activeElement;
  return focused?.matches('input:not([type="checkbox"], [type="radio"], [type="range"]), textarea') ? focused.id : '';
}
