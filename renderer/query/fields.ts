/** What a query can ask of a run: the fields, where they stand in its row, and the nearest one to a misspelt name. */

import type { RunSummary } from '../../electron/contract/runs.ts';

interface Named {
  readonly name: string;
}
/** `:` finds it anywhere inside, `=` wants all of it. */
export interface TextField extends Named {
  readonly kind: 'text';
  readonly read: (row: RunSummary) => string;
}
/** One or more short words; `:` and `=` want one of them in full, `*` stands for anything. */
export interface ChoiceField extends Named {
  readonly kind: 'choice';
  readonly read: (row: RunSummary) => readonly string[];
}
/** `share` is between 0 and 1 and can be written in per cent. Missing is null: no comparison holds. */
interface Figure<Kind extends string> extends Named {
  readonly kind: Kind;
  readonly read: (row: RunSummary) => number | null;
}
export type NumberField = Figure<'number'> | Figure<'share'>;
export interface FlagField extends Named {
  readonly kind: 'flag';
  readonly read: (row: RunSummary) => boolean;
}
export type QueryField = TextField | ChoiceField | NumberField | FlagField;

/** In the order completions show them. Losses and accuracies without `train` or `test` are the validation split's. */
export const QUERY_FIELDS: readonly QueryField[] = [
  { name: 'optimizer', kind: 'choice', read: (row) => [row.optimizer] },
  { name: 'data', kind: 'text', read: (row) => row.data },
  { name: 'model', kind: 'text', read: (row) => row.model },
  { name: 'status', kind: 'choice', read: (row) => [row.status] },
  { name: 'tag', kind: 'choice', read: (row) => row.tags },
  { name: 'lr', kind: 'number', read: (row) => row.lr },
  { name: 'best.accuracy', kind: 'share', read: (row) => row.bestValidationAccuracy },
  { name: 'best.loss', kind: 'number', read: (row) => row.bestValidationLoss },
  { name: 'best.epoch', kind: 'number', read: (row) => row.bestEpoch },
  { name: 'last.accuracy', kind: 'share', read: (row) => row.lastValidationAccuracy },
  { name: 'last.loss', kind: 'number', read: (row) => row.lastValidationLoss },
  { name: 'train.loss', kind: 'number', read: (row) => row.lastTrainLoss },
  { name: 'test.accuracy', kind: 'share', read: (row) => row.testAccuracy },
  { name: 'test.loss', kind: 'number', read: (row) => row.testLoss },
  { name: 'epochs', kind: 'number', read: (row) => row.epochsDone },
  { name: 'steps', kind: 'number', read: (row) => row.stepsDone },
  { name: 'parameters', kind: 'number', read: (row) => row.parameters },
  { name: 'seconds', kind: 'number', read: (row) => row.durationMs / 1000 },
  { name: 'number', kind: 'number', read: (row) => row.number },
  { name: 'task', kind: 'choice', read: (row) => [row.task] },
  { name: 'name', kind: 'text', read: (row) => row.name },
  { name: 'note', kind: 'text', read: (row) => row.notes },
  { name: 'starred', kind: 'flag', read: (row) => row.starred },
];

const BY_NAME = new Map(QUERY_FIELDS.map((field) => [field.name, field]));

export function fieldNamed(name: string): QueryField | null {
  return BY_NAME.get(name.toLowerCase()) ?? null;
}

/** Names people try that are none of the fields. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  accuracy: 'best.accuracy',
  acc: 'best.accuracy',
  loss: 'best.loss',
  epoch: 'epochs',
  step: 'steps',
  params: 'parameters',
  rate: 'lr',
  learningrate: 'lr',
  dataset: 'data',
  network: 'model',
  state: 'status',
  tags: 'tag',
  notes: 'note',
  star: 'starred',
  time: 'seconds',
  duration: 'seconds',
};

/** Edits (insert, delete, replace, swap neighbours) between two words: optimal string alignment distance. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j++) {
      const change = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(i - 1, j) + 1, (row[j - 1] ?? 0) + 1, at(i - 1, j - 1) + change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        least = Math.min(least, at(i - 2, j - 2) + 1);
      row.push(least);
    }
  }
  return at(a.length, b.length);
}

/** The field a misspelt name most likely means, or null when none is near. */
export function suggestField(name: string): string | null {
  const wanted = name.toLowerCase();
  const other = OTHER_NAMES[wanted.replaceAll('.', '')];
  if (other !== undefined) return other;
  const started = wanted.length >= 2 ? QUERY_FIELDS.find((field) => field.name.startsWith(wanted)) : undefined;
  if (started !== undefined) return started.name;
  const near = QUERY_FIELDS.map((field) => ({ name: field.name, distance: editDistance(wanted, field.name) }));
  const best = near.reduce((a, b) => (b.distance < a.distance ? b : a));
  return best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}
