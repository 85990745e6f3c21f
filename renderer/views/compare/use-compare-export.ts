/** What the page's export menu offers: the result and the settings as tables. Each chart exports itself. */

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { tableCsv } from '../../charts/export/csv.ts';
import { fileName } from '../../charts/export/use-chart-export.ts';
import { invoke } from '../../bridge/studio.ts';
import type { MenuItem } from '../../components/ui/menu.ts';
import { settingsTable } from '../../race/settings-table.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { useRunsStore } from '../../stores/runs.ts';
import { useCompareContext } from './compare-context.ts';

export interface UseCompareExportReturn {
  readonly items: ComputedRef<MenuItem[]>;
  readonly saveResult: () => Promise<void>;
}

type Cell = string | number;

export function useCompareExport(): UseCompareExportReturn {
  const { page, runs } = useCompareContext();
  const { t } = useI18n();
  const store = useRunsStore();
  const notices = useNoticesStore();

  async function save(what: string, rows: readonly (readonly Cell[])[]): Promise<void> {
    try {
      const suggestedName = `${page.comparison.value?.name ?? 'comparison'}-${what}.csv`;
      const saved = await invoke('file:save', { suggestedName, bytes: tableCsv(rows) });
      if (saved !== null) notices.show(t('run.saved', { file: fileName(saved.path) }), { kind: 'success' });
    } catch (error) {
      notices.problem(error);
    }
  }

  /** One row a run, numbers in full. */
  function resultRows(): Cell[][] {
    const head = [
      'lane',
      'run',
      'seed',
      'status',
      'steps',
      'highest_validation_accuracy',
      'highest_accuracy_epoch',
      'lowest_validation_loss',
      'lowest_loss_epoch',
      'last_validation_loss',
      'last_train_loss',
      'training_seconds',
    ];
    const rows = page.lanes.value.flatMap((lane) =>
      lane.runs.flatMap((id): Cell[][] => {
        const row = store.byId.get(id);
        if (row === undefined) return [];
        return [
          [
            lane.name,
            row.number,
            runs.run(id)?.detail.value?.spec.seed ?? '',
            row.status,
            row.stepsDone,
            row.highestValidationAccuracy ?? '',
            row.highestAccuracyEpoch ?? '',
            row.lowestValidationLoss ?? '',
            row.lowestLossEpoch ?? '',
            row.lastValidationLoss ?? '',
            row.lastTrainLoss ?? '',
            row.durationMs / 1000,
          ],
        ];
      }),
    );
    return [head, ...rows];
  }
  function settingRows(): Cell[][] {
    const columns = page.lanes.value.flatMap((lane) => {
      const spec = runs.run(lane.id)?.detail.value?.spec;
      return spec === undefined ? [] : [{ lane, spec }];
    });
    const rows = settingsTable(columns.map((column) => column.spec));
    return [
      ['setting', ...columns.map((column) => column.lane.name)],
      ...rows.map((row) => [row.path, ...row.values.map((value) => (value ?? '').replaceAll('−', '-'))]),
    ];
  }

  const saveResult = (): Promise<void> => save('result', resultRows());
  return {
    saveResult,
    items: computed(() => [
      { key: 'result', label: t('compare.export.result'), testId: 'export-result', run: () => void saveResult() },
      { key: 'settings', label: t('compare.export.settings'), run: () => void save('settings', settingRows()) },
    ]),
  };
}
