/** How a run that was trained once more compares with the first, asked for once it has ended. */

import { shallowRef, watch, type ShallowRef } from 'vue';
import type { RunEquality } from '../../../electron/contract/runs.ts';
import { invoke } from '../../bridge/studio.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import type { RunData } from './use-run-data.ts';

/** null for any other run, while it trains, and when the first is gone. */
export function useEquality(data: RunData): Readonly<ShallowRef<RunEquality | null>> {
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const equality = shallowRef<RunEquality | null>(null);
  watch(
    () => {
      const origin = data.summary.value?.origin;
      const other = origin?.kind === 'repeat' ? origin.id : null;
      return other !== null && data.status.value === 'completed' && runs.byId.has(other) ? other : null;
    },
    async (other) => {
      equality.value = null;
      if (other === null) return;
      try {
        equality.value = await invoke('run:equality', { id: data.id, other });
      } catch (error) {
        notices.problem(error);
      }
    },
    { immediate: true },
  );
  return equality;
}
