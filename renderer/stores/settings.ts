/** Settings and what the app says about itself; applies theme and language as they change. */

import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { AppInfo, Settings } from '../../electron/contract/settings.ts';
import { invoke } from '../bridge/studio.ts';
import { applyLanguage } from '../i18n.ts';
import { chooseLanguage } from '../locales/messages.ts';
import { applyTheme } from '../theme.ts';
import { useNoticesStore } from './notices.ts';

const BEFORE_LOADING: Settings = {
  theme: 'system',
  language: 'system',
  kernels: 'auto',
  workers: null,
  navigationFolded: false,
};

export const useSettingsStore = defineStore('settings', () => {
  const settings = shallowRef<Settings>(BEFORE_LOADING);
  const info = shallowRef<AppInfo | null>(null);
  const language = computed(() =>
    chooseLanguage(settings.value.language, info.value?.locale ?? globalThis.navigator.language),
  );
  const readOnly = computed(() => info.value?.readOnly ?? false);
  let stopFollowing: () => void = () => undefined;

  function apply(next: Settings): void {
    settings.value = next;
    stopFollowing();
    stopFollowing = applyTheme(next.theme);
    applyLanguage(language.value);
  }

  /** Reads both; on failure the defaults stay and a toast says why, so that the window opens all the same. */
  async function load(): Promise<void> {
    apply(settings.value);
    try {
      const [loadedInfo, loadedSettings] = await Promise.all([invoke('app:info'), invoke('settings:get')]);
      info.value = loadedInfo;
      apply(loadedSettings);
    } catch (error) {
      useNoticesStore().problem(error);
    }
  }

  /** Reads the app's facts again (database size, warnings). */
  async function refreshInfo(): Promise<void> {
    info.value = await invoke('app:info');
  }

  /** Changes at once and saves; goes back and says why when it could not be saved. */
  async function change(patch: Partial<Settings>): Promise<void> {
    const before = settings.value;
    apply({ ...before, ...patch });
    try {
      apply(await invoke('settings:set', patch));
      // The main process words its warnings in the language of the moment.
      if (settings.value.language !== before.language) await refreshInfo();
    } catch (error) {
      apply(before);
      useNoticesStore().problem(error);
    }
  }

  return { settings, info, language, readOnly, load, refreshInfo, change };
});
