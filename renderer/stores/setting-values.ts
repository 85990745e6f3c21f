/** Settings of all runs that a query asks for: read from the store when first asked, and again when there are new runs. */

import { useThrottleFn } from '@vueuse/core';
import { defineStore } from 'pinia';
import { shallowRef, watch } from 'vue';
import { invoke } from '../bridge/studio.ts';
import type { SettingMap } from '../query/setting-fields.ts';
import { useNoticesStore } from './notices.ts';
import { useRunsStore } from './runs.ts';

const AGAIN_MS = 1000;

export const useSettingValuesStore = defineStore('setting-values', () => {
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const byPath = shallowRef<ReadonlyMap<string, SettingMap>>(new Map());
  const asked = new Set<string>();

  async function read(path: string): Promise<void> {
    try {
      const { runs: ids, values } = await invoke('setting-values:read', { path });
      const found = new Map(ids.map((id, i) => [id, values[i] ?? '']));
      byPath.value = new Map(byPath.value).set(path, found);
    } catch (error) {
      asked.delete(path);
      notices.problem(error);
    }
  }

  /** Reads those that are not known yet. */
  function want(paths: readonly string[]): void {
    for (const path of paths) {
      if (asked.has(path)) continue;
      asked.add(path);
      void read(path);
    }
  }

  const readAgain = useThrottleFn(() => asked.forEach((path) => void read(path)), AGAIN_MS, true);
  watch(
    () => runs.byId.size,
    () => asked.size > 0 && void readAgain(),
  );

  return { byPath, want };
});
