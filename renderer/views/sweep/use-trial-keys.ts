/** The keyboard of the leaderboard. What the keys do to trials is the panel's business. */

import type { ComputedRef } from 'vue';
import { useShortcuts } from '../../composables/use-shortcuts.ts';
import { moveCursor, toggleAll, toggleRow, type RowSelection } from '../runs/selection.ts';

export interface TrialKeysOptions {
  readonly chosen: ComputedRef<RowSelection<number>>;
  readonly choose: (next: RowSelection<number>) => void;
  /** Numbers in the order shown. */
  readonly order: () => readonly number[];
  readonly open: () => void;
  readonly compare: () => void;
  readonly duplicate: () => void;
  readonly pin: () => void;
  readonly search: () => void;
}

/** Rows a page key moves by. */
const PAGE = 15;

export function useTrialKeys({ chosen, choose, order, open, compare, duplicate, pin, search }: TrialKeysOptions): void {
  const hasRows = (): boolean => order().length > 0;
  const hasCursor = (): boolean => chosen.value.cursor !== null;
  const hasTarget = (): boolean => hasCursor() || chosen.value.selected.size > 0;
  const move = (by: number, extend = false): void => choose(moveCursor(chosen.value, order(), by, extend));
  useShortcuts([
    { keys: 'ArrowDown', when: hasRows, run: () => move(1) },
    { keys: 'ArrowUp', when: hasRows, run: () => move(-1) },
    { keys: 'Shift+ArrowDown', when: hasRows, run: () => move(1, true) },
    { keys: 'Shift+ArrowUp', when: hasRows, run: () => move(-1, true) },
    { keys: 'PageDown', when: hasRows, run: () => move(PAGE) },
    { keys: 'PageUp', when: hasRows, run: () => move(-PAGE) },
    { keys: 'Home', when: hasRows, run: () => move(-order().length) },
    { keys: 'End', when: hasRows, run: () => move(order().length) },
    { keys: 'Ctrl+A', when: hasRows, run: () => choose(toggleAll(chosen.value, order())) },
    {
      keys: 'X',
      when: hasCursor,
      run: () => chosen.value.cursor !== null && choose(toggleRow(chosen.value, chosen.value.cursor)),
    },
    { keys: 'Enter', when: hasTarget, run: open },
    { keys: 'C', when: hasTarget, run: compare },
    { keys: 'D', when: hasTarget, run: duplicate },
    { keys: 'P', when: hasTarget, run: pin },
    { keys: 'F', run: search },
    { keys: '/', run: search },
    {
      keys: 'Escape',
      when: hasTarget,
      run: () => choose({ selected: new Set(), cursor: null, anchor: null }),
    },
  ]);
}
