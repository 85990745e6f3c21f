/** What can be done with the chosen runs: the menu, and the same in the command palette. */

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import type { MenuItem } from '../../components/ui/menu.ts';
import { usePaletteActions } from '../../composables/use-palette-actions.ts';
import { runMenu, type RunMenuActions, type RunMenuState } from './run-menu.ts';

export function useSelectionMenu(state: () => RunMenuState, actions: RunMenuActions): ComputedRef<readonly MenuItem[]> {
  const { t } = useI18n();
  const menu = computed(() => runMenu(state(), actions, t));

  /** In the palette an action says what it is for. */
  function forSelection(action: string): string {
    const { rows } = state();
    const [first, ...more] = rows;
    if (first !== undefined && more.length === 0)
      return t('runs.onRun', { action, name: first.name, number: first.number });
    return t('runs.onSelection', { action, n: rows.length });
  }
  usePaletteActions(
    computed(() =>
      menu.value
        .filter((item) => state().rows.length > 0 && item.disabled !== true)
        .map(({ key, label, icon = 'runs', run }) => ({
          key: `selection-${key}`,
          label: forSelection(key === 'delete' ? t('runs.delete') : label),
          icon,
          run,
        })),
    ),
  );
  return menu;
}
