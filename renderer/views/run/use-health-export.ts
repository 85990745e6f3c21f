/** The layers' health as a picture (a chart a measure, a line a layer) and as CSV. */

import { useI18n } from 'vue-i18n';
import { HEALTH_MEASURES, type HealthMeasure } from '../../../engine/spec/health.ts';
import { useChartTheme } from '../../charts/chart-theme.ts';
import { float32Text, tableCsv } from '../../charts/export/csv.ts';
import type { Figure } from '../../charts/export/figure.ts';
import type { ChartExport } from '../../charts/export/use-chart-export.ts';
import { lineChartOption } from '../../charts/options/line-option.ts';
import { normsModel } from '../../charts/options/norms.ts';
import { HealthStore } from './health-store.ts';
import type { Health } from './use-health.ts';
import type { Look } from './use-look.ts';
import type { RunData } from './use-run-data.ts';
import { readWholeHealth } from './whole-reads.ts';

const AXES = {
  'gradient-norm': 'log',
  'update-ratio': 'log',
  'activation-mean': 'linear',
  'activation-std': 'linear',
  dead: 'share',
  saturated: 'share',
} as const satisfies Record<HealthMeasure, 'log' | 'linear' | 'share'>;

const PART = { width: 420, height: 260 };

export function useHealthExport(data: RunData, look: Look, health: Health): ChartExport {
  const { t } = useI18n();
  const theme = useChartTheme();
  const slot = (row: number): number => (row % 10) + 1;

  function figure(): Figure | null {
    const layers = health.layers.value;
    const parts = HEALTH_MEASURES.flatMap((measure) => {
      const curves = layers.flatMap((layer, row) => {
        const { steps, values } = health.curve(row, measure);
        return values.every(Number.isNaN) ? [] : [{ id: layer.name, slot: slot(row), steps, norms: values }];
      });
      if (curves.length === 0) return [];
      const model = normsModel({
        curves,
        axis: AXES[measure],
        scale: look.scale.value,
        range: look.range.value,
        closed: look.closed.value,
        width: PART.width,
        hidden: new Set(),
      });
      const title = t(`run.health.measure.${measure}`);
      return [{ title, size: PART, option: lineChartOption(model, theme.value, null) }];
    });
    if (parts.length === 0) return null;
    return {
      title: t('run.health.title'),
      subtitle: data.summary.value?.name ?? '',
      legend: layers.map(({ name }, row) => ({ slot: slot(row), name })),
      parts,
    };
  }

  async function csv(): Promise<Uint8Array<ArrayBuffer>> {
    const whole = new HealthStore();
    whole.replace(await readWholeHealth(data.id));
    const layers = health.layers.value;
    const head = ['step', 'layer', ...HEALTH_MEASURES.map((measure) => measure.replaceAll('-', '_'))];
    const rows: (string | number)[][] = [head];
    whole.samples.steps.forEach((step, i) => {
      layers.forEach(({ name }, row) => {
        const cells = HEALTH_MEASURES.map(
          (measure) => whole.curve(row, measure, layers.length).values[i] ?? Number.NaN,
        );
        // An empty cell is what was not measured.
        rows.push([step, name, ...cells.map((value) => (Number.isNaN(value) ? '' : float32Text(value)))]);
      });
    });
    return tableCsv(rows);
  }

  return { name: () => `${data.summary.value?.name ?? 'run'}-health`, figure, csv };
}
