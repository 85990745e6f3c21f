/** Says yes only after something has been so for a while: a skeleton that would flash is not shown at all. */

import { tryOnScopeDispose } from '@vueuse/core';
import { shallowRef, toValue, watch, type MaybeRefOrGetter, type ShallowRef } from 'vue';

/** True once `condition` has held for `afterMs` without a break; false the moment it ends. */
export function useDelayed(condition: MaybeRefOrGetter<boolean>, afterMs: number): Readonly<ShallowRef<boolean>> {
  const late = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    () => toValue(condition),
    (holds) => {
      clearTimeout(timer);
      if (holds) timer = setTimeout(() => (late.value = true), afterMs);
      else late.value = false;
    },
    { immediate: true },
  );
  tryOnScopeDispose(() => clearTimeout(timer));
  return late;
}
