/** What the runs page looked like when it was left: a person who comes back finds it so, also after a restart. */

import { defineStore } from 'pinia';
import { computed, shallowRef, watch } from 'vue';
import { parseQueryOn } from '../query/parse.ts';
import { OFFERED_FIELDS, settingPathsIn, withSettings } from '../query/setting-fields.ts';
import type { ColumnWidths, RunColumn } from '../views/runs/columns.ts';
import type { RunSort } from '../views/runs/run-order.ts';
import { useSettingValuesStore } from './setting-values.ts';
import { restoreView, type RunsViewState } from '../views/runs/view-state.ts';

const STORAGE_KEY = 'descent.runs-view';

export const useRunsViewStore = defineStore('runs-view', () => {
  const settings = useSettingValuesStore();
  const saved = restoreView(localStorage.getItem(STORAGE_KEY));
  const query = shallowRef(saved.query);
  const sort = shallowRef<RunSort | null>(saved.sort);
  const columns = shallowRef<readonly RunColumn[]>(saved.columns);
  const widths = shallowRef<ColumnWidths>(saved.widths);
  const scrollTop = shallowRef(0);
  /** The query as it is understood. */
  const parsed = computed(() => parseQueryOn(query.value, withSettings(query.value, settings.byPath)));
  watch(query, (text) => settings.want(settingPathsIn(text)), { immediate: true, flush: 'sync' });

  watch([query, sort, columns, widths], () => {
    const state: RunsViewState = {
      query: query.value,
      sort: sort.value,
      columns: columns.value,
      widths: widths.value,
    };
    localStorage.setItem(STORAGE_KEY, JSON.stringify(state));
  });

  return { query, parsed, fields: OFFERED_FIELDS, sort, columns, widths, scrollTop };
});
