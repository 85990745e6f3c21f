/** What the command line prints with --json: one object a line, numbers that JSON has no word for as texts. */

/** A line without its end: non-finite numbers become "NaN", "Infinity" and "-Infinity". */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) => {
    if (typeof item === 'number' && !Number.isFinite(item)) return String(item);
    if (ArrayBuffer.isView(item) && !(item instanceof DataView)) return Array.from(item as Float32Array);
    return item;
  });
}

/** A number as it stands in a line. */
export function jsonNumber(value: number): string {
  return Number.isFinite(value) ? String(value) : `"${String(value)}"`;
}

/** One line for stderr, whatever is in the message. */
export function oneLine(message: string): string {
  return message.replace(/\s*[\r\n]+\s*/g, ' ').trim();
}

/** Cuts user and password out of every address in a text: command lines and errors may repeat what was typed. */
export function withoutPasswords(text: string): string {
  return text.replace(/(\w+:\/\/)[^\s/"']*@/g, '$1');
}
