/** Small schema builders whose errors say what was expected and what came. */

import { z } from 'zod';
import { say, toMessage, word, type Message, type Wording } from './message.ts';
import type { NumberRange } from './numbers.ts';

// Schemas are interpreted: the window's security policy forbids generated code and reports even the attempt.
z.config({ jitless: true });

/** A message's wording as it comes from a file or over a wire. */
export const wordingSchema: z.ZodType<Wording> = z.strictObject({
  code: z.string(),
  get values() {
    return z.array(z.union([z.string(), z.number(), wordingSchema])).readonly();
  },
});

/** Shows a bad value in an error, shortened. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has a word for neither, and reads 1e999 as Infinity.
  if (typeof value === 'number') return String(value);
  const text = typeof value === 'string' ? JSON.stringify(value) : String(JSON.stringify(value) ?? value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** A custom issue of a schema; its wording travels beside the text. */
export function raised(message: string | Message): { code: 'custom'; message: string; params: Partial<Message> } {
  const { message: text, wording } = toMessage(message);
  return { code: 'custom', message: text, params: wording === undefined ? {} : { wording } };
}

const DECLARED = new Map<string, Message>();

/** For schemas whose error can be nothing but a text: `declaredMessage` finds the wording that goes with it. */
export function declared(message: Message): string {
  DECLARED.set(message.message, message);
  return message.message;
}

export function declaredMessage(text: string): Message {
  return DECLARED.get(text) ?? { message: text };
}

function checked<T>(complaint: (value: unknown) => Message | null) {
  return z.custom<T>().check(({ value, issues }) => {
    const message = complaint(value);
    if (message !== null) issues.push({ ...raised(message), input: value, continue: false });
  });
}

/** Says a range in words: "a whole number from 1 to 100000", "a number above 0, at most 10". */
export function describeRange({ integer, above, min, max }: NumberRange): Message {
  const noun = word(integer === true ? 'a whole number' : 'a number');
  return above === true ? say`${noun} above ${min}, at most ${max}` : say`${noun} from ${min} to ${max}`;
}

/** A finite number in `range`. */
export function num(range: NumberRange) {
  const expected = describeRange(range);
  return checked<number>((value) => {
    const fits =
      typeof value === 'number' &&
      Number.isFinite(value) &&
      (range.above === true ? value > range.min : value >= range.min) &&
      value <= range.max &&
      (range.integer !== true || Number.isInteger(value));
    return fits ? null : say`expected ${expected}, got ${shown(value)}`;
  });
}

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T) {
  return checked<T[number]>((value) =>
    words.some((one) => one === value) ? null : say`expected one of ${words.join(', ')}, got ${shown(value)}`,
  );
}

/** A non-empty text of at most `max` characters. */
export function text(max: number) {
  return checked<string>((value) => {
    if (typeof value !== 'string') return say`expected a text, got ${shown(value)}`;
    if (value === '') return word('expected a text, got an empty one');
    return value.length <= max ? null : say`expected at most ${max} characters`;
  });
}

export function bool() {
  return checked<boolean>((value) =>
    typeof value === 'boolean' ? null : say`expected true or false, got ${shown(value)}`,
  );
}
