/** What the panels of a comparison share. The page provides it once. */

import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import type { CompareActions } from './use-compare-actions.ts';
import type { LaneCurves } from './use-lane-curves.ts';
import type { Measure } from './result.ts';
import type { ComparedRuns } from './use-compared-runs.ts';
import type { CompareLook } from './use-compare-look.ts';
import type { ComparisonPage } from './use-comparison.ts';
import type { ViewSettings } from './view-settings.ts';

export interface CompareContext {
  readonly page: ComparisonPage;
  readonly runs: ComparedRuns;
  readonly look: CompareLook;
  readonly view: ViewSettings;
  readonly curves: LaneCurves;
  readonly actions: CompareActions;
  /** What the second chart and the ranks are about. */
  readonly measure: ShallowRef<Measure>;
  /** Whether the lanes have an accuracy at all. */
  readonly classifies: ComputedRef<boolean>;
  readonly smoothing: ComputedRef<number>;
  readonly chooseSmoothing: (value: number) => void;
  /** The score asked for, a share of 1 or a loss. */
  readonly goal: ComputedRef<number>;
  readonly chooseGoal: (value: number | null) => void;
  /** Lane that stands out while the others fade. */
  readonly highlight: ShallowRef<string | null>;
}

export const COMPARE_CONTEXT: InjectionKey<CompareContext> = Symbol('compare');

export function useCompareContext(): CompareContext {
  const context = inject(COMPARE_CONTEXT);
  if (context === undefined) throw new Error('a comparison panel was used outside of a comparison');
  return context;
}
