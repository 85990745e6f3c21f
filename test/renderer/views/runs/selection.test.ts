import { describe, expect, it } from 'vitest';
import type { RunId } from '../../../../engine/spec/ids.ts';
import {
  EMPTY_SELECTION,
  keepShown,
  moveCursor,
  placeCursor,
  selectRange,
  targets,
  toggleAll,
  toggleRow,
} from '../../../../renderer/views/runs/selection.ts';
import { fakeId } from '../../support/fake-runs.ts';

const order = [1, 2, 3, 4, 5].map(fakeId);
const at = (n: number): RunId => fakeId(n);

describe('the keyboard cursor', () => {
  it('enters from the side it moves to and stops at the ends', () => {
    expect(moveCursor(EMPTY_SELECTION, order, 1, false).cursor).toBe(at(1));
    expect(moveCursor(EMPTY_SELECTION, order, -1, false).cursor).toBe(at(5));
    expect(moveCursor(EMPTY_SELECTION, order, 5, false).cursor).toBe(at(5));
    expect(moveCursor(EMPTY_SELECTION, order, -5, false).cursor).toBe(at(1));
    expect(moveCursor(placeCursor(EMPTY_SELECTION, at(5)), order, 1, false).cursor).toBe(at(5));
    expect(moveCursor(placeCursor(EMPTY_SELECTION, at(2)), order, 15, false).cursor).toBe(at(5));
    expect(moveCursor(EMPTY_SELECTION, [], 1, false)).toBe(EMPTY_SELECTION);
  });

  it('selects a stretch with Shift, and shrinks it on the way back', () => {
    let state = placeCursor(EMPTY_SELECTION, at(2));
    state = moveCursor(state, order, 1, true);
    state = moveCursor(state, order, 1, true);
    expect([...state.selected]).toEqual([at(2), at(3), at(4)]);
    state = moveCursor(state, order, -1, true);
    expect([...state.selected]).toEqual([at(2), at(3)]);
    state = moveCursor(state, order, -1, true);
    state = moveCursor(state, order, -1, true);
    expect([...state.selected]).toEqual([at(1), at(2)]);
  });

  it('moves to the next row when its own is gone', () => {
    const state = placeCursor(EMPTY_SELECTION, at(3));
    expect(keepShown(state, order, [at(1), at(2), at(4), at(5)]).cursor).toBe(at(4));
    expect(keepShown(placeCursor(state, at(5)), order, [at(1), at(2)]).cursor).toBe(at(2));
    expect(keepShown(state, order, []).cursor).toBeNull();
  });
});

describe('the selection', () => {
  it('takes ranges, single rows and everything', () => {
    const one = toggleRow(EMPTY_SELECTION, at(2));
    expect([...selectRange(one, order, at(4)).selected]).toEqual([at(2), at(3), at(4)]);
    expect([...toggleRow(one, at(2)).selected]).toEqual([]);
    const all = toggleAll(one, order);
    expect(all.selected.size).toBe(5);
    expect(toggleAll(all, order).selected.size).toBe(0);
    expect(toggleAll(EMPTY_SELECTION, []).selected.size).toBe(0);
  });

  it('never keeps what is no longer shown', () => {
    const all = toggleAll(EMPTY_SELECTION, order);
    expect([...keepShown(all, order, [at(1), at(5)]).selected]).toEqual([at(1), at(5)]);
    expect(keepShown(all, order, order)).toBe(all);
  });

  it('commands go to the selection in the order shown, else to the cursor', () => {
    const state = toggleRow(toggleRow(EMPTY_SELECTION, at(4)), at(1));
    expect(targets(state, order)).toEqual([at(1), at(4)]);
    expect(targets(placeCursor(EMPTY_SELECTION, at(3)), order)).toEqual([at(3)]);
    expect(targets(EMPTY_SELECTION, order)).toEqual([]);
  });
});
