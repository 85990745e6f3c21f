/** What a query means: terms that all must hold, and what is wrong with it, each with its place in the text. */

import type { RunSummary } from '../../electron/contract/runs.ts';
import {
  fieldNamed,
  suggestField,
  type ChoiceField,
  type FlagField,
  type NumberField,
  type QueryFields,
  type TextField,
} from './fields.ts';
import { tokenize, type FilterToken, type Operator, type QueryToken } from './tokens.ts';

interface Negatable {
  readonly negated: boolean;
}
export type QueryTerm<Row = RunSummary> = Negatable &
  (
    | { readonly kind: 'word'; readonly text: string }
    | {
        readonly kind: 'text';
        readonly field: TextField<Row>;
        readonly operator: Operator;
        readonly values: readonly string[];
      }
    | {
        readonly kind: 'choice';
        readonly field: ChoiceField<Row>;
        readonly operator: Operator;
        readonly values: readonly string[];
      }
    | {
        readonly kind: 'number';
        readonly field: NumberField<Row>;
        readonly operator: Operator;
        readonly values: readonly number[];
      }
    | { readonly kind: 'flag'; readonly field: FlagField<Row>; readonly wanted: boolean }
  );

export interface QueryProblem {
  readonly kind: 'field' | 'operator' | 'number' | 'share' | 'flag';
  readonly start: number;
  readonly end: number;
  /** The field as typed. */
  readonly field: string;
  /** The part that is wrong, as typed. */
  readonly text: string;
  /** What to write between `start` and `end` instead, or null when nothing is likely. */
  readonly suggestion: string | null;
}

export interface ParsedQuery<Row = RunSummary> {
  readonly text: string;
  readonly tokens: readonly QueryToken[];
  readonly terms: readonly QueryTerm<Row>[];
  /**
   * While there is one, no run matches: a filter that was misspelt must not show more runs than were asked for, since
   * what is shown can be selected and deleted.
   */
  readonly problems: readonly QueryProblem[];
}

const COMPARING: ReadonlySet<Operator> = new Set(['<', '<=', '>', '>=']);
const YES = new Set(['yes', 'true', '1', 'y', '是']);
const NO = new Set(['no', 'false', '0', 'n', '否']);

/** A figure as people write it: "0.01", "1e-3", "1,000", "97%", also with the true minus sign. Otherwise null. */
export function readFigure(text: string): number | null {
  const percent = text.endsWith('%');
  const plain = (percent ? text.slice(0, -1) : text).replaceAll('−', '-');
  const digits = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(plain) ? plain.replaceAll(',', '') : plain;
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(digits)) return null;
  // Moving the point in the text keeps 97.4% the same figure as 0.974; dividing does not.
  if (!percent) return Number(digits);
  return /e/i.test(digits) ? Number(digits) / 100 : Number(`${digits}e-2`);
}

/** The beginning of a figure at the end of the text: "-", "1e", "1e-". */
const UNFINISHED = /^([-−+]|[-−+]?(\d+\.?\d*|\.\d+)e[-−+]?|[-−+]?\.)$/i;

type Problem = Pick<QueryProblem, 'kind' | 'start' | 'end' | 'suggestion'>;
const problem = (token: FilterToken, text: string, what: Problem): QueryProblem => ({
  ...what,
  field: token.field,
  text: text.slice(what.start, what.end),
});

function readNumbers<Row>(
  token: FilterToken,
  field: NumberField<Row>,
  text: string,
): QueryTerm<Row> | QueryProblem | null {
  if (token.end === text.length && UNFINISHED.test(token.value)) return null;
  const whole = readFigure(token.value);
  const parts = whole !== null ? [whole] : token.values.map(readFigure);
  const values = parts.filter((value) => value !== null);
  const place = { start: token.valueStart, end: token.end };
  const several = COMPARING.has(token.operator) && values.length > 1;
  if (several || values.length < parts.length)
    return problem(token, text, { kind: 'number', ...place, suggestion: null });
  const percent = values[0];
  if (field.kind === 'share' && percent !== undefined && values.some((value) => value > 1)) {
    const suggestion = values.length === 1 && percent <= 100 ? `${percent}%` : null;
    return problem(token, text, { kind: 'share', ...place, suggestion });
  }
  return { kind: 'number', negated: token.negated, field, operator: token.operator, values };
}

/** The term of a filter, what is wrong with it, or null while its value is still to be typed. */
function readFilter<Row>(
  token: FilterToken,
  text: string,
  fields: QueryFields<Row>,
): QueryTerm<Row> | QueryProblem | null {
  const field = fieldNamed(token.field, fields);
  if (field === null) {
    const place = { start: token.fieldStart, end: token.operatorStart };
    return problem(token, text, { kind: 'field', ...place, suggestion: suggestField(token.field, fields) });
  }
  const ordered = field.kind === 'number' || field.kind === 'share';
  if (!ordered && COMPARING.has(token.operator)) {
    const place = { start: token.operatorStart, end: token.valueStart };
    return problem(token, text, { kind: 'operator', ...place, suggestion: ':' });
  }
  if (token.values.length === 0) return null;
  if (field.kind === 'number' || field.kind === 'share') return readNumbers(token, field, text);
  const { negated, operator, values } = token;
  if (field.kind === 'text') return { kind: 'text', negated, field, operator, values };
  if (field.kind === 'choice') return { kind: 'choice', negated, field, operator, values };
  const wanted = token.value.toLowerCase();
  if (YES.has(wanted) || NO.has(wanted)) {
    return { kind: 'flag', negated, field, wanted: YES.has(wanted) !== (operator === '!=') };
  }
  const suggestion = 'yes'.startsWith(wanted) ? 'yes' : 'no'.startsWith(wanted) ? 'no' : null;
  return problem(token, text, { kind: 'flag', start: token.valueStart, end: token.end, suggestion });
}

const isProblem = <Row>(result: QueryTerm<Row> | QueryProblem): result is QueryProblem => 'suggestion' in result;

/** A query on rows with these fields. */
export function parseQueryOn<Row>(text: string, fields: QueryFields<Row>): ParsedQuery<Row> {
  const tokens = tokenize(text);
  const terms: QueryTerm<Row>[] = [];
  const problems: QueryProblem[] = [];
  for (const token of tokens) {
    if (token.kind === 'word') {
      if (token.text !== '') terms.push({ kind: 'word', negated: token.negated, text: token.text });
      continue;
    }
    const result = readFilter(token, text, fields);
    if (result === null) continue;
    if (isProblem(result)) problems.push(result);
    else terms.push(result);
  }
  return { text, tokens, terms, problems };
}
