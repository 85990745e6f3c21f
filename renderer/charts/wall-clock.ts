/** From training time to the clock on the wall and back, and labels of an axis of dates. Local time. */

import type { ClockMark } from '../../electron/contract/runs.ts';
import { linearTicks, type Range } from './ticks.ts';

/** UTC milliseconds at a training time. Before the first mark the clock is taken to have run as after it. */
export function wallAt(marks: readonly ClockMark[], elapsedMs: number): number {
  const mark = marks.findLast((one) => one.elapsedMs <= elapsedMs) ?? marks[0];
  return mark === undefined ? elapsedMs : mark.at + (elapsedMs - mark.elapsedMs);
}

/** Training time at a moment; during a pause that of its beginning. */
export function elapsedAt(marks: readonly ClockMark[], wallMs: number): number {
  const index = Math.max(
    0,
    marks.findLastIndex((one) => one.at <= wallMs),
  );
  const mark = marks[index];
  if (mark === undefined) return wallMs;
  const elapsed = mark.elapsedMs + (wallMs - mark.at);
  return Math.min(elapsed, marks[index + 1]?.elapsedMs ?? Infinity);
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const STEPS = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7, 14, 30, 90, 365].map((n) => n * DAY),
];

/** Round local times in a range of UTC seconds, at most about `count`. */
export function dateTicks({ min, max }: Range, count: number): number[] {
  const span = max - min;
  if (span < count) return linearTicks({ min, max }, count);
  const step = STEPS.find((one) => one * count >= span) ?? 365 * DAY;
  // Whole hours and days are whole where the person is.
  const offset = new Date(min * 1000).getTimezoneOffset() * MINUTE;
  const ticks: number[] = [];
  for (let k = Math.ceil((min - offset) / step - 1e-9); k * step + offset <= max; k++) ticks.push(k * step + offset);
  return ticks;
}

/** "14:05", with seconds where ticks are nearer than a minute; `dated` puts the day before: "11-30 14:05". */
export function dateLabel(seconds: number, span: number, dated: boolean): string {
  const date = new Date(seconds * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  if (span >= 4 * DAY) return span >= 300 * DAY ? `${date.getFullYear()}-${day}` : day;
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  // A run of a few seconds: the day would take the room of the time.
  if (span > 0 && span < 5) return `${time}:${two(date.getSeconds())}.${Math.floor(date.getMilliseconds() / 100)}`;
  const exact = span < 5 * MINUTE ? `${time}:${two(date.getSeconds())}` : time;
  return dated ? `${day} ${exact}` : exact;
}

/** Labels of ticks: the day stands at the first one and where it changes. */
export function dateLabels(ticks: readonly number[], span: number): string[] {
  let day = '';
  return ticks.map((tick) => {
    const now = new Date(tick * 1000).toDateString();
    const label = dateLabel(tick, span, now !== day);
    day = now;
    return label;
  });
}
