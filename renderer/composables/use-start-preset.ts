/** Starts a ready-made run with one click and opens its page. */

import { shallowRef, type ShallowRef } from 'vue';
import { useRouter } from 'vue-router';
import { PRESETS, type PresetName } from '../presets.ts';
import { useNoticesStore } from '../stores/notices.ts';
import { useRunsStore } from '../stores/runs.ts';

export interface UseStartPresetReturn {
  /** True from the click until the page opens or the start failed (a toast says why). */
  readonly starting: Readonly<ShallowRef<boolean>>;
  readonly start: (name: PresetName) => Promise<void>;
}

export function useStartPreset(): UseStartPresetReturn {
  const router = useRouter();
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const starting = shallowRef(false);

  async function start(name: PresetName): Promise<void> {
    if (starting.value) return;
    starting.value = true;
    try {
      const id = await runs.start(PRESETS[name]);
      await router.push({ name: 'run', params: { id } });
    } catch (error) {
      notices.problem(error);
    } finally {
      starting.value = false;
    }
  }

  return { starting, start };
}
