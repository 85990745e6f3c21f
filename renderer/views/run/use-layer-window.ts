/** Which layers the histogram panels show: as many as fit side by side, both panels the same ones. */

import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';

/** Narrowest useful column of a panel, pixels. */
const NARROWEST = 170;

/** First layer shown; shared by the panels of a page. */
export function createLayerOffset(): ShallowRef<number> {
  return shallowRef(0);
}

export interface LayerWindow<T> {
  readonly shown: ComputedRef<readonly T[]>;
  /** 0 when all layers are shown. */
  readonly hidden: ComputedRef<number>;
  readonly from: ComputedRef<number>;
  readonly total: ComputedRef<number>;
  readonly move: (by: number) => void;
}

export function useLayerWindow<T>(
  layers: () => readonly T[],
  width: () => number,
  offset: ShallowRef<number>,
): LayerWindow<T> {
  // Before the panel has been measured: what fits the narrowest window, so that nothing flashes.
  const room = computed(() => (width() < NARROWEST ? 4 : Math.floor((width() - 12) / NARROWEST)));
  const total = computed(() => layers().length);
  const from = computed(() => Math.max(0, Math.min(offset.value, total.value - room.value)));
  return {
    from,
    total,
    shown: computed(() => layers().slice(from.value, from.value + room.value)),
    hidden: computed(() => Math.max(0, total.value - room.value)),
    move: (by) => {
      offset.value = Math.max(0, Math.min(from.value + by, total.value - room.value));
    },
  };
}
