/** The look at the data set a form has chosen, read anew whenever its source changes. */

import { shallowRef, watch, type ShallowRef } from 'vue';
import type { DataPreview } from '../../electron/contract/data.ts';
import type { DataSource } from '../../engine/spec/run-spec.ts';
import { invoke } from '../bridge/studio.ts';
import { failureOf } from '../text/failure.ts';

/** How long the look at the last data set may stay while the next is read. */
const STALE_AFTER_MS = 200;

export interface UseDataPreviewReturn {
  /** null until it is read, and when it cannot be. */
  readonly preview: Readonly<ShallowRef<DataPreview | null>>;
  readonly loading: Readonly<ShallowRef<boolean>>;
  /** Why the data could not be read, or null. */
  readonly problem: Readonly<ShallowRef<string | null>>;
}

/** Of two sources in quick succession only the later one's answer counts. */
export function useDataPreview(source: () => DataSource): UseDataPreviewReturn {
  const preview = shallowRef<DataPreview | null>(null);
  const loading = shallowRef(false);
  const problem = shallowRef<string | null>(null);
  let latest = 0;
  watch(
    () => JSON.stringify(source()),
    async (text) => {
      const mine = ++latest;
      loading.value = true;
      problem.value = null;
      // The old look under the new name would be a lie; a quick answer replaces it without a flash.
      const late = setTimeout(() => {
        if (mine === latest) preview.value = null;
      }, STALE_AFTER_MS);
      try {
        // A plain copy: reactive proxies cannot cross to the other process.
        const found = await invoke('data:preview', { source: JSON.parse(text) as DataSource });
        if (mine === latest) preview.value = found;
      } catch (error) {
        if (mine !== latest) return;
        preview.value = null;
        problem.value = failureOf(error).detail;
      } finally {
        clearTimeout(late);
        if (mine === latest) loading.value = false;
      }
    },
    { immediate: true },
  );
  return { preview, loading, problem };
}
