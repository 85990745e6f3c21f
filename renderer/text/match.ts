/** Finding a few words in a short text, and which parts of it to show bold. */

export interface MatchPart {
  readonly text: string;
  readonly hit: boolean;
}

/** The words of a query, lower case. */
export function wordsOf(query: string): readonly string[] {
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** True when every word stands somewhere in the text. No words match everything. */
export function matchesWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}

/** The text cut where words match. Joined, the parts are the text again. */
export function matchParts(text: string, words: readonly string[]): readonly MatchPart[] {
  const lower = text.toLowerCase();
  // Some letters change their length in lower case; then the places would not fit.
  if (words.length === 0 || lower.length !== text.length) return [{ text, hit: false }];
  const hits = new Array<boolean>(text.length).fill(false);
  for (const word of words) {
    for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
      hits.fill(true, at, at + word.length);
    }
  }
  const parts: MatchPart[] = [];
  for (let start = 0; start < text.length;) {
    let end = start + 1;
    while (end < text.length && hits[end] === hits[start]) end++;
    parts.push({ text: text.slice(start, end), hit: hits[start] ?? false });
    start = end;
  }
  return parts;
}
