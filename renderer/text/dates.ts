/** Moments as people read them, in the language of the interface. */

const DAY_MS = 86_400_000;

/** "Today 14:05", "12 Mar 2026, 14:05": date and time of day. `ms` is UTC milliseconds. */
export function formatMoment(ms: number | null, locale: string): string {
  if (ms === null) return '–';
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms);
}

/** "3 weeks ago", "yesterday", "5 minutes ago". */
export function formatAgo(ms: number, now: number, locale: string): string {
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const past = Math.max(0, now - ms);
  const steps: readonly [number, Intl.RelativeTimeFormatUnit][] = [
    [365 * DAY_MS, 'year'],
    [30 * DAY_MS, 'month'],
    [7 * DAY_MS, 'week'],
    [DAY_MS, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
  ];
  const [size, unit] = steps.find(([length]) => past >= length) ?? [1000, 'second' as const];
  // Chinese text is set with a space between figures and characters, as everywhere else in the app.
  return format.format(-Math.floor(past / size), unit).replace(/(\d)(?=\p{Script=Han})/gu, '$1 ');
}
