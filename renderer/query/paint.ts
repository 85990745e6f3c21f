/** A query cut into the pieces a query bar paints. Joined, the pieces are the text again. */

import type { ParsedQuery } from './parse.ts';
import type { FilterToken } from './tokens.ts';

export interface QueryPiece {
  readonly text: string;
  readonly look: 'space' | 'word' | 'field' | 'operator' | 'value';
  /** What is wrong stands here. */
  readonly wrong: boolean;
}
/** Pieces that stand together on one chip, or without one. */
export interface QueryGroup {
  readonly chip: boolean;
  readonly pieces: readonly QueryPiece[];
}

export function paintQuery({
  text,
  tokens,
  problems,
}: Pick<ParsedQuery, 'text' | 'tokens' | 'problems'>): readonly QueryGroup[] {
  const isWrong = (start: number, end: number): boolean =>
    problems.some((problem) => problem.start < end && start < problem.end);
  const piece = (start: number, end: number, look: QueryPiece['look']): readonly QueryPiece[] =>
    start === end ? [] : [{ text: text.slice(start, end), look, wrong: isWrong(start, end) }];
  const filter = (token: FilterToken): QueryGroup => ({
    // A filter whose value is still to be typed is no chip yet.
    chip: token.values.length > 0,
    pieces: [
      ...piece(token.start, token.operatorStart, 'field'),
      ...piece(token.operatorStart, token.valueStart, token.operator === ':' ? 'field' : 'operator'),
      ...piece(token.valueStart, token.end, 'value'),
    ],
  });
  const groups: QueryGroup[] = [];
  let at = 0;
  for (const token of tokens) {
    if (at < token.start) groups.push({ chip: false, pieces: piece(at, token.start, 'space') });
    groups.push(
      token.kind === 'filter' ? filter(token) : { chip: false, pieces: piece(token.start, token.end, 'word') },
    );
    at = token.end;
  }
  if (at < text.length) groups.push({ chip: false, pieces: piece(at, text.length, 'space') });
  return groups;
}
