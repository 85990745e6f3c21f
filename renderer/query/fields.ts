/** What a query can ask of a run: the fields, where they stand in its row, and the nearest one to a misspelt name. */

import type { RunSummary } from '../../electron/contract/runs.ts';

interface Named {
  readonly name: string;
  /** A long path: offered once a dot or the part after it is typed, so that it does not crowd out the others. */
  readonly path?: boolean;
}
/** `:` finds it anywhere inside, `=` wants all of it. */
export interface TextField<Row = RunSummary> extends Named {
  readonly kind: 'text';
  readonly read: (row: Row) => string;
  /** Its values are few enough to be listed. */
  readonly offered?: boolean;
}
/** One or more short words; `:` and `=` want one of them in full, `*` stands for anything. */
export interface ChoiceField<Row = RunSummary> extends Named {
  readonly kind: 'choice';
  readonly read: (row: Row) => readonly string[];
  readonly offered?: boolean;
}
/** `share` is between 0 and 1 and can be written in per cent. Missing is null: no comparison holds. */
interface Figure<Kind extends string, Row> extends Named {
  readonly kind: Kind;
  readonly read: (row: Row) => number | null;
}
export type NumberField<Row = RunSummary> = Figure<'number', Row> | Figure<'share', Row>;
export interface FlagField<Row = RunSummary> extends Named {
  readonly kind: 'flag';
  readonly read: (row: Row) => boolean;
}
export type QueryField<Row = RunSummary> = TextField<Row> | ChoiceField<Row> | NumberField<Row> | FlagField<Row>;

/** What a query can ask of one kind of row. */
export interface QueryFields<Row> {
  /** In the order completions show them. */
  readonly list: readonly QueryField<Row>[];
  /** Names people try that are none of the fields → the field they mean. */
  readonly otherNames: Readonly<Record<string, string>>;
  /** Fields whose values come up for a word alone. */
  readonly byWord: readonly string[];
}

/** In the order completions show them. Losses and accuracies without `train` or `test` are the validation split's. */
export const QUERY_FIELDS: readonly QueryField[] = [
  { name: 'optimizer', kind: 'choice', offered: true, read: (row) => [row.optimizer] },
  { name: 'data', kind: 'text', offered: true, read: (row) => row.data },
  { name: 'model', kind: 'text', read: (row) => row.model },
  { name: 'status', kind: 'choice', offered: true, read: (row) => [row.status] },
  { name: 'tag', kind: 'choice', offered: true, read: (row) => row.tags },
  { name: 'project', kind: 'choice', offered: true, read: (row) => (row.project === '' ? [] : [row.project]) },
  { name: 'lr', kind: 'number', read: (row) => row.lr },
  { name: 'best.accuracy', kind: 'share', read: (row) => row.highestValidationAccuracy },
  { name: 'best.loss', kind: 'number', read: (row) => row.lowestValidationLoss },
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
  { name: 'task', kind: 'choice', offered: true, read: (row) => [row.task] },
  { name: 'name', kind: 'text', read: (row) => row.name },
  { name: 'note', kind: 'text', read: (row) => row.notes },
  { name: 'starred', kind: 'flag', read: (row) => row.starred },
];

export function fieldNamed<Row>(name: string, { list }: QueryFields<Row>): QueryField<Row> | null {
  const wanted = name.toLowerCase();
  return list.find((field) => field.name.toLowerCase() === wanted) ?? null;
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
  folder: 'project',
  star: 'starred',
  time: 'seconds',
  duration: 'seconds',
};

export const RUN_FIELDS: QueryFields<RunSummary> = {
  list: QUERY_FIELDS,
  otherNames: OTHER_NAMES,
  byWord: ['tag', 'project', 'optimizer', 'data', 'status'],
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
export function suggestField<Row>(name: string, { list, otherNames }: QueryFields<Row>): string | null {
  const wanted = name.toLowerCase();
  const other = otherNames[wanted.replaceAll('.', '')];
  if (other !== undefined) return other;
  const started = wanted.length >= 2 ? list.find((field) => field.name.startsWith(wanted)) : undefined;
  if (started !== undefined) return started.name;
  const near = list.map((field) => ({ name: field.name, distance: editDistance(wanted, field.name) }));
  if (near.length === 0) return null;
  const best = near.reduce((a, b) => (b.distance < a.distance ? b : a));
  return best.distance <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}
