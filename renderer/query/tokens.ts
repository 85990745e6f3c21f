/**
 * Cuts a query into tokens: words, and filters `field operator value`, each with an optional `-` before it.
 *
 *   adam "two words" optimizer:adam,sgd lr<0.01 -tag:"old net" best.accuracy>=90%
 *
 * Quotes keep spaces and commas together; a quote that is not closed yet goes on to the end. Full-width signs of
 * Chinese keyboards count as their usual forms.
 */

export const OPERATORS = [':', '=', '!=', '<', '<=', '>', '>='] as const;
export type Operator = (typeof OPERATORS)[number];

interface Placed {
  /** First place in the text, the `-` included. */
  readonly start: number;
  /** Place after the last one. */
  readonly end: number;
  readonly negated: boolean;
}

export interface WordToken extends Placed {
  readonly kind: 'word';
  /** Without quotes. */
  readonly text: string;
  readonly quoted: boolean;
}

export interface FilterToken extends Placed {
  readonly kind: 'filter';
  /** As typed. */
  readonly field: string;
  readonly fieldStart: number;
  readonly operator: Operator;
  readonly operatorStart: number;
  readonly valueStart: number;
  /** Alternatives between commas, without quotes; empty ones are left out. */
  readonly values: readonly string[];
  /** The value without quotes and with its commas, for figures like "1,000". */
  readonly value: string;
}

export type QueryToken = WordToken | FilterToken;

const SPACE = /[\s\u3000]/;
const TIGHT = /([A-Za-z][A-Za-z0-9.]*)(<=|>=|!=|[:=<>：＝＜＞≤≥])/y;
/** "lr < 0.01": spaces are fine where a figure follows. */
const LOOSE = /([A-Za-z][A-Za-z0-9.]*)[\s\u3000]*(<=|>=|!=|[=<>＝＜＞≤≥])[\s\u3000]*(?=[-−.\d])/y;

const FULL_WIDTH: Readonly<Record<string, Operator>> = {
  '：': ':',
  '＝': '=',
  '＜': '<',
  '＞': '>',
  '≤': '<=',
  '≥': '>=',
};
const operatorOf = (sign: string): Operator => FULL_WIDTH[sign] ?? OPERATORS.find((one) => one === sign) ?? ':';

const CLOSING: Readonly<Record<string, string>> = { '"': '"', '“': '”' };

interface Value {
  readonly end: number;
  readonly value: string;
  readonly values: readonly string[];
  readonly quoted: boolean;
}

/** Reads to the next space that is not in quotes. */
function readValue(text: string, start: number): Value {
  const values: string[] = [];
  let value = '';
  let part = '';
  let closing: string | null = null;
  let quoted = false;
  let at = start;
  for (; at < text.length; at++) {
    const sign = text.charAt(at);
    if (closing !== null) {
      if (sign === closing || sign === '"') {
        closing = null;
        continue;
      }
    } else if (CLOSING[sign] !== undefined) {
      closing = CLOSING[sign];
      quoted = true;
      continue;
    } else if (SPACE.test(sign)) break;
    else if (sign === ',' || sign === '，') {
      values.push(part);
      part = '';
      value += ',';
      continue;
    }
    part += sign;
    value += sign;
  }
  values.push(part);
  return { end: at, value, values: values.filter((one) => one !== ''), quoted };
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** The tokens in the order of the text. Never throws: whatever is typed is words and filters. */
export function tokenize(text: string): readonly QueryToken[] {
  const tokens: QueryToken[] = [];
  for (let at = 0; at < text.length;) {
    if (SPACE.test(text.charAt(at))) {
      at++;
      continue;
    }
    const start = at;
    const next = text.charAt(at + 1);
    const negated = text.charAt(at) === '-' && next !== '' && next !== '-' && !SPACE.test(next);
    if (negated) at++;
    const head = matchAt(TIGHT, text, at) ?? matchAt(LOOSE, text, at);
    if (head === null) {
      const { end, value, quoted } = readValue(text, at);
      tokens.push({ kind: 'word', start, end, negated, text: value, quoted });
      at = end;
      continue;
    }
    const [whole, field = '', sign = ''] = head;
    const valueStart = at + whole.length;
    const { end, value, values } = readValue(text, valueStart);
    const place = { start, end, negated, fieldStart: at, operatorStart: at + field.length, valueStart };
    tokens.push({ kind: 'filter', ...place, field, operator: operatorOf(sign), value, values });
    at = end;
  }
  return tokens;
}

/** A value as it has to be written in a query: in quotes when it has spaces or commas. */
export function quoteValue(value: string): string {
  return /[\s\u3000,，"“]/.test(value) ? `"${value.replaceAll('"', '')}"` : value;
}
