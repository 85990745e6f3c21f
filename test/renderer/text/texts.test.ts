import { describe, expect, it } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { formatAgo, formatMoment } from '../../../renderer/text/dates.ts';
import { failureOf } from '../../../renderer/text/failure.ts';
import { keyText } from '../../../renderer/text/platform.ts';

describe('dates', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  it('says how long ago, in the language', () => {
    expect(formatAgo(now - 21 * 86_400_000, now, 'en')).toBe('3 weeks ago');
    expect(formatAgo(now - 86_400_000, now, 'en')).toBe('yesterday');
    expect(formatAgo(now - 5 * 60_000, now, 'en')).toBe('5 minutes ago');
    expect(formatAgo(now - 3 * 3_600_000, now, 'zh-CN')).toBe('3 小时前');
    expect(formatAgo(now + 5_000, now, 'en')).toBe('now');
  });
  it('writes a missing moment as a dash', () => expect(formatMoment(null, 'en')).toBe('–'));
});

describe('errors', () => {
  it('keep their code, and anything else is internal', () => {
    expect(failureOf(new StudioFailure({ code: 'disk_full', message: 'no space' }))).toEqual({
      code: 'disk_full',
      detail: 'no space',
    });
    expect(failureOf(new Error('broken'))).toEqual({ code: 'internal', detail: 'broken' });
    expect(failureOf('text')).toEqual({ code: 'internal', detail: 'text' });
  });
});

describe('keys', () => {
  it('are shown as on the keyboard at hand', () => {
    expect(keyText('Ctrl Shift Z', false)).toBe('Ctrl Shift Z');
    expect(keyText('Ctrl Shift Z', true)).toBe('⌘⇧Z');
  });
});
