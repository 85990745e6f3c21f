/** How many trials have a score, and what to say while there are too few. */

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useAnalysis } from './analysis-context.ts';

export interface UseScoredReturn {
  readonly scored: ComputedRef<number>;
  /** null when there are enough. */
  readonly message: ComputedRef<string | null>;
}

/** @param least scored trials needed */
export function useScored(least: number): UseScoredReturn {
  const { table } = useAnalysis();
  const { t } = useI18n();
  const scored = computed(() => table.value.scores.reduce((sum, score) => sum + (Number.isFinite(score) ? 1 : 0), 0));
  const message = computed(() => {
    if (scored.value >= least) return null;
    const { rows, counts } = table.value;
    if (rows.length === 0) return t('analysis.empty.none');
    if (scored.value === 0 && counts.failed === rows.length) return t('analysis.empty.failed');
    if (scored.value === 0) return t('analysis.empty.unscored');
    return t('analysis.empty.few', { n: scored.value, least });
  });
  return { scored, message };
}
