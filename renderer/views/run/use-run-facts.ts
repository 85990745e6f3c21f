/** Settings and hashes of a run as pairs of name and value. */

import { computed, type ComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { copyText } from '../../charts/export/clipboard.ts';
import { useNoticesStore } from '../../stores/notices.ts';
import { formatMoment } from '../../text/dates.ts';
import { formatBytes, formatCount, formatTime } from '../../text/format.ts';
import { layersText, lossText, optimizerText } from './spec-text.ts';
import type { RunData } from './use-run-data.ts';

export interface RunFact {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  /** The whole of a shortened hash. */
  readonly hash?: string;
  readonly tip?: string;
}

export interface RunFacts {
  readonly all: ComputedRef<readonly RunFact[]>;
  /** Copies and says so. */
  readonly copy: (text: string, name: string) => void;
}

export function useRunFacts(data: RunData): RunFacts {
  const { t, locale } = useI18n();
  const notices = useNoticesStore();
  const fact = (key: string, value: string, more: Partial<RunFact> = {}): RunFact => ({
    key,
    name: t(`run.card.${key}`),
    value,
    ...more,
  });
  const hashed = (key: string, hash: string | null): RunFact[] =>
    hash === null ? [] : [fact(key, hash.slice(0, 8), { hash })];

  // The summary changes ten times a second; these of its fields hardly ever.
  const startedAt = computed(() => data.summary.value?.startedAt ?? null);
  const endedAt = computed(() => data.summary.value?.endedAt ?? null);
  const facts = computed<RunFact[]>(() => {
    const detail = data.detail.value;
    if (detail === null) return [];
    const { spec, splitSizes, kernels } = detail;
    const rows = [splitSizes.train, splitSizes.validation, splitSizes.test].map((n) => formatCount(n)).join(' / ');
    return [
      fact('layers', layersText(spec), { tip: layersText(spec) }),
      fact('optimizer', optimizerText(spec), { tip: optimizerText(spec) }),
      fact('loss', lossText(spec)),
      fact('batch', `${formatCount(spec.training.batchSize)} · ${spec.training.sampling}`),
      fact('rows', rows, { tip: t('run.card.rowsTip') }),
      fact('seed', t('run.card.seedValue', { seed: spec.seed, split: spec.data.splitSeed })),
      ...(kernels === null ? [] : [fact('kernels', kernels, { tip: kernels })]),
      ...hashed('data', detail.dataSha256),
      ...hashed('weights', detail.weightsSha256),
      fact('parameters', formatCount(detail.summary.parameters)),
      fact('started', formatMoment(startedAt.value, locale.value)),
      ...(endedAt.value === null ? [] : [fact('ended', formatMoment(endedAt.value, locale.value))]),
    ];
  });
  const all = computed<RunFact[]>(() => {
    const detail = data.detail.value;
    if (detail === null) return [];
    const { checkpoint } = detail;
    const list = [...facts.value, fact('duration', formatTime(data.summary.value?.durationMs))];
    if (checkpoint !== null) {
      const values = {
        step: formatCount(checkpoint.step),
        epoch: formatCount(checkpoint.epoch),
        size: formatBytes(checkpoint.sizeBytes),
      };
      list.push(fact('checkpoint', t('run.card.checkpointValue', values)));
    }
    const { system, fingerprints } = detail;
    return [
      ...list,
      ...hashed('split', fingerprints?.split ?? null),
      fact('testOpenings', formatCount(detail.testOpenings)),
      fact(
        'app',
        system === null ? detail.appVersion : t('run.card.appValue', { app: detail.appVersion, engine: system.engine }),
      ),
      ...(system === null
        ? []
        : [
            fact('cpu', t('run.card.cpuValue', { cpu: system.cpu, n: system.cores }, system.cores)),
            fact('os', system.os),
            fact('node', system.electron === null ? system.node : `${system.node}, Electron ${system.electron}`),
          ]),
    ];
  });

  return {
    all,
    copy: (text, name) => {
      const done = copyText(text);
      notices.show(done ? t('run.card.copied', { name }) : t('run.copyFailed'), { kind: done ? 'success' : 'danger' });
    },
  };
}
