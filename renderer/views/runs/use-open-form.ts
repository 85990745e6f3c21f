/** Ways from the runs table to the forms. */

import type { Ref } from 'vue';
import { useRouter } from 'vue-router';
import type { RunId } from '../../../engine/spec/ids.ts';

export interface OpenForm {
  readonly newRun: () => void;
  /** On the first chosen run's settings. */
  readonly duplicate: () => void;
  /** A search that starts from the first chosen run's settings. */
  readonly sweep: () => void;
  /** To go on from the first chosen run's last checkpoint. */
  readonly fork: () => void;
}

export function useOpenForm(chosen: Readonly<Ref<readonly RunId[]>>): OpenForm {
  const router = useRouter();
  const on = (name: 'new-run' | 'new-sweep', how: 'from' | 'fork') => (): void => {
    const [id] = chosen.value;
    if (id !== undefined) void router.push({ name, query: { [how]: id } });
  };
  return {
    newRun: () => void router.push({ name: 'new-run' }),
    duplicate: on('new-run', 'from'),
    fork: on('new-run', 'fork'),
    sweep: on('new-sweep', 'from'),
  };
}
