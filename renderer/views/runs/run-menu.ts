/** The menu of a row or of the selection; the command palette offers the same. Pure: what is there, not how it looks. */

import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { MenuItem } from '../../components/ui/menu.ts';
import type { RunsTab } from './use-runs-list.ts';

export interface RunMenuActions {
  readonly open: () => void;
  readonly rename: () => void;
  readonly duplicate: () => void;
  readonly sweep: () => void;
  readonly fork: () => void;
  readonly compare: () => void;
  readonly resume: () => void;
  readonly star: () => void;
  readonly tag: () => void;
  readonly project: () => void;
  readonly color: () => void;
  readonly notes: () => void;
  readonly archive: (archived: boolean) => void;
  /** To the trash; in the trash, for good. */
  readonly remove: () => void;
  readonly restore: () => void;
}

export interface RunMenuState {
  readonly rows: readonly RunSummary[];
  readonly tab: RunsTab;
  readonly resumable: number;
  /** One of them trains: it can be neither deleted nor put away. */
  readonly live: boolean;
}

export function runMenu(
  { rows, tab, resumable, live }: RunMenuState,
  actions: RunMenuActions,
  t: (key: string, values?: Record<string, unknown>, n?: number) => string,
): readonly MenuItem[] {
  if (tab === 'trash') {
    return [
      { key: 'restore', label: t('runs.restore'), icon: 'undo', run: actions.restore },
      { key: 'purge', label: t('runs.purge'), icon: 'trash', keyCap: 'Del', danger: true, run: actions.remove },
    ];
  }
  const one = rows.length === 1;
  const starred = rows.length > 0 && rows.every((row) => row.starred);
  const n = rows.length;
  const put = { icon: 'archive', testId: 'menu-archive' } as const;
  return [
    { key: 'open', label: t('runs.open'), icon: 'right', keyCap: 'Enter', disabled: !one, run: actions.open },
    { key: 'rename', label: t('runs.rename'), icon: 'rename', keyCap: 'F2', disabled: !one, run: actions.rename },
    { key: 'duplicate', label: t('runs.duplicate'), icon: 'copy', keyCap: 'D', disabled: !one, run: actions.duplicate },
    {
      key: 'fork',
      label: t('runs.fork'),
      icon: 'fork',
      disabled: !one || (rows[0]?.stepsDone ?? 0) === 0,
      testId: 'menu-fork',
      run: actions.fork,
    },
    {
      key: 'compare',
      label: t('compare.open.action'),
      icon: 'compare',
      keyCap: 'C',
      disabled: rows.length < 2,
      testId: 'menu-compare',
      run: actions.compare,
    },
    {
      key: 'sweep',
      label: t('sweep.form.fromRun'),
      icon: 'sweeps',
      disabled: !one,
      testId: 'menu-sweep',
      run: actions.sweep,
    },
    {
      key: 'resume',
      label: t('runs.resume'),
      icon: 'play',
      disabled: resumable === 0,
      run: actions.resume,
    },
    {
      key: 'star',
      label: starred ? t('runs.unstar') : t('runs.star'),
      icon: 'star',
      keyCap: 'S',
      separated: true,
      testId: 'menu-star',
      run: actions.star,
    },
    { key: 'tag', label: t('runs.editTags'), icon: 'tag', keyCap: 'T', testId: 'menu-tag', run: actions.tag },
    {
      key: 'project',
      label: t('runs.projectEditor.menu'),
      icon: 'folder',
      keyCap: 'P',
      testId: 'menu-project',
      run: actions.project,
    },
    { key: 'color', label: t('runs.colorPicker.menu'), icon: 'drop', testId: 'menu-color', run: actions.color },
    {
      key: 'notes',
      label: t('runs.notes.menu'),
      icon: 'note',
      disabled: !one,
      testId: 'menu-notes',
      run: actions.notes,
    },
    tab === 'archived'
      ? { key: 'archive', label: t('runs.unarchive'), ...put, run: () => actions.archive(false) }
      : { key: 'archive', label: t('runs.archive'), ...put, disabled: live, run: () => actions.archive(true) },
    {
      key: 'delete',
      label: t('runs.moveToTrash', { n }, n),
      icon: 'trash',
      keyCap: 'Del',
      separated: true,
      disabled: live,
      run: actions.remove,
    },
  ];
}
