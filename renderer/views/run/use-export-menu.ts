/** The menu of a run's export: whose weights, and in which format. */

import { computed, shallowRef, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { evaluatedWeights } from '../../../engine/spec/run-spec.ts';
import type { MenuItem } from '../../components/ui/menu.ts';
import { formatCount } from '../../text/format.ts';
import type { RunContext } from './run-context.ts';
import { EXPORT_FORMATS } from './use-run-actions.ts';

/** `openCheckpoints` shows the states between best and last. */
export function useExportMenu({ data, actions }: RunContext, openCheckpoints: () => void): ComputedRef<MenuItem[]> {
  const { t } = useI18n();
  /** null: those that are evaluated. */
  const asked = shallowRef<'best' | 'last' | null>(null);
  const bestEpoch = computed(() => data.summary.value?.bestEpoch ?? null);
  const weights = computed<'best' | 'last'>(() => {
    const spec = data.detail.value?.spec;
    if (bestEpoch.value === null || spec === undefined) return 'last';
    return asked.value ?? evaluatedWeights(spec);
  });
  const choice = (which: 'best' | 'last', epoch: number): MenuItem => ({
    key: which,
    label: t(`run.export.choose.${which}`, { epoch: formatCount(epoch) }),
    stays: true,
    testId: `export-${which}`,
    checked: weights.value === which,
    run: () => (asked.value = which),
  });
  const choices = computed<MenuItem[]>(() => {
    if (bestEpoch.value === null) return [];
    return [
      choice('best', bestEpoch.value),
      choice('last', data.summary.value?.epochsDone ?? 0),
      { key: 'other', label: t('run.export.choose.other'), testId: 'export-other', run: openCheckpoints },
    ];
  });
  return computed(() => [
    ...choices.value,
    ...EXPORT_FORMATS.map((format, i) => ({
      key: format,
      label: t(`run.export.format.${format}`),
      testId: `export-${format}`,
      separated: i === 0 && choices.value.length > 0,
      disabled: data.lastStep.value === 0,
      run: () => void actions.exportWeights(format, { weights: weights.value }),
    })),
    {
      key: 'spec',
      label: t('run.export.spec'),
      separated: true,
      testId: 'export-spec',
      run: () => void actions.saveSpec(),
    },
  ]);
}
