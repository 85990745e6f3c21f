/** Small schema builders whose errors say what was expected and what came. */

import { z } from 'zod';
import type { NumberRange } from './numbers.ts';

// Schemas are interpreted: the window's security policy forbids generated code and reports even the attempt.
z.config({ jitless: true });

/** Shows a bad value in an error, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has a word for neither, and reads 1e999 as Infinity.
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** Says a range in words: "a whole number from 1 to 100000", "a number above 0, at most 10". */
export function describeRange(range: NumberRange): string {
  const noun = range.integer === true ? 'a whole number' : 'a number';
  return range.above === true
    ? `${noun} above ${range.min}, at most ${range.max}`
    : `${noun} from ${range.min} to ${range.max}`;
}

/** A finite number in `range`. */
export function num(range: NumberRange) {
  const expected = describeRange(range);
  return z.custom<number>(
    (value) =>
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (range.above === true ? value > range.min : value >= range.min) &&
      value <= range.max &&
      (range.integer !== true || Number.isInteger(value)),
    { error: (issue) => `expected ${expected}, got ${shown(issue.input)}` },
  );
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, {
    error: (issue) => `expected one of ${words.join(', ')}, got ${shown(issue.input)}`,
  });
}

/** A non-empty text of at most `max` characters. */
export function text(max: number) {
  return z
    .string({ error: (issue) => `expected a text, got ${shown(issue.input)}` })
    .min(1, { error: 'expected a text, got an empty one' })
    .max(max, { error: `expected at most ${max} characters` });
}

export function bool() {
  return z.boolean({ error: (issue) => `expected true or false, got ${shown(issue.input)}` });
}
