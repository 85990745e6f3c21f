/** What can be done to runs from the table, each with its way back. */

import { useI18n } from 'vue-i18n';
import { invoke } from '../../bridge/studio.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useUndoStore } from '../../stores/undo.ts';
import { formatBytes } from '../../text/format.ts';
import type { RunId } from '../../../engine/spec/ids.ts';

export interface UseRunCommandsReturn {
  /** To the trash, with Undo. */
  readonly moveToTrash: (ids: readonly RunId[]) => Promise<void>;
  readonly restore: (ids: readonly RunId[]) => Promise<void>;
  /** For good. True when it was done. */
  readonly purge: (ids: readonly RunId[]) => Promise<boolean>;
  readonly rename: (id: RunId, name: string) => Promise<void>;
  /** Goes on from the last checkpoint. */
  readonly resume: (ids: readonly RunId[]) => Promise<void>;
}

export function useRunCommands(): UseRunCommandsReturn {
  const { t } = useI18n();
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const undo = useUndoStore();

  /** Does it and says why when it could not be done. */
  async function attempt(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (error) {
      notices.problem(error);
      return false;
    }
  }

  async function moveToTrash(ids: readonly RunId[]): Promise<void> {
    if (ids.length === 0 || !(await attempt(() => runs.moveToTrash(ids)))) return;
    const entry = { undo: () => runs.restore(ids), redo: () => runs.moveToTrash(ids) };
    undo.push(entry);
    notices.show(t('runs.movedToTrash', { n: ids.length }, ids.length), {
      action: { label: t('frame.undo'), keyCap: 'Ctrl Z', run: () => undo.undo(entry) },
    });
  }

  async function restore(ids: readonly RunId[]): Promise<void> {
    if (ids.length === 0 || !(await attempt(() => runs.restore(ids)))) return;
    undo.push({ undo: () => runs.moveToTrash(ids), redo: () => runs.restore(ids) });
    notices.show(t('runs.restored', { n: ids.length }, ids.length), { kind: 'success' });
  }

  async function purge(ids: readonly RunId[]): Promise<boolean> {
    return attempt(async () => {
      const freed = await runs.purge(ids);
      const values = { n: ids.length, size: formatBytes(freed) };
      notices.show(t('runs.purged', values, ids.length), { kind: 'success' });
    });
  }

  async function rename(id: RunId, name: string): Promise<void> {
    const before = runs.byId.get(id)?.name;
    const wanted = name.trim();
    if (before === undefined || wanted === '' || wanted === before) return;
    if (!(await attempt(() => runs.rename(id, wanted)))) return;
    undo.push({ undo: () => runs.rename(id, before), redo: () => runs.rename(id, wanted) });
  }

  async function resume(ids: readonly RunId[]): Promise<void> {
    for (const id of ids) {
      await attempt(async () => {
        await invoke('run:continue', { id });
      });
    }
  }

  return { moveToTrash, restore, purge, rename, resume };
}
