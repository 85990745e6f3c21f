/** What the engine, the workers and the services say, in the person's language. */

import type { Message, Wording, WordingValue } from '../../engine/spec/message.ts';
import { i18n } from '../i18n.ts';
import { sentences } from '../locales/messages.ts';
import { formatCount, formatSetting } from './format.ts';

/** The sentence with its values formatted; English where the language lacks it. */
export function spoken({ message, wording }: Message): string {
  // What was stored without a wording may still be a sentence without values.
  return fill(wording ?? { code: message, values: [] });
}

function fill({ code, values }: Wording): string {
  const sentence = sentences[i18n.global.locale.value][code] ?? code;
  // A wording has at least one value: braces in any other sentence are its own.
  if (values.length === 0) return sentence;
  return sentence.replace(/\{(\d+)\}/g, (place, index: string) => shown(values[Number(index)] ?? place));
}

function shown(value: WordingValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return fill(value);
  return Number.isInteger(value) ? formatCount(value) : formatSetting(value);
}
