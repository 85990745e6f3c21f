/** What a page adds to the command palette while it is open: actions on its selection come before all others. */

import { tryOnScopeDispose } from '@vueuse/core';
import { computed, shallowRef, type ComputedRef } from 'vue';
import type { PaletteCommand } from '../components/frame/palette-entries.ts';

const sources = shallowRef<readonly ComputedRef<readonly PaletteCommand[]>[]>([]);

/** All actions pages offer now. */
export const pageActions = computed(() => sources.value.flatMap((source) => source.value));

/** Offers `actions` until the component's scope ends. */
export function usePaletteActions(actions: ComputedRef<readonly PaletteCommand[]>): void {
  sources.value = [...sources.value, actions];
  tryOnScopeDispose(() => (sources.value = sources.value.filter((source) => source !== actions)));
}
