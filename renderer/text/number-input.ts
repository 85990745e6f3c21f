/** What a person types into a number field: read it, and say what is wrong with it. */

import type { NumberRange } from '../../engine/spec/numbers.ts';

/** Reads a number as people write it: "0.001", "1e-3", "1e−3", "1,000", " 5 ". null when it is none. */
export function readNumber(text: string): number | null {
  const plain = text
    .trim()
    .replaceAll('−', '-')
    .replace(/(?<=\d),(?=\d{3}(\D|$))/g, '');
  if (!/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? value : null;
}

/** Why a text does not fit a range. The code names a message under `errors.number`, the values fill it. */
export interface NumberIssue {
  readonly code: 'empty' | 'notANumber' | 'notWhole' | 'above' | 'atLeast' | 'atMost';
  readonly bound: number;
}

export type NumberCheck =
  { readonly ok: true; readonly value: number } | { readonly ok: false; readonly issue: NumberIssue };

/** Reads and checks a field's text. */
export function checkNumber(text: string, range: NumberRange): NumberCheck {
  const fail = (code: NumberIssue['code'], bound = 0): NumberCheck => ({ ok: false, issue: { code, bound } });
  if (text.trim() === '') return fail('empty');
  const value = readNumber(text);
  if (value === null) return fail('notANumber');
  if (range.integer === true && !Number.isInteger(value)) return fail('notWhole');
  if (range.above === true && value <= range.min) return fail('above', range.min);
  if (value < range.min) return fail('atLeast', range.min);
  if (value > range.max) return fail('atMost', range.max);
  return { ok: true, value };
}

/** The next value up or down for the arrow keys: whole numbers by 1, others along 1, 2, 5, 10 of their size. */
export function stepNumber(value: number, direction: 1 | -1, range: NumberRange, big: boolean): number {
  const clamp = (n: number): number => Math.min(range.max, Math.max(range.min, n));
  if (range.integer === true) return clamp(value + direction * (big ? 10 : 1));
  const first = range.usual?.[0] ?? 0;
  if (value <= 0) return direction > 0 ? clamp(first > 0 ? first : 0.001) : clamp(value);
  const power = Math.floor(Math.log10(value) + 1e-9);
  const ladder = [0.5, 1, 2, 5, 10, 20].map((n) => Number((n * 10 ** power).toPrecision(6)));
  if (big) return clampAbove(clamp(Number((value * 10 ** direction).toPrecision(6))), value, range);
  const next =
    direction > 0 ? ladder.find((n) => n > value * (1 + 1e-9)) : ladder.findLast((n) => n < value * (1 - 1e-9));
  return clampAbove(clamp(next ?? value), value, range);
}

/** Keeps `value` when the step would land on a bound that is itself not allowed. */
function clampAbove(next: number, value: number, range: NumberRange): number {
  return range.above === true && next <= range.min ? value : next;
}
