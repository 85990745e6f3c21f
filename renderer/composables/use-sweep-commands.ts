/** Commands on sweeps that the list and a sweep's page share: each can be undone, each failure is told. */

import { useI18n } from 'vue-i18n';
import type { SweepId } from '../../engine/spec/ids.ts';
import { useNoticesStore } from '../stores/notices.ts';
import { useSweepsStore } from '../stores/sweeps.ts';
import { useUndoStore } from '../stores/undo.ts';
import { formatBytes } from '../text/format.ts';

export interface UseSweepCommandsReturn {
  readonly rename: (id: SweepId, name: string) => Promise<void>;
  /** False when it was refused. */
  readonly moveToTrash: (ids: readonly SweepId[]) => Promise<boolean>;
  readonly restore: (ids: readonly SweepId[]) => Promise<void>;
  readonly purge: (ids: readonly SweepId[]) => Promise<void>;
  readonly control: (id: SweepId, action: 'pause' | 'resume' | 'stop') => Promise<void>;
}

export function useSweepCommands(): UseSweepCommandsReturn {
  const { t } = useI18n();
  const store = useSweepsStore();
  const undo = useUndoStore();
  const notices = useNoticesStore();

  async function attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      notices.problem(error);
      return false;
    }
  }

  return {
    rename: async (id, name) => {
      const before = store.byId.get(id)?.name;
      const wanted = name.trim();
      if (before === undefined || wanted === '' || wanted === before) return;
      if (!(await attempt(() => store.rename(id, wanted)))) return;
      undo.push({ undo: () => store.rename(id, before), redo: () => store.rename(id, wanted) });
    },
    moveToTrash: async (ids) => {
      if (ids.length === 0 || !(await attempt(() => store.moveToTrash(ids)))) return false;
      const entry = { undo: () => store.restore(ids), redo: () => store.moveToTrash(ids) };
      undo.push(entry);
      notices.show(t('sweep.movedToTrash', { n: ids.length }, ids.length), {
        action: { label: t('frame.undo'), keyCap: 'Ctrl Z', run: () => undo.undo(entry) },
      });
      return true;
    },
    restore: async (ids) => {
      if (ids.length === 0 || !(await attempt(() => store.restore(ids)))) return;
      undo.push({ undo: () => store.moveToTrash(ids), redo: () => store.restore(ids) });
    },
    purge: async (ids) => {
      await attempt(async () => {
        const size = formatBytes(await store.purge(ids));
        notices.show(t('sweep.purged', { n: ids.length, size }, ids.length), { kind: 'success' });
      });
    },
    control: async (id, action) => {
      await attempt(() => store.control(id, action));
    },
  };
}
