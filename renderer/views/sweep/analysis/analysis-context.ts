/** What the analysis charts of a sweep share beyond its selection: the trials as columns, and which of them are kept. */

import { watchThrottled } from '@vueuse/core';
import { computed, inject, shallowRef, watch, type ComputedRef, type InjectionKey, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { z } from 'zod';
import type { Mask } from '../../../sweep/analysis/drawing.ts';
import { trialTable, type TrialTable } from '../../../sweep/analysis/trial-table.ts';
import { useSweepContext } from '../../../sweep/sweep-context.ts';
import { savedObject } from '../../../text/saved-object.ts';

/** Charts of few trials follow at once, those of many at a pace they can be read at, milliseconds. */
const PACE = { few: 250, many: 1500, manyFrom: 1000 };
const STORAGE_KEY = 'descent.sweep-analysis';

export const TIME_VIEWS = ['history', 'curves', 'timeline'] as const;
export const CAUSE_VIEWS = ['importance', 'slices', 'scatter', 'contour'] as const;

const viewSchema = z.object({
  time: z.enum(TIME_VIEWS).catch('history'),
  cause: z.enum(CAUSE_VIEWS).catch('importance'),
});
type View = z.infer<typeof viewSchema>;

export interface AnalysisContext {
  readonly table: ComputedRef<TrialTable>;
  /** Rows within every brush; null while nothing is brushed. */
  readonly kept: ComputedRef<Mask>;
  readonly keptCount: ComputedRef<number>;
  readonly view: ShallowRef<View>;
}

export const ANALYSIS_CONTEXT: InjectionKey<AnalysisContext> = Symbol('analysis');

export function useAnalysis(): AnalysisContext {
  const context = inject(ANALYSIS_CONTEXT);
  if (context === undefined) throw new Error('an analysis chart was used outside of the analysis panels');
  return context;
}

export function createAnalysis(): AnalysisContext {
  const { spec, trials, selection } = useSweepContext();
  const { t } = useI18n();
  const rows = shallowRef(trials.value);
  watchThrottled(trials, (next) => (rows.value = next), {
    throttle: () => (trials.value.length >= PACE.manyFrom ? PACE.many : PACE.few),
    trailing: true,
    leading: true,
  });
  const table = computed(() =>
    trialTable(spec.value, rows.value, {
      score: t(`analysis.score.${spec.value.objective.metric}`),
      epochs: t('analysis.axis.epochs'),
      duration: t('analysis.axis.duration'),
    }),
  );
  const kept = computed<Mask>(() => {
    if (selection.brushes.value.size === 0) return null;
    const test = selection.inBrush.value;
    return Uint8Array.from(table.value.rows, (row) => (test(row) ? 1 : 0));
  });
  const view = shallowRef(restoreView(localStorage.getItem(STORAGE_KEY)));
  watch(view, (now) => localStorage.setItem(STORAGE_KEY, JSON.stringify(now)));
  return {
    table,
    kept,
    keptCount: computed(() => kept.value?.reduce((sum, flag) => sum + flag, 0) ?? table.value.rows.length),
    view,
  };
}

/** What was saved, with the usual choice in place of everything that is missing or no longer known. */
export function restoreView(saved: string | null): View {
  return viewSchema.parse(savedObject(saved) ?? {});
}
