/** The rows on show: tab, search, sort, and the order that stands still while the pointer is on the table. */

import { useThrottleFn } from '@vueuse/core';
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useRunsViewStore } from '../../stores/runs-view.ts';
import { formatCount } from '../../text/format.ts';
import { keepOrder, searchRuns, sortRuns } from './run-order.ts';

/** Sorting thousands of rows for every frame of the feed would be felt. */
const REORDER_MS = 250;

export const RUN_TABS = ['all', 'starred', 'archived', 'trash'] as const;
export type RunsTab = (typeof RUN_TABS)[number];

export interface UseRunsListReturn {
  /** Rows of each tab before the search. */
  readonly tabs: ComputedRef<Readonly<Record<RunsTab, readonly RunSummary[]>>>;
  /** Ids in the order shown. The rows themselves are read from the store, so that they are always the newest. */
  readonly order: Readonly<ShallowRef<readonly RunId[]>>;
  /** Rows of the tab before the search. */
  readonly total: ComputedRef<number>;
  /** "20 of 148 runs" */
  readonly countText: ComputedRef<string>;
  /** Set while the pointer is on the table: rows then keep their places. */
  readonly reading: ShallowRef<boolean>;
}

export function useRunsList(tab: () => RunsTab): UseRunsListReturn {
  const { t, locale } = useI18n();
  const runs = useRunsStore();
  const view = useRunsViewStore();
  const reading = shallowRef(false);
  const order = shallowRef<readonly RunId[]>([]);
  const tabs = computed(() => ({
    all: runs.listed,
    starred: runs.listed.filter((row) => row.starred),
    archived: runs.archived,
    trash: runs.trash,
  }));
  const source = computed(() => tabs.value[tab()]);

  function wanted(): readonly RunId[] {
    const found = searchRuns(source.value, view.parsed, (status) => t(`frame.status.${status}`));
    return sortRuns(found, view.sort).map((row) => row.id);
  }
  const arrange = (): void => void (order.value = wanted());

  // A choice of the person's is answered at once; news from the feed a few times a second.
  watch([() => view.parsed, () => view.sort, tab, locale], arrange, { immediate: true, flush: 'sync' });
  const followFeed = useThrottleFn(
    () => (order.value = reading.value ? keepOrder(order.value, wanted()) : wanted()),
    REORDER_MS,
    true,
  );
  watch(source, (rows, before) => {
    // Fewer or more rows is something a person did; its answer must not wait.
    if (rows.length !== before.length) order.value = reading.value ? keepOrder(order.value, wanted()) : wanted();
    else void followFeed();
  });
  watch(reading, (now) => {
    if (!now) arrange();
  });

  const total = computed(() => source.value.length);
  const countText = computed(() => {
    const [shown, all] = [order.value.length, total.value];
    if (shown === all) return t('runs.count', { n: formatCount(all) }, all);
    return t('runs.countOf', { n: formatCount(shown), total: formatCount(all) });
  });
  return { tabs, order, total, countText, reading };
}
