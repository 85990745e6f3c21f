/** What a field of the base is called in the person's language. */

import { useI18n } from 'vue-i18n';
import type { BaseField } from '../../../sweep/base-fields.ts';

/** Messages the run form has for the same setting, by the field's name. */
const KNOWN: Readonly<Record<string, string>> = {
  lr: 'newRun.optimizer.learningRate',
  optimizer: 'newRun.optimizer.type',
  batchSize: 'newRun.data.batchSize',
  sampling: 'newRun.data.order',
  normalize: 'newRun.data.normalize',
  limit: 'newRun.data.limit',
  epochs: 'newRun.training.epochs',
  steps: 'newRun.training.steps',
};

/** "Learning rate", "Units of affine", "Depth": without its path. */
export function useFieldName(): (field: BaseField) => string {
  const { t, te } = useI18n();
  return (field) => {
    const known = KNOWN[field.name];
    if (field.layer === undefined && known !== undefined) return t(known);
    const table = field.path.startsWith('schedule.') ? 'newRun.scheduleField' : 'newRun.optimizerField';
    const key = field.layer === undefined ? `${table}.${field.name}` : `sweep.field.${field.name}`;
    if (field.layer === undefined && te(key)) return t(key);
    const own = `sweep.field.${field.name}`;
    const name = te(own) ? t(own) : field.name;
    return field.layer === undefined ? name : t('sweep.field.of', { field: name, layer: field.layer });
  };
}
