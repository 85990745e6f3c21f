/** Deleting runs for good, which is asked for first. */

import { shallowRef, type ShallowRef } from 'vue';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { UseRunCommandsReturn } from './use-run-commands.ts';

export interface UsePurgeReturn {
  /** The runs a person is asked about, or null. */
  readonly asked: Readonly<ShallowRef<{ readonly ids: readonly RunId[]; readonly everything: boolean } | null>>;
  readonly busy: Readonly<ShallowRef<boolean>>;
  readonly ask: (ids: readonly RunId[], everything: boolean) => void;
  /** The answers to that. */
  readonly confirm: () => Promise<void>;
  readonly cancel: () => void;
}

export function usePurge(commands: UseRunCommandsReturn): UsePurgeReturn {
  const asked = shallowRef<UsePurgeReturn['asked']['value']>(null);
  const busy = shallowRef(false);
  return {
    asked,
    busy,
    ask: (ids, everything) => {
      if (ids.length > 0) asked.value = { ids, everything };
    },
    confirm: async () => {
      if (asked.value === null) return;
      busy.value = true;
      await commands.purge(asked.value.ids);
      busy.value = false;
      asked.value = null;
    },
    cancel: () => {
      asked.value = null;
    },
  };
}
