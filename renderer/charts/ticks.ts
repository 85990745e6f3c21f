/** Where axes begin, end and carry labels. Three to six labels, round numbers, ranges that do not creep. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Round step (1, 2 or 5 times a power of ten) that puts at most `count` intervals into the span. */
export function niceStep(span: number, count: number): number {
  if (!(span > 0)) return 1;
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const digit = [1, 2, 5, 10].find((d) => d * power >= raw * (1 - 1e-9)) ?? 10;
  return digit * power;
}

/** Round numbers inside a range, both ends included where they are round. */
export function linearTicks(range: Range, count = 5): number[] {
  const step = niceStep(range.max - range.min, count);
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  const ticks: number[] = [];
  for (let k = Math.ceil(range.min / step - 1e-9); k * step <= range.max + step * 1e-9; k++) {
    // Adding 0 makes −0 an ordinary 0, which is written without a sign.
    ticks.push((digits > 15 ? k * step : Number((k * step).toFixed(Math.min(20, digits)))) + 0);
  }
  return ticks;
}

/** Three to five round numbers around 0 or inside a range, in steps of 1 to 5 times a power of ten. */
export function valueTicks(range: Range): number[] {
  const power = 10 ** Math.floor(Math.log10((range.max - range.min) / 4));
  for (const digit of [1, 2, 3, 4, 5, 10]) {
    const step = digit * power;
    const first = Math.ceil(range.min / step - 1e-9);
    const last = Math.floor(range.max / step + 1e-9);
    if (last - first > 4) continue;
    return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(6)) + 0);
  }
  return linearTicks(range, 4);
}

/**
 * Labels of a log axis: decades only, thinned to at most six. A range with fewer than two decades in it falls back
 * to 1, 3 and then 1, 2, 5 times the powers of ten, and to round numbers when it is narrower still.
 */
export function logTicks(range: Range): number[] {
  for (const digits of [[1], [1, 3], [1, 2, 5], [1, 2, 3, 4, 5, 6, 7, 8, 9]]) {
    const ticks = multiples(range, digits);
    if (ticks.length < 2) continue;
    if (digits.length > 3 && ticks.length > 6) continue;
    const every = Math.ceil(ticks.length / 6);
    return ticks.filter((_, i) => i % every === 0);
  }
  return linearTicks(range, 4);
}

function multiples(range: Range, digits: readonly number[]): number[] {
  const ticks: number[] = [];
  const low = Math.floor(Math.log10(range.min));
  const high = Math.ceil(Math.log10(range.max));
  for (let power = low; power <= high; power++) {
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= range.min * (1 - 1e-9) && value <= range.max * (1 + 1e-9)) ticks.push(value);
    }
  }
  return ticks;
}

/** Smallest range between 1, 2, 3, 5 times powers of ten that holds the values; never empty. */
export function logRange(low: number, high: number): Range {
  const marks = [1, 2, 3, 5];
  const down = (value: number): number => {
    const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
    return (marks.findLast((mark) => mark * power <= value * (1 + 1e-12)) ?? 1) * power;
  };
  const up = (value: number): number => {
    const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
    return ([...marks, 10].find((mark) => mark * power >= value * (1 - 1e-12)) ?? 10) * power;
  };
  const min = down(low);
  const max = up(high);
  return max > min ? { min, max } : { min: down(min * 0.99), max: up(max * 1.01) };
}

/** Range of round numbers around the values; a constant gets room above and below. */
export function linearRange(low: number, high: number): Range {
  if (!(high > low)) {
    const pad = low === 0 ? 1 : Math.abs(low) * 0.1;
    return linearRange(low - pad, low + pad);
  }
  const step = niceStep(high - low, 5);
  return { min: Math.floor(low / step + 1e-9) * step, max: Math.ceil(high / step - 1e-9) * step };
}

/**
 * Range of an accuracy axis: from where nearly all of the data is, not from 0, up to 1. The first eighth of the points
 * may lie below; the chart marks and counts them.
 *
 * @param values shares of 1, oldest first; not finite ones are passed over
 */
export function accuracyRange(values: ArrayLike<number>): Range {
  let low = Infinity;
  let high = -Infinity;
  const settled = Math.floor(values.length * 0.12);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    if (i >= settled) low = Math.min(low, value);
    high = Math.max(high, value);
  }
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { min: 0, max: 1 };
  const gap = 1 - Math.min(low, 1);
  const step = gap > 0.5 ? 0.2 : gap > 0.15 ? 0.1 : gap > 0.06 ? 0.05 : gap > 0.025 ? 0.02 : 0.01;
  const min = Math.max(0, Math.floor((low + 1e-6) / step) * step);
  return { min: Number(Math.min(min, 1 - step).toFixed(4)), max: 1 };
}

/**
 * End of the x axis of a run that is under way: the smallest of 10 · 1.1^k not below the last point, and not beyond
 * the plan. It moves rarely and by a tenth, so nothing creeps.
 */
export function liveEnd(last: number, planned: number): number {
  if (last >= planned) return Math.max(last, 1);
  const k = Math.max(0, Math.ceil(Math.log(Math.max(last, 1e-9) / 10) / Math.log(1.1) - 1e-9));
  return Math.min(planned, Math.ceil(10 * 1.1 ** k));
}

/** Seconds: ticks at 1, 2, 5, 10, 15, 30 s, then minutes, hours and days the same way. */
export function timeTicks(range: Range, count = 5): number[] {
  const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];
  const span = range.max - range.min;
  if (span < count) return linearTicks(range, count);
  const step = steps.find((s) => s * count >= span) ?? niceStep(span / 86_400, count) * 86_400;
  const ticks: number[] = [];
  for (let k = Math.ceil(range.min / step - 1e-9); k * step <= range.max; k++) ticks.push(k * step + 0);
  return ticks;
}

/** Adds the end of the range as a label, and drops round ones nearer to it than `nearest`, a share of the range. */
export function withEnd(ticks: readonly number[], range: Range, nearest: number): number[] {
  const span = range.max - range.min;
  const kept = ticks.filter((tick) => range.max - tick > span * nearest);
  return [...kept, range.max];
}
