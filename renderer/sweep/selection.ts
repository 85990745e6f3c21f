/** Which trials of a sweep are picked, pointed at and brushed: one state for the leaderboard and every analysis chart. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import type { TrialRow } from '../../electron/contract/sweeps.ts';
import { sameValue, type ParamValue } from '../../engine/spec/search-space.ts';

/** The axis of the objective beside those of the parameters, which are called by their paths. */
export const SCORE_AXIS = 'score';

/** What is held on to along one axis: a stretch of numbers, both ends included, or some values of a choice. */
export type Brush =
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'values'; readonly values: readonly ParamValue[] };

export type TrialTest = (row: TrialRow) => boolean;

export interface SweepSelection {
  /** Numbers of the picked trials. */
  readonly selected: Readonly<ShallowRef<ReadonlySet<number>>>;
  /** The trial below the pointer, in whichever panel. */
  readonly hovered: Readonly<ShallowRef<number | null>>;
  /** By axis: a parameter's path or SCORE_AXIS. An axis without a brush is not in it. */
  readonly brushes: Readonly<ShallowRef<ReadonlyMap<string, Brush>>>;
  /** Whether a trial lies within every brush; true for all without one. */
  readonly inBrush: ComputedRef<TrialTest>;
  /** Picks exactly these. */
  readonly select: (numbers: Iterable<number>) => void;
  /** Adds or takes away one. */
  readonly toggle: (number: number) => void;
  readonly hover: (number: number | null) => void;
  /** Brushes an axis anew; null takes its brush away. */
  readonly brush: (axis: string, brush: Brush | null) => void;
  readonly clearBrushes: () => void;
}

/** The value of a trial on an axis; undefined where it has none (a condition that failed, no score). */
export function valueOnAxis(row: TrialRow, axis: string): ParamValue | undefined {
  return axis === SCORE_AXIS ? (row.score ?? undefined) : row.params[axis];
}

/** A trial without a value on the axis is outside of every brush on it. */
export function withinBrush(brush: Brush, value: ParamValue | undefined): boolean {
  if (value === undefined) return false;
  if (brush.kind === 'values') return brush.values.some((one) => sameValue(one, value));
  return typeof value === 'number' && value >= brush.from && value <= brush.to;
}

export function createSelection(): SweepSelection {
  const selected = shallowRef<ReadonlySet<number>>(new Set());
  const hovered = shallowRef<number | null>(null);
  const brushes = shallowRef<ReadonlyMap<string, Brush>>(new Map());
  const inBrush = computed<TrialTest>(() => {
    const all = [...brushes.value];
    return (row) => all.every(([axis, brush]) => withinBrush(brush, valueOnAxis(row, axis)));
  });
  return {
    selected,
    hovered,
    brushes,
    inBrush,
    select: (numbers) => (selected.value = new Set(numbers)),
    toggle: (number) => {
      const next = new Set(selected.value);
      if (!next.delete(number)) next.add(number);
      selected.value = next;
    },
    hover: (number) => (hovered.value = number),
    brush: (axis, brush) => {
      const next = new Map(brushes.value);
      if (brush === null) next.delete(axis);
      else next.set(axis, brush);
      brushes.value = next;
    },
    clearBrushes: () => (brushes.value = new Map()),
  };
}
