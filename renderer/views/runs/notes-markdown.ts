/**
 * The part of Markdown that notes are shown with: paragraphs, headings, lists, fenced code; bold, italic, code and
 * links. It becomes data that templates draw, never HTML; a link is its text and its address, and is not followed.
 */

export type Inline =
  | { readonly kind: 'text' | 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'em'; readonly parts: readonly Inline[] }
  | { readonly kind: 'link'; readonly text: string; readonly address: string };

export type NoteBlock =
  | { readonly kind: 'paragraph'; readonly lines: readonly (readonly Inline[])[] }
  | { readonly kind: 'heading'; readonly parts: readonly Inline[] }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Inline[])[] }
  | { readonly kind: 'code'; readonly text: string };

const INLINE =
  /`([^`]+)`|\*\*(?=\S)(.+?)(?<=\S)\*\*|(?<![\p{L}\p{N}*])\*(?=\S)([^*]+?)(?<=\S)\*|(?<![\p{L}\p{N}_])_(?=\S)([^_]+?)(?<=\S)_(?![\p{L}\p{N}])|\[([^\]]+)\]\(([^)\s]+)\)/gu;

/** The pieces of one line. */
export function parseInline(text: string): readonly Inline[] {
  const parts: Inline[] = [];
  let at = 0;
  const plain = (to: number): void => {
    if (at < to) parts.push({ kind: 'text', text: text.slice(at, to) });
  };
  for (const match of text.matchAll(INLINE)) {
    plain(match.index);
    const [whole, code, strong, star, underline, label, address] = match;
    const em = star ?? underline;
    if (code !== undefined) parts.push({ kind: 'code', text: code });
    else if (strong !== undefined) parts.push({ kind: 'strong', parts: parseInline(strong) });
    else if (em !== undefined) parts.push({ kind: 'em', parts: parseInline(em) });
    else parts.push({ kind: 'link', text: label ?? '', address: address ?? '' });
    at = match.index + whole.length;
  }
  plain(text.length);
  return parts;
}

const BULLET = /^\s*[-*+]\s+(.*)$/;
const NUMBERED = /^\s*\d+[.)]\s+(.*)$/;
const HEADING = /^#{1,6}\s+(.*)$/;
const FENCE = /^\s*```/;

/** Blocks in the order of the text. Never throws: what is no Markdown is a paragraph. */
export function parseNotes(source: string): readonly NoteBlock[] {
  const lines = source.split(/\r?\n/);
  const blocks: NoteBlock[] = [];
  for (let i = 0; i < lines.length;) {
    const line = lines[i] ?? '';
    const heading = HEADING.exec(line);
    if (line.trim() === '') i++;
    else if (FENCE.test(line)) {
      const end = lines.findIndex((one, at) => at > i && FENCE.test(one));
      const last = end < 0 ? lines.length : end;
      blocks.push({ kind: 'code', text: lines.slice(i + 1, last).join('\n') });
      i = last + 1;
    } else if (heading !== null) {
      blocks.push({ kind: 'heading', parts: parseInline(heading[1] ?? '') });
      i++;
    } else if (BULLET.test(line) || NUMBERED.test(line)) {
      const item = BULLET.test(line) ? BULLET : NUMBERED;
      const items: (readonly Inline[])[] = [];
      for (let match = item.exec(line); match !== null; match = item.exec(lines[i] ?? '')) {
        items.push(parseInline(match[1] ?? ''));
        i++;
      }
      blocks.push({ kind: 'list', ordered: item === NUMBERED, items });
    } else {
      const start = i++;
      const ends = (one: string): boolean =>
        one.trim() === '' || [BULLET, NUMBERED, HEADING, FENCE].some((pattern) => pattern.test(one));
      while (i < lines.length && !ends(lines[i] ?? '')) i++;
      blocks.push({ kind: 'paragraph', lines: lines.slice(start, i).map(parseInline) });
    }
  }
  return blocks;
}
