/** What the panels of a run's page share. The page provides it once. */

import { inject, type InjectionKey, type ShallowRef } from 'vue';
import type { RunEvaluation } from './use-evaluation.ts';
import type { Look } from './use-look.ts';
import type { RunActions } from './use-run-actions.ts';
import type { RunData } from './use-run-data.ts';

export interface RunContext {
  readonly data: RunData;
  readonly look: Look;
  readonly evaluation: RunEvaluation;
  readonly actions: RunActions;
  /** First layer the histogram panels show. */
  readonly layerOffset: ShallowRef<number>;
}

export const RUN_CONTEXT: InjectionKey<RunContext> = Symbol('run');

export function useRunContext(): RunContext {
  const context = inject(RUN_CONTEXT);
  if (context === undefined) throw new Error('a run panel was used outside of a run page');
  return context;
}
