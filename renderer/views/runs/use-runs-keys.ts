/** The keyboard of the runs table. What the keys do to runs is the page's business. */

import type { ShallowRef } from 'vue';
import { useShortcuts } from '../../composables/use-shortcuts.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { EMPTY_SELECTION, toggleAll, toggleRow, type RunSelection } from './selection.ts';

export type RunCommand = 'delete' | 'rename' | 'duplicate' | 'star' | 'tag' | 'project' | 'compare';

export interface RunsKeysOptions {
  readonly selection: ShallowRef<RunSelection>;
  /** Rows in the order shown. */
  readonly order: () => readonly RunId[];
  /** Moves the cursor by rows; with `extend` the selection follows. */
  readonly move: (by: number, extend?: boolean) => void;
  readonly open: (id: RunId) => void;
  /** Enter on the empty page. */
  readonly start: () => void;
  readonly search: () => void;
  /** For the selection, or the cursor's row. */
  readonly command: (name: RunCommand) => void;
}

/** Rows a page key moves by. */
const PAGE = 15;

export function useRunsKeys({ selection, order, move, open, start, search, command }: RunsKeysOptions): void {
  const hasRows = (): boolean => order().length > 0;
  const atCursor = (act: (id: RunId) => void): void => {
    const { cursor } = selection.value;
    if (cursor !== null) act(cursor);
  };
  const hasCursor = (): boolean => selection.value.cursor !== null;
  useShortcuts([
    { keys: 'ArrowDown', when: hasRows, run: () => move(1) },
    { keys: 'ArrowUp', when: hasRows, run: () => move(-1) },
    { keys: 'Shift+ArrowDown', when: hasRows, run: () => move(1, true) },
    { keys: 'Shift+ArrowUp', when: hasRows, run: () => move(-1, true) },
    { keys: 'PageDown', when: hasRows, run: () => move(PAGE) },
    { keys: 'PageUp', when: hasRows, run: () => move(-PAGE) },
    { keys: 'Home', when: hasRows, run: () => move(-order().length) },
    { keys: 'End', when: hasRows, run: () => move(order().length) },
    { keys: 'Ctrl+A', when: hasRows, run: () => (selection.value = toggleAll(selection.value, order())) },
    { keys: 'X', when: hasCursor, run: () => atCursor((id) => (selection.value = toggleRow(selection.value, id))) },
    { keys: 'Enter', when: hasCursor, run: () => atCursor(open) },
    { keys: 'Enter', run: start },
    { keys: 'F2', when: hasRows, run: () => command('rename') },
    { keys: 'D', when: hasRows, run: () => command('duplicate') },
    { keys: 'C', when: hasRows, run: () => command('compare') },
    { keys: 'S', when: hasRows, run: () => command('star') },
    { keys: 'T', when: hasRows, run: () => command('tag') },
    { keys: 'P', when: hasRows, run: () => command('project') },
    { keys: 'Delete', when: hasRows, run: () => command('delete') },
    { keys: 'F', run: search },
    { keys: '/', run: search },
    {
      keys: 'Escape',
      when: () => selection.value.selected.size > 0 || hasCursor(),
      run: () => (selection.value = EMPTY_SELECTION),
    },
  ]);
}
