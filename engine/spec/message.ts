/** Sentences for a person: in English, and what it takes to say the same in another language. */

/**
 * A message's code is its English sentence with {0}, {1}, … where its values go, as gettext has it: who reads the
 * source reads what is printed, and a language without the sentence still has the English one.
 */
export interface Wording {
  readonly code: string;
  readonly values: readonly WordingValue[];
}
/** A text that is the same in every language (a name, a path), a number, or another message. */
export type WordingValue = string | number | Wording;

/** What command line and logs print, with its wording. A message without values is its own code and has none. */
export interface Message {
  readonly message: string;
  readonly wording?: Wording;
}

type Value = string | number | bigint | Message | null | undefined;

/** say`run #${12} has ended`. Another message may be one of the values. */
export function say(parts: TemplateStringsArray, ...values: readonly Value[]): Message {
  const code = parts.reduce((whole, part, i) => `${whole}{${i - 1}}${part}`);
  const message = parts.reduce((whole, part, i) => `${whole}${textOf(values[i - 1])}${part}`);
  return values.length === 0 ? { message } : { message, wording: { code, values: values.map(toValue) } };
}

/** A word or sentence that has a translation of its own, to be a value of another message. */
export function word(message: string): Message {
  return { message };
}

/** For those who take either. */
export function toMessage(message: string | Message): Message {
  return typeof message === 'string' ? { message } : said(message);
}

/** Messages one after the other. */
export function joined(messages: readonly Message[], separator: string): Message {
  const code = messages.map((_, i) => `{${i}}`).join(separator);
  return { message: messages.map(textOf).join(separator), wording: { code, values: messages.map(toValue) } };
}

/** An error whose message can be said in other languages. */
export class MessageError extends Error {
  readonly #wording: Wording | undefined;

  constructor(message: string | Message) {
    super(textOf(message));
    this.#wording = typeof message === 'string' ? undefined : message.wording;
  }

  get asMessage(): Message {
    return this.#wording === undefined ? { message: this.message } : { message: this.message, wording: this.#wording };
  }
}

/** The message of something that is more than a message. */
export function said({ message, wording }: Message): Message {
  return wording === undefined ? { message } : { message, wording };
}

/** The message of whatever was thrown. */
export function messageOf(thrown: unknown): Message {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  return thrown instanceof MessageError ? thrown.asMessage : { message: thrown.message };
}

function textOf(value: Value): string {
  return typeof value === 'object' && value !== null ? value.message : String(value);
}

function toValue(value: Value): WordingValue {
  if (typeof value === 'object' && value !== null) return value.wording ?? { code: value.message, values: [] };
  // JSON has no NaN and no infinity.
  return typeof value === 'number' && Number.isFinite(value) ? value : String(value);
}
