/** The keyboard in a chart of trials: arrows walk, Enter picks, Escape takes the brushes away. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { brushOf, brushText, stretchOf, type TrialAxis } from '../../../sweep/analysis/axis.ts';
import type { TrialDrawing } from '../../../sweep/analysis/drawing.ts';
import { useSweepContext } from '../../../sweep/sweep-context.ts';
import { useAnalysis } from './analysis-context.ts';
import { trialStateKey } from './trial-words.ts';

/** An end of a brush moves by this share of its axis. */
const STEP = 0.05;

export interface ChartKeys {
  readonly press: (event: KeyboardEvent) => void;
  /** The axis whose brush the arrows move; null while they walk along trials. */
  readonly axis: ComputedRef<number | null>;
  /** What the last key has led to, for those who cannot see it. */
  readonly said: Readonly<ShallowRef<string>>;
}

export function useChartKeys(drawing: ComputedRef<TrialDrawing | null>, keys: () => 'trials' | 'axes'): ChartKeys {
  const { selection } = useSweepContext();
  const { table, kept } = useAnalysis();
  const { t } = useI18n();
  const said = shallowRef('');
  const axisAt = shallowRef<number | null>(null);

  function sayTrial(number: number): void {
    const place = table.value.places.get(number);
    const row = place === undefined ? undefined : table.value.rows[place];
    if (row === undefined) return;
    said.value = t('analysis.said', {
      n: number,
      score: table.value.score.format(row.score ?? undefined),
      state: t(trialStateKey(row.status)),
    });
  }
  function walk(by: number): void {
    const order = (drawing.value?.order ?? []).filter((place) => kept.value?.[place] !== 0);
    const place = selection.hovered.value === null ? undefined : table.value.places.get(selection.hovered.value);
    const at = place === undefined ? -1 : order.indexOf(place);
    const next = at < 0 ? (by > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + by));
    const number = table.value.rows[order[next] ?? -1]?.number;
    if (number === undefined) return;
    selection.hover(number);
    sayTrial(number);
  }
  function axes(): readonly TrialAxis[] {
    return (drawing.value?.brushes ?? []).flatMap(({ y }) => (y === null ? [] : [y]));
  }
  function sayAxis(axis: TrialAxis): void {
    const brush = selection.brushes.value.get(axis.id);
    said.value = `${axis.name}: ${brush === undefined ? t('analysis.parallel.whole') : brushText(axis, brush)}`;
  }
  function walkAxes(by: number): void {
    const count = axes().length;
    axisAt.value = axisAt.value === null ? 0 : Math.min(count - 1, Math.max(0, axisAt.value + by));
    const axis = axes()[axisAt.value];
    if (axis !== undefined) sayAxis(axis);
  }
  function moveEnd(by: number, low: boolean): void {
    const axis = axes()[axisAt.value ?? -1];
    if (axis === undefined) {
      walkAxes(0);
      return;
    }
    const brush = selection.brushes.value.get(axis.id);
    const stretch = brush === undefined ? { min: 0, max: 1 } : stretchOf(axis, brush);
    // One key moves by a whole value of a choice.
    const step = by * (axis.choices === null ? STEP : 1 / axis.choices.length);
    const least = Math.abs(step) / 2;
    const min = low ? Math.min(stretch.max - least, Math.max(0, stretch.min + step)) : stretch.min;
    const max = low ? stretch.max : Math.max(stretch.min + least, Math.min(1, stretch.max + step));
    // A value of a choice that is only touched at its border is not held.
    const border = axis.choices === null ? 0 : 1e-9;
    selection.brush(axis.id, brushOf(axis, min + border, max - border));
    sayAxis(axis);
  }
  function pick(): void {
    if (selection.hovered.value !== null) selection.toggle(selection.hovered.value);
  }
  function clear(): boolean {
    if (selection.brushes.value.size === 0) return false;
    selection.clearBrushes();
    return true;
  }

  const trialKeys = (event: KeyboardEvent): Record<string, (() => void) | undefined> => {
    const far = event.shiftKey ? 10 : 1;
    return {
      ArrowLeft: () => walk(-far),
      ArrowRight: () => walk(far),
      Home: () => walk(-Infinity),
      End: () => walk(Infinity),
    };
  };
  const axisKeys = (event: KeyboardEvent): Record<string, (() => void) | undefined> => ({
    ArrowLeft: () => walkAxes(-1),
    ArrowRight: () => walkAxes(1),
    ArrowUp: () => moveEnd(1, event.shiftKey),
    ArrowDown: () => moveEnd(-1, event.shiftKey),
    PageUp: () => walk(-1),
    PageDown: () => walk(1),
    Delete: () => {
      const axis = axes()[axisAt.value ?? -1];
      if (axis !== undefined) selection.brush(axis.id, null);
    },
  });

  function press(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const own = keys() === 'axes' ? axisKeys(event) : trialKeys(event);
    const action = event.key === 'Enter' ? pick : own[event.key];
    // Escape goes on to the page when there is no brush to take away.
    if (event.key === 'Escape' ? !clear() : action === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key !== 'Escape') action?.();
  }
  return { press, said, axis: computed(() => (keys() === 'axes' ? axisAt.value : null)) };
}
