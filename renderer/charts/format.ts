/** Numbers as axes and legends write them; the rest of the app's formats are in text/format.ts. */

import { formatCount, formatFixed, formatNumber } from '../text/format.ts';

/** Three significant digits for axes: 0.0005 → "5e−4", 12000 → "12,000", 0.25 → "0.25". */
export function formatTick(value: number): string {
  const size = Math.abs(value);
  return size >= 1000 && size < 1e6 ? formatCount(value) : formatNumber(value, 3);
}

/** A loss beside its chart: five digits at most, NaN and infinities by name, missing as `–`. */
export function formatLoss(value: number | null): string {
  if (value === null) return formatFixed(null);
  if (Number.isNaN(value)) return 'NaN';
  const size = Math.abs(value);
  if (size >= 1e5) return formatNumber(value, 3);
  if (size >= 1000) return formatCount(value);
  return formatFixed(value, size >= 100 ? 1 : size >= 10 ? 2 : 4);
}

/** Seconds on an axis: "0:30", "12:00", "1:00:00"; "0.5 s" where the axis is shorter than a few seconds. */
export function formatSeconds(seconds: number): string {
  if (!Number.isInteger(seconds)) return `${formatNumber(seconds, 3)} s`;
  const tail = String(seconds % 60).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${tail}`;
  return `${formatCount(Math.floor(minutes / 60))}:${String(minutes % 60).padStart(2, '0')}:${tail}`;
}
