/** Which runs a query means. A query is made into one function once, then asked row by row. */

import type { RunSummary } from '../../electron/contract/runs.ts';
import type { ParsedQuery, QueryTerm } from './parse.ts';
import type { Operator } from './tokens.ts';

/** What every row has that can be asked for. */
interface WithStatus {
  readonly status: string;
}
export type RowTest<Row = RunSummary> = (row: Row) => boolean;
/** The status in the person's language, so that it can be asked for in it. */
export type StatusName = (status: RunSummary['status']) => string;

/** Texts that were put together once per row; a changed row is a new object. */
const texts = new WeakMap<RunSummary, string>();

/** Everything words look in, lower case. */
function wordText(row: RunSummary): string {
  let text = texts.get(row);
  if (text === undefined) {
    const parts = [
      row.name,
      `#${row.number}`,
      row.data,
      row.model,
      row.optimizer,
      row.status,
      row.project,
      ...row.tags,
      row.notes,
    ];
    text = parts.join('\n').toLowerCase();
    texts.set(row, text);
  }
  return text;
}

/** `*` stands for anything; the rest is taken as it is. */
function wildcard(pattern: string): RegExp {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

/** Tests a lower-case text: all of it, or anything inside with `inside`. */
function textTest(wanted: string, inside: boolean): (text: string) => boolean {
  const value = wanted.toLowerCase();
  if (value.includes('*')) {
    const pattern = wildcard(value);
    return (text) => pattern.test(text);
  }
  return inside ? (text) => text.includes(value) : (text) => text === value;
}

function numberTest(operator: Operator, values: readonly number[]): (value: number) => boolean {
  const [wanted = NaN] = values;
  switch (operator) {
    case '<':
      return (value) => value < wanted;
    case '<=':
      return (value) => value <= wanted;
    case '>':
      return (value) => value > wanted;
    case '>=':
      return (value) => value >= wanted;
    case '!=':
      return (value) => !values.includes(value);
    default:
      return (value) => values.includes(value);
  }
}

function termTest<Row extends WithStatus>(
  term: QueryTerm<Row>,
  statusName: (status: Row['status']) => string,
  wordText: (row: Row) => string,
): RowTest<Row> {
  switch (term.kind) {
    case 'word': {
      const word = term.text.toLowerCase();
      return (row) => wordText(row).includes(word) || statusName(row.status).toLowerCase().includes(word);
    }
    case 'text': {
      const tests = term.values.map((value) => textTest(value, term.operator === ':'));
      const wanted = term.operator !== '!=';
      return (row) => {
        const text = term.field.read(row).toLowerCase();
        return tests.some((test) => test(text)) === wanted;
      };
    }
    case 'choice': {
      const tests = term.values.map((value) => textTest(value, false));
      const wanted = term.operator !== '!=';
      const named = term.field.name === 'status';
      return (row) => {
        const words = named ? [row.status, statusName(row.status)] : term.field.read(row);
        return words.some((word) => tests.some((test) => test(word.toLowerCase()))) === wanted;
      };
    }
    case 'number': {
      const test = numberTest(term.operator, term.values);
      return (row) => {
        const value = term.field.read(row);
        return value !== null && test(value);
      };
    }
    case 'flag':
      return (row) => term.field.read(row) === term.wanted;
  }
}

/** True for the runs every term holds for. With a problem in the query: for none. */
export function queryTest(query: ParsedQuery, statusName: StatusName): RowTest {
  return queryTestOn(query, statusName, wordText);
}

/** As `queryTest` for other rows; words are looked for in `textOf`, which is lower case. */
export function queryTestOn<Row extends WithStatus>(
  query: ParsedQuery<Row>,
  statusName: (status: Row['status']) => string,
  textOf: (row: Row) => string,
): RowTest<Row> {
  if (query.problems.length > 0) return () => false;
  // Translating a word ten thousand times would be felt at every key.
  const names = new Map<string, string>();
  const nameOnce = (status: Row['status']): string => {
    const known = names.get(status);
    if (known !== undefined) return known;
    const name = statusName(status);
    names.set(status, name);
    return name;
  };
  const tests = query.terms.map((term): RowTest<Row> => {
    const test = termTest(term, nameOnce, textOf);
    return term.negated ? (row) => !test(row) : test;
  });
  return (row) => tests.every((test) => test(row));
}
