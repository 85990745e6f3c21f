/** What could be typed next at the caret: names of fields, and the values runs really have, the most frequent first. */

import { fieldNamed, type QueryField, type QueryFields } from './fields.ts';
import { quoteValue, tokenize, type FilterToken } from './tokens.ts';

export interface Completion {
  readonly kind: 'field' | 'value';
  /** What it is called in the list: `optimizer:` or `optimizer:adam`. */
  readonly label: string;
  /** Replaces the text from `start` to `end`. */
  readonly insert: string;
  readonly start: number;
  readonly end: number;
  /** Rows that have the value; null for fields. */
  readonly count: number | null;
  /** What stands beside it, where it is not a run's field or a number of runs. */
  readonly hint?: string;
}

const MOST = 8;
const operatorFor = <Row>(field: QueryField<Row>): string =>
  field.kind === 'number' || field.kind === 'share' ? '' : ':';

function valuesOf<Row>(field: QueryField<Row>, rows: readonly Row[]): readonly (readonly [string, number])[] {
  if (field.kind === 'flag') {
    const yes = rows.reduce((sum, row) => sum + (field.read(row) ? 1 : 0), 0);
    return [
      ['yes', yes],
      ['no', rows.length - yes],
    ];
  }
  if (field.kind === 'number' || field.kind === 'share' || field.offered !== true) return [];
  const counts = new Map<string, number>();
  for (const row of rows) {
    const read = field.read(row);
    for (const value of typeof read === 'string' ? [read] : read) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
}

const startsLike = (
  { name, path = false }: { readonly name: string; readonly path?: boolean },
  prefix: string,
): boolean =>
  (name.toLowerCase().startsWith(prefix) && (!path || prefix.includes('.'))) ||
  name.toLowerCase().includes(`.${prefix}`);

function valueCompletions<Row>(
  token: FilterToken,
  caret: number,
  text: string,
  rows: readonly Row[],
  fields: QueryFields<Row>,
): Completion[] {
  const field = fieldNamed(token.field, fields);
  if (field === null) return [];
  const typed = text.slice(token.valueStart, caret);
  const start = token.valueStart + Math.max(typed.lastIndexOf(','), typed.lastIndexOf('，')) + 1;
  const prefix = text.slice(start, caret).replace(/^["“]/, '').toLowerCase();
  const found = valuesOf(field, rows).filter(([value]) => value.toLowerCase().startsWith(prefix));
  // A value that stands there in full has nothing left to offer.
  if (found.length === 1 && found[0]?.[0].toLowerCase() === prefix) return [];
  return found.map(([value, count]) => {
    const label = `${field.name}${token.operator}${quoteValue(value)}`;
    return { kind: 'value', label, insert: quoteValue(value), start, end: token.end, count };
  });
}

function wordCompletions<Row>(
  word: string,
  start: number,
  end: number,
  rows: readonly Row[],
  all: QueryFields<Row>,
): Completion[] {
  const prefix = word.toLowerCase();
  const fields = all.list
    .filter((field) => startsLike(field, prefix))
    .map((field): Completion => {
      const insert = field.name + operatorFor(field);
      return { kind: 'field', label: insert, insert, start, end, count: null };
    });
  const values = all.byWord.flatMap((name) => {
    const field = fieldNamed(name, all);
    if (field === null) return [];
    const found = valuesOf(field, rows).filter(([value]) => value.toLowerCase().startsWith(prefix));
    return found.map(([value, count]): Completion => {
      const insert = `${name}:${quoteValue(value)}`;
      return { kind: 'value', label: insert, insert, start, end, count };
    });
  });
  return [...fields, ...values];
}

/** At most eight, for the token the caret stands in or right behind. None between tokens. */
export function completionsOn<Row>(
  text: string,
  caret: number,
  rows: readonly Row[],
  fields: QueryFields<Row>,
): readonly Completion[] {
  const token = tokenize(text).find((one) => one.start < caret && caret <= one.end);
  if (token === undefined) return [];
  const start = token.start + (token.negated ? 1 : 0);
  const found =
    token.kind === 'filter'
      ? caret >= token.valueStart
        ? valueCompletions(token, caret, text, rows, fields)
        : []
      : token.quoted || start >= caret
        ? []
        : wordCompletions(text.slice(start, caret), start, token.end, rows, fields);
  return found.slice(0, MOST);
}
