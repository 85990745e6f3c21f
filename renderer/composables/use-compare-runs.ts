/** Puts chosen runs side by side: opens the comparison of exactly these, or makes one. */

import { useI18n } from 'vue-i18n';
import { useRouter } from 'vue-router';
import { MAX_COMPARED } from '../../electron/contract/comparisons.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { useComparisonsStore } from '../stores/comparisons.ts';
import { useNoticesStore } from '../stores/notices.ts';
import { useRunsStore } from '../stores/runs.ts';

export interface UseCompareRunsReturn {
  /** Why these cannot be compared, or null. */
  readonly reason: (count: number) => string | null;
  /** `name` for a new comparison; left out, it is made of the runs' names. */
  readonly compare: (ids: readonly RunId[], name?: string) => Promise<void>;
}

export function useCompareRuns(): UseCompareRunsReturn {
  const { t } = useI18n();
  const router = useRouter();
  const runs = useRunsStore();
  const comparisons = useComparisonsStore();
  const notices = useNoticesStore();

  function reason(count: number): string | null {
    if (count < 2) return t('compare.open.tooFew');
    return count > MAX_COMPARED ? t('compare.open.tooMany', { n: MAX_COMPARED }) : null;
  }
  function nameOf(ids: readonly RunId[]): string {
    const [first = '', second = ''] = ids.map((id) => runs.byId.get(id)?.name ?? '');
    const text =
      ids.length === 2
        ? t('compare.open.two', { first, second })
        : t('compare.open.more', { first, n: ids.length - 1 });
    return text.slice(0, 200);
  }
  async function compare(ids: readonly RunId[], name?: string): Promise<void> {
    const problem = reason(ids.length);
    if (problem !== null) {
      notices.show(problem);
      return;
    }
    try {
      const { id } = await comparisons.compare(ids, name ?? nameOf(ids));
      await router.push({ name: 'comparison', params: { id } });
    } catch (error) {
      notices.problem(error);
    }
  }
  return { reason, compare };
}
