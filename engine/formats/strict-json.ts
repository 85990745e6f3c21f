/**
 * JSON read strictly, for files from elsewhere: objects become Maps, so no key can reach a prototype; a key that
 * comes twice is an error; whole numbers stay exact as bigint.
 */

export type StrictJson = string | number | bigint | boolean | null | StrictJson[] | Map<string, StrictJson>;

const MAX_DEPTH = 32;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const SPACE = /[ \t\n\r]*/y;

/** Throws a SyntaxError that says what is wrong and where. */
export function parseStrictJson(text: string): StrictJson {
  let at = 0;
  const fail = (what: string): SyntaxError => new SyntaxError(`${what} at character ${at}`);
  const token = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at += match[0].length;
    return match;
  };
  const take = (character: string): boolean => {
    token(SPACE);
    if (text[at] !== character) return false;
    at++;
    return true;
  };
  const readString = (): string => {
    if (text[at] !== '"') throw fail('expected a text');
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) throw fail('a text is never closed');
    const value: unknown = JSON.parse(text.slice(at, end + 1));
    at = end + 1;
    return value as string;
  };
  const readNumber = (): number | bigint => {
    const match = token(NUMBER);
    if (match === null) throw fail('expected a value');
    return match[1] === undefined && match[2] === undefined ? BigInt(match[0]) : Number(match[0]);
  };
  const readArray = (depth: number): StrictJson[] => {
    const items: StrictJson[] = [];
    if (take(']')) return items;
    do items.push(readValue(depth));
    while (take(','));
    if (!take(']')) throw fail('expected , or ]');
    return items;
  };
  const readObject = (depth: number): Map<string, StrictJson> => {
    const entries = new Map<string, StrictJson>();
    if (take('}')) return entries;
    do {
      token(SPACE);
      const key = readString();
      if (entries.has(key)) throw fail(`key ${JSON.stringify(key)} comes twice`);
      if (!take(':')) throw fail('expected :');
      entries.set(key, readValue(depth));
    } while (take(','));
    if (!take('}')) throw fail('expected , or }');
    return entries;
  };
  const readValue = (depth: number): StrictJson => {
    if (depth > MAX_DEPTH) throw fail('too deeply nested');
    if (take('{')) return readObject(depth + 1);
    if (take('[')) return readArray(depth + 1);
    if (text[at] === '"') return readString();
    for (const [word, value] of WORDS) {
      if (text.startsWith(word, at)) {
        at += word.length;
        return value;
      }
    }
    return readNumber();
  };
  const value = readValue(0);
  token(SPACE);
  if (at < text.length) throw fail('expected the end');
  return value;
}

const WORDS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
