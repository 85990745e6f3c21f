/** The data sets on board: read once, they do not change while the app runs. */

import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { DataSetInfo } from '../../electron/contract/data.ts';
import { invoke } from '../bridge/studio.ts';

export const useDataSetsStore = defineStore('data-sets', () => {
  const list = shallowRef<readonly DataSetInfo[]>([]);
  const state = shallowRef<'loading' | 'ready' | 'error'>('loading');
  const failure = shallowRef<unknown>(null);

  async function load(): Promise<void> {
    try {
      list.value = await invoke('data:list');
      state.value = 'ready';
      failure.value = null;
    } catch (error) {
      failure.value = error;
      state.value = 'error';
    }
  }

  return { list, state, failure, load };
});
