/** A run spec in a short list: what a race or a sweep has in common before anything differs. Pure. */

import type { Composer } from 'vue-i18n';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import { formatCount } from '../text/format.ts';
import { layersText, lossText, optimizerText } from '../views/run/spec-text.ts';
import type { SplitCounts } from './summary.ts';

export interface BaseFact {
  /** Its name is a message under `compare.race.fact`. */
  readonly key: 'data' | 'rows' | 'layers' | 'loss' | 'optimizer' | 'batch' | 'length' | 'seed' | 'split';
  readonly value: string;
  readonly tip?: string;
}

/** `rows` is null while the data set is not read yet. */
export function baseFacts(spec: RunSpec, rows: SplitCounts | null, t: Composer['t']): BaseFact[] {
  const { data, training, seed } = spec;
  const { epochs, steps } = training;
  const length =
    steps === undefined
      ? t('compare.race.epochs', { n: formatCount(epochs) }, epochs ?? 0)
      : t('compare.race.steps', { n: formatCount(steps) }, steps);
  return [
    { key: 'data', value: dataName(data.source) },
    ...(rows === null ? [] : [rowsFact(rows, t)]),
    { key: 'layers', value: layersText(spec) },
    { key: 'loss', value: lossText(spec) },
    { key: 'optimizer', value: optimizerText(spec) },
    { key: 'batch', value: `${formatCount(training.batchSize)} · ${training.sampling}` },
    { key: 'length', value: length },
    { key: 'seed', value: String(seed) },
    { key: 'split', value: String(data.splitSeed) },
  ];
}

function rowsFact({ train, validation, test }: SplitCounts, t: Composer['t']): BaseFact {
  const counts = { train: formatCount(train), validation: formatCount(validation), test: formatCount(test) };
  return { key: 'rows', value: t('compare.race.rowsValue', counts), tip: t('compare.race.rowsTip') };
}

function dataName(source: RunSpec['data']['source']): string {
  if (typeof source === 'string') return source;
  const path = 'file' in source ? source.file : source.images;
  return path.split(/[\\/]/).at(-1) ?? path;
}
