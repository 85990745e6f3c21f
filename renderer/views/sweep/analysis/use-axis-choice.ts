/** Two axes a person chooses, kept while they exist. */

import { computed, shallowRef, type ComputedRef, type WritableComputedRef } from 'vue';
import type { TrialAxis } from '../../../sweep/analysis/axis.ts';

export interface UseAxisChoiceReturn {
  readonly x: ComputedRef<TrialAxis | null>;
  readonly y: ComputedRef<TrialAxis | null>;
  readonly xId: WritableComputedRef<string>;
  readonly yId: WritableComputedRef<string>;
  readonly options: ComputedRef<{ readonly value: string; readonly label: string }[]>;
}

/**
 * @param axes to choose from; two different ones are never the same: choosing the other's swaps them
 * @param fallback index of the axis that is shown first for y
 */
export function useAxisChoice(axes: () => readonly TrialAxis[], fallback: () => number): UseAxisChoiceReturn {
  const chosen = shallowRef<{ readonly x: string | null; readonly y: string | null }>({ x: null, y: null });
  const find = (id: string | null): TrialAxis | undefined => axes().find((axis) => axis.id === id);
  const x = computed(() => find(chosen.value.x) ?? axes()[0] ?? null);
  const y = computed(() => {
    const wanted = find(chosen.value.y) ?? axes()[fallback()];
    if (wanted !== undefined && wanted.id !== x.value?.id) return wanted;
    return axes().find((axis) => axis.id !== x.value?.id) ?? null;
  });
  const choose = (which: 'x' | 'y', id: string): void => {
    const now = { x: x.value?.id ?? null, y: y.value?.id ?? null };
    const other = which === 'x' ? 'y' : 'x';
    chosen.value = { ...now, [other]: now[other] === id ? now[which] : now[other], [which]: id };
  };
  return {
    x,
    y,
    xId: computed({ get: () => x.value?.id ?? '', set: (id) => choose('x', id) }),
    yId: computed({ get: () => y.value?.id ?? '', set: (id) => choose('y', id) }),
    options: computed(() => axes().map(({ id, name }) => ({ value: id, label: name }))),
  };
}
