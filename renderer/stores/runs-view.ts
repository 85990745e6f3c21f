/** What the runs page looked like when it was left: a person who comes back finds it so. */

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { RunSort } from '../views/runs/run-order.ts';

export const useRunsViewStore = defineStore('runs-view', () => {
  const query = shallowRef('');
  const sort = shallowRef<RunSort | null>(null);
  const scrollTop = shallowRef(0);
  return { query, sort, scrollTop };
});
