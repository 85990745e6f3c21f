/** The menu of a row or of the selected trials; the command palette offers the same. Pure. */

import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import type { MenuItem } from '../../components/ui/menu.ts';

export interface TrialMenuActions {
  readonly open: () => void;
  readonly compare: () => void;
  readonly duplicate: () => void;
  readonly pin: () => void;
  readonly exportWeights: () => void;
  readonly stop: () => void;
  readonly retry: () => void;
  readonly promote: () => void;
}

type Translate = (key: string, values?: Record<string, unknown>, n?: number) => string;

export function trialMenu(
  rows: readonly TrialRow[],
  { pinned, readOnly }: { readonly pinned: boolean; readonly readOnly: boolean },
  actions: TrialMenuActions,
  t: Translate,
): readonly MenuItem[] {
  const [first] = rows;
  const one = rows.length === 1 && first !== undefined;
  const hasRun = one && first.runs.length > 0;
  const every = (...statuses: readonly TrialRow['status'][]): boolean =>
    rows.length > 0 && rows.every((row) => statuses.includes(row.status));
  return [
    {
      key: 'open',
      label: t('sweep.trial.open'),
      icon: 'right',
      keyCap: 'Enter',
      disabled: !hasRun,
      testId: 'trial-open',
      run: actions.open,
    },
    {
      key: 'compare',
      label: t('compare.open.action'),
      icon: 'compare',
      keyCap: 'C',
      disabled: rows.length < 2,
      testId: 'trial-compare',
      run: actions.compare,
    },
    {
      key: 'duplicate',
      label: t('sweep.trial.duplicate'),
      icon: 'copy',
      keyCap: 'D',
      disabled: !hasRun,
      testId: 'trial-duplicate',
      run: actions.duplicate,
    },
    {
      key: 'pin',
      label: t(pinned ? 'sweep.trial.unpin' : 'sweep.trial.pin'),
      icon: 'pin',
      keyCap: 'P',
      disabled: rows.length === 0,
      testId: 'trial-pin',
      run: actions.pin,
    },
    {
      key: 'export',
      label: t('sweep.trial.exportWeights'),
      icon: 'export',
      disabled: !hasRun,
      testId: 'trial-export',
      run: actions.exportWeights,
    },
    {
      key: 'stop',
      label: t('sweep.trial.stop'),
      icon: 'stop',
      separated: true,
      disabled: !every('running', 'queued') || readOnly,
      testId: 'trial-stop',
      run: actions.stop,
    },
    {
      key: 'retry',
      label: t('sweep.trial.retry'),
      icon: 'play',
      disabled: !every('pruned', 'failed') || readOnly,
      testId: 'trial-retry',
      run: actions.retry,
    },
    {
      key: 'promote',
      label: t('sweep.trial.promote'),
      icon: 'star',
      disabled: !one || first.status !== 'completed' || readOnly,
      testId: 'trial-promote',
      run: actions.promote,
    },
  ];
}
