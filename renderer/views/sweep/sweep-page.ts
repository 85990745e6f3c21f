/** What the page's own parts share beside the context of the analysis panels. */

import { inject, type ComputedRef, type InjectionKey } from 'vue';
import type { SweepDetail } from '../../../electron/contract/sweeps.ts';
import type { SweepContext } from '../../sweep/sweep-context.ts';
import type { Leaderboard } from './use-leaderboard.ts';
import type { SweepActions } from './use-sweep-actions.ts';
import type { SweepCurves } from './use-sweep-curves.ts';
import type { SweepData } from './use-sweep-data.ts';

export interface SweepPageContext extends SweepContext {
  readonly data: SweepData;
  readonly detail: ComputedRef<SweepDetail>;
  readonly board: Leaderboard;
  readonly actions: SweepActions;
  readonly curves: SweepCurves;
}

export const SWEEP_PAGE: InjectionKey<SweepPageContext> = Symbol('sweep-page');

export function useSweepPage(): SweepPageContext {
  const context = inject(SWEEP_PAGE);
  if (context === undefined) throw new Error('a part of a sweep page was used outside of one');
  return context;
}
