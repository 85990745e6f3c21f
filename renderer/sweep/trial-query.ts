/** What a query can ask of a trial: its state and figures, and every parameter by its short name. Pure. */

import type { TrialRow } from '../../electron/contract/sweeps.ts';
import type { ParamValue } from '../../engine/spec/search-space.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { QueryField, QueryFields } from '../query/fields.ts';
import { valueText } from '../race/settings-table.ts';
import { paramNames } from './param-names.ts';

const OTHER_NAMES: Readonly<Record<string, string>> = {
  accuracy: 'score',
  acc: 'score',
  loss: 'score',
  state: 'status',
  trial: 'number',
  epoch: 'epochs',
  time: 'seconds',
  duration: 'seconds',
};

/** A value as it is typed: figures with the plain minus sign. */
const text = (value: ParamValue | undefined): readonly string[] =>
  value === undefined ? [] : [valueText(value).replaceAll('−', '-')];

export function trialFields({ space, objective }: Pick<SweepSpec, 'space' | 'objective'>): QueryFields<TrialRow> {
  const names = paramNames(Object.keys(space));
  const params = Object.entries(space).map(([path, distribution]): QueryField<TrialRow> => {
    const name = names.get(path) ?? path;
    const numbers = distribution.type !== 'choice' || distribution.values.every((value) => typeof value === 'number');
    if (!numbers) return { kind: 'choice', name, offered: true, read: (row) => text(row.params[path]) };
    return { kind: 'number', name, read: (row) => numberAt(row, path) };
  });
  const own: readonly QueryField<TrialRow>[] = [
    { kind: objective.metric === 'accuracy' ? 'share' : 'number', name: 'score', read: (row) => row.score },
    { kind: 'choice', name: 'status', offered: true, read: (row) => [row.status] },
    { kind: 'number', name: 'number', read: (row) => row.number },
    { kind: 'number', name: 'epochs', read: (row) => row.epochs },
    { kind: 'number', name: 'seconds', read: (row) => row.durationMs / 1000 },
    { kind: 'text', name: 'reason', read: (row) => row.reason?.message ?? '' },
    { kind: 'flag', name: 'byhand', read: (row) => row.byHand },
  ];
  // A parameter called as one of the trial's own fields wins: it is what the sweep is about.
  const taken = new Set(params.map((field) => field.name));
  return {
    list: [...params, ...own.filter((field) => !taken.has(field.name))],
    otherNames: OTHER_NAMES,
    byWord: params.map((field) => field.name).concat('status'),
  };
}

function numberAt(row: TrialRow, path: string): number | null {
  const value = row.params[path];
  return typeof value === 'number' ? value : null;
}

/** What words look in, lower case. */
export function trialText(row: TrialRow): string {
  const values = Object.values(row.params).flatMap(text);
  return [`#${row.number}`, row.status, row.reason?.message ?? '', ...values].join('\n').toLowerCase();
}
