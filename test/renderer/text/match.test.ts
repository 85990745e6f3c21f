import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matchesWords, matchParts, wordsOf } from '../../../renderer/text/match.ts';

describe('finding words', () => {
  it('asks for every word, in any order and case', () => {
    const words = wordsOf('  Adam digits ');
    expect(words).toEqual(['adam', 'digits']);
    expect(matchesWords('digits with ADAM', words)).toBe(true);
    expect(matchesWords('digits with sgd', words)).toBe(false);
    expect(matchesWords('anything', wordsOf(' '))).toBe(true);
  });
  it('shows where they are', () => {
    expect(matchParts('adam-lr0.1 and Adam', ['adam', 'lr'])).toEqual([
      { text: 'adam', hit: true },
      { text: '-', hit: false },
      { text: 'lr', hit: true },
      { text: '0.1 and ', hit: false },
      { text: 'Adam', hit: true },
    ]);
    expect(matchParts('训练 Adam', ['训'])).toEqual([
      { text: '训', hit: true },
      { text: '练 Adam', hit: false },
    ]);
  });
  it('never loses a letter', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ minLength: 1 })), (text, queries) => {
        const parts = matchParts(
          text,
          queries.map((query) => query.toLowerCase()),
        );
        expect(parts.map((part) => part.text).join('')).toBe(text);
      }),
    );
  });
});
