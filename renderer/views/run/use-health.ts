/** The layers' health as the panels show it: rows, lights, and what is the matter in words. */

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { rateShare } from '../../../engine/schedules/rate-share.ts';
import { healthLayers, type HealthLayer, type HealthMeasure } from '../../../engine/spec/health.ts';
import {
  judgeHealth,
  worstHealth,
  type HealthFinding,
  type HealthLevel,
  type LayerHealth,
} from '../../../engine/spec/health-verdict.ts';
import { isRefused } from '../../../engine/spec/last-gradient.ts';
import { expandLayers } from '../../../engine/spec/run-spec.ts';
import type { StateShapeName, StateTone } from '../../components/ui/state-shapes.ts';
import { formatCount, formatNumber, formatPercent } from '../../text/format.ts';
import type { HealthCurve } from './health-store.ts';
import type { Look } from './use-look.ts';
import type { RunData } from './use-run-data.ts';

export const LIGHTS: Readonly<Record<HealthLevel, { readonly shape: StateShapeName; readonly tone: StateTone }>> = {
  good: { shape: 'disc', tone: 'ok' },
  look: { shape: 'triangle', tone: 'warn' },
  broken: { shape: 'octagon', tone: 'danger' },
};

/** Most rows the engine looks at; see `PROBED_ROWS` of the trainer. */
const MOST_ROWS = 128;

export interface Health {
  readonly layers: ComputedRef<readonly HealthLayer[]>;
  /** At the step looked at; null without a sample. */
  readonly judged: ComputedRef<readonly LayerHealth[] | null>;
  /** The step of that sample. */
  readonly step: ComputedRef<number | null>;
  /** True when its gradients are those of the update that was refused: the run diverged there. */
  readonly refused: ComputedRef<boolean>;
  readonly worst: ComputedRef<LayerHealth | null>;
  /** Rows whose activations are looked at. */
  readonly rows: ComputedRef<number>;
  readonly curve: (row: number, measure: HealthMeasure) => HealthCurve;
  /** "62% of its units never fire: …", after the layer's name and without. */
  readonly sentence: (name: string, finding: HealthFinding) => string;
  readonly reason: (finding: HealthFinding) => string;
  readonly figure: (measure: HealthMeasure, value: number) => string;
}

export function useHealth(data: RunData, look: Look): Health {
  const { t } = useI18n();
  data.wantHealth();
  const spec = computed(() => data.detail.value?.spec ?? null);
  const layers = computed(() => (spec.value === null ? [] : healthLayers(expandLayers(spec.value.model.layers))));
  const judged = computed(() => {
    const now = look.step.value;
    if (spec.value === null) return null;
    const share = rateShare(spec.value, now, data.summary.value?.stepsPlanned ?? 1);
    return judgeHealth(data.health(), layers.value, now, share);
  });
  function reason({ sign, value }: HealthFinding): string {
    return t(`run.health.sign.${sign}`, { share: formatCount(100 * value), value: formatNumber(value, 2) });
  }
  const sample = computed(() => data.health().steps.findLastIndex((step) => step <= look.step.value));
  const refused = computed(() => {
    if (data.status.value !== 'diverged' || spec.value === null) return false;
    const stepsDone = data.summary.value?.stepsDone ?? 0;
    return isRefused(data.health(), layers.value, sample.value, { stepsDone, clipNorm: spec.value.optimizer.clipNorm });
  });
  return {
    layers,
    judged,
    step: computed(() => data.health().steps[sample.value] ?? null),
    refused,
    worst: computed(() => (judged.value === null ? null : worstHealth(judged.value))),
    rows: computed(() => {
      const sizes = data.detail.value?.splitSizes;
      return sizes === undefined ? 0 : Math.min(MOST_ROWS, sizes.validation > 0 ? sizes.validation : sizes.train);
    }),
    curve: (row, measure) => data.healthCurve(row, measure, layers.value.length),
    reason,
    sentence: (name, finding) => t('run.health.named', { name, text: reason(finding) }),
    figure: (measure, value) =>
      measure === 'dead' || measure === 'saturated' ? formatPercent(value, 1) : formatNumber(value, 3),
  };
}
