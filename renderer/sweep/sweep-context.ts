/** What the panels of a sweep's page share. The page provides it once. */

import { inject, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import type { SweepSummary, TrialRow } from '../../electron/contract/sweeps.ts';
import type { SweepId } from '../../engine/spec/ids.ts';
import type { SearchSpace } from '../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { SweepSelection } from './selection.ts';

export interface SweepContext {
  readonly id: SweepId;
  readonly summary: ComputedRef<SweepSummary>;
  /** Never changes, but for the ranges a person sets between rounds. */
  readonly spec: ComputedRef<SweepSpec>;
  /** Every trial that has begun, by number. A new array a few times a second while trials change, never changed in place. */
  readonly trials: Readonly<ShallowRef<readonly TrialRow[]>>;
  /** What each round of `narrow` searches; empty for other samplers. */
  readonly rounds: ComputedRef<readonly SearchSpace[]>;
  readonly selection: SweepSelection;
  /** Opens the run of a trial's first repeat. */
  readonly open: (trial: number) => void;
}

export const SWEEP_CONTEXT: InjectionKey<SweepContext> = Symbol('sweep');

export function useSweepContext(): SweepContext {
  const context = inject(SWEEP_CONTEXT);
  if (context === undefined) throw new Error('a sweep panel was used outside of a sweep page');
  return context;
}
