/** True while something a person drags or turns changes from frame to frame, until it has rested for a moment. */

import { useDebounceFn } from '@vueuse/core';
import { shallowRef, watch, type ShallowRef } from 'vue';

const REST_MS = 150;

/** @param source what moves; undefined while it does not count */
export function useMoving(source: () => unknown): Readonly<ShallowRef<boolean>> {
  const moving = shallowRef(false);
  const rest = useDebounceFn(() => (moving.value = false), REST_MS);
  watch(
    source,
    (now) => {
      moving.value = now !== undefined;
      void rest();
    },
    { flush: 'sync' },
  );
  return moving;
}
