/** Sees to it that the rows of some runs are there, also of trials, which are not among the runs that are listed. */

import { watch } from 'vue';
import type { RunId } from '../../engine/spec/ids.ts';
import { useNoticesStore } from '../stores/notices.ts';
import { useRunsStore } from '../stores/runs.ts';

export function useKnownRuns(ids: () => readonly RunId[]): void {
  const runs = useRunsStore();
  const notices = useNoticesStore();
  watch(
    [ids, () => runs.state],
    ([wanted, state]) => {
      if (state === 'ready') runs.know(wanted).catch((error: unknown) => notices.problem(error));
    },
    { immediate: true },
  );
}
