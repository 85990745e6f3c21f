/** What can be done to runs from the table, each with its way back. */

import { useI18n } from 'vue-i18n';
import { invoke } from '../../bridge/studio.ts';
import { useInexactStore } from '../../stores/inexact.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useUndoStore } from '../../stores/undo.ts';
import { formatBytes } from '../../text/format.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';

const idsOf = (rows: readonly RunSummary[]): readonly RunId[] => rows.map((row) => row.id);

export interface UseRunCommandsReturn {
  /** To the trash, with Undo. */
  readonly moveToTrash: (ids: readonly RunId[]) => Promise<void>;
  readonly restore: (ids: readonly RunId[]) => Promise<void>;
  /** For good. True when it was done. */
  readonly purge: (ids: readonly RunId[]) => Promise<boolean>;
  readonly rename: (id: RunId, name: string) => Promise<void>;
  /** Stars all of them; takes the star away when all had one. */
  readonly star: (ids: readonly RunId[]) => Promise<void>;
  readonly archive: (ids: readonly RunId[], archived: boolean) => Promise<void>;
  /** One of the ten run colours; null: back to the one its number gives it. */
  readonly color: (ids: readonly RunId[], color: number | null) => Promise<void>;
  /** '' takes them out of their projects. */
  readonly project: (ids: readonly RunId[], project: string) => Promise<void>;
  readonly tag: (ids: readonly RunId[], change: 'add' | 'remove', tag: string) => Promise<void>;
  /** Saves without a way back, while somebody types; `wroteNotes` gives it when they are done. */
  readonly writeNotes: (id: RunId, notes: string) => Promise<void>;
  readonly wroteNotes: (id: RunId, before: string) => void;
  /** Goes on from the last checkpoint. */
  readonly resume: (ids: readonly RunId[]) => Promise<void>;
}

export function useRunCommands(): UseRunCommandsReturn {
  const { t } = useI18n();
  const runs = useRunsStore();
  const notices = useNoticesStore();
  const undo = useUndoStore();
  const inexact = useInexactStore();

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

  const rowsOf = (ids: readonly RunId[]): readonly RunSummary[] => ids.flatMap((id) => runs.byId.get(id) ?? []);

  async function star(ids: readonly RunId[]): Promise<void> {
    const starred = rowsOf(ids).some((row) => !row.starred);
    // Only what changes: Undo must not take a star that was there before.
    const changed = idsOf(rowsOf(ids).filter((row) => row.starred !== starred));
    if (changed.length === 0 || !(await attempt(() => runs.mark(changed, { starred })))) return;
    undo.push({
      undo: () => runs.mark(changed, { starred: !starred }),
      redo: () => runs.mark(changed, { starred }),
    });
  }

  async function archive(ids: readonly RunId[], archived: boolean): Promise<void> {
    const changed = idsOf(rowsOf(ids).filter((row) => (row.archivedAt !== null) !== archived));
    if (changed.length === 0 || !(await attempt(() => runs.mark(changed, { archived })))) return;
    const entry = {
      undo: () => runs.mark(changed, { archived: !archived }),
      redo: () => runs.mark(changed, { archived }),
    };
    undo.push(entry);
    const n = changed.length;
    notices.show(archived ? t('runs.archivedNotice', { n }, n) : t('runs.unarchivedNotice', { n }, n), {
      action: { label: t('frame.undo'), keyCap: 'Ctrl Z', run: () => undo.undo(entry) },
    });
  }

  async function tag(ids: readonly RunId[], change: 'add' | 'remove', name: string): Promise<void> {
    const changed = idsOf(rowsOf(ids).filter((row) => row.tags.includes(name) !== (change === 'add')));
    const add = (): Promise<void> => runs.mark(changed, { addTags: [name] });
    const remove = (): Promise<void> => runs.mark(changed, { removeTags: [name] });
    const [redo, back] = change === 'add' ? [add, remove] : [remove, add];
    if (changed.length === 0 || !(await attempt(redo))) return;
    undo.push({ undo: back, redo });
  }

  /** Gives all of them one value; Undo gives each back its own. */
  async function give<K extends 'color' | 'project'>(
    ids: readonly RunId[],
    field: K,
    value: RunSummary[K],
  ): Promise<void> {
    const changed = rowsOf(ids).filter((row) => row[field] !== value);
    const redo = (): Promise<void> => runs.mark(idsOf(changed), { [field]: value });
    if (changed.length === 0 || !(await attempt(redo))) return;
    const before = new Map<RunSummary[K], RunId[]>();
    for (const row of changed) before.set(row[field], [...(before.get(row[field]) ?? []), row.id]);
    undo.push({
      undo: async () => {
        for (const [was, theirs] of before) await runs.mark(theirs, { [field]: was });
      },
      redo,
    });
  }

  async function writeNotes(id: RunId, text: string): Promise<void> {
    await attempt(() => runs.mark([id], { notes: text }));
  }

  function wroteNotes(id: RunId, before: string): void {
    const after = runs.byId.get(id)?.notes;
    if (after === undefined || after === before) return;
    undo.push({ undo: () => runs.mark([id], { notes: before }), redo: () => runs.mark([id], { notes: after }) });
  }

  async function resume(ids: readonly RunId[]): Promise<void> {
    for (const id of ids) {
      await attempt(async () => {
        await inexact.attempt((goOn) => invoke('run:continue', { id, inexact: goOn }));
      });
    }
  }

  return {
    moveToTrash,
    restore,
    purge,
    rename,
    star,
    archive,
    tag,
    color: (ids, color) => give(ids, 'color', color),
    project: (ids, project) => give(ids, 'project', project),
    writeNotes,
    wroteNotes,
    resume,
  };
}
