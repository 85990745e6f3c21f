/** Numbers as the screens write them: minus `−`, exponents `1e−3`, thousands with a comma, missing `–`. Never for exports. */

const MISSING = '–';
const MINUS = '−';
// Made once: live screens format hundreds of numbers a second.
const WHOLE = new Intl.NumberFormat('en-US');
const FIXED = new Map<number, Intl.NumberFormat>();
const PLAIN = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 });

/** A value that may be missing: null, undefined and NaN show as `–`. */
export type MaybeNumber = number | null | undefined;

function present(value: MaybeNumber): value is number {
  return value !== null && value !== undefined && !Number.isNaN(value);
}

function infinite(value: number): string | null {
  if (Number.isFinite(value)) return null;
  return value > 0 ? '∞' : `${MINUS}∞`;
}

function withMinus(text: string): string {
  return text.replaceAll('-', MINUS);
}

/** A whole number with thousands commas: 1,797. */
export function formatCount(value: MaybeNumber): string {
  if (!present(value)) return MISSING;
  return infinite(value) ?? withMinus(WHOLE.format(Math.round(value)));
}

/** `digits` significant digits; exponents below 0.001 and from 100,000 on: 0.125, 1.3e−5, 1,250. */
export function formatNumber(value: MaybeNumber, digits = 3): string {
  if (!present(value)) return MISSING;
  const special = infinite(value);
  if (special !== null) return special;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return exponent(value, digits);
  const rounded = Number(value.toPrecision(digits));
  return withMinus(PLAIN.format(rounded));
}

/** A fixed number of decimals, as for losses beside a chart: 0.1309. Small and large values become exponents. */
export function formatFixed(value: MaybeNumber, decimals = 4): string {
  if (!present(value)) return MISSING;
  const special = infinite(value);
  if (special !== null) return special;
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.5 * 10 ** -decimals || size >= 1e5)) return exponent(value, 3);
  return withMinus(fixed(decimals).format(value));
}

function fixed(decimals: number): Intl.NumberFormat {
  const known = FIXED.get(decimals);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  FIXED.set(decimals, made);
  return made;
}

/** A setting as a person would type it, all its digits kept: 0.001, 1e−6, 0.0003. */
export function formatSetting(value: MaybeNumber): string {
  if (!present(value)) return MISSING;
  const special = infinite(value);
  if (special !== null) return special;
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e6)) return withMinus(shortExponent(value.toExponential()));
  return withMinus(String(value));
}

/** A fraction as percent without its sign: 0.9638 → "96.38". */
export function formatPercent(fraction: MaybeNumber, decimals = 2): string {
  if (!present(fraction)) return MISSING;
  return infinite(fraction) ?? withMinus((fraction * 100).toFixed(decimals));
}

/** Time spent: 0:07, 12:40, 1:02:03. Milliseconds in. */
export function formatDuration(ms: MaybeNumber): string {
  if (!present(ms) || !Number.isFinite(ms)) return MISSING;
  const seconds = Math.max(0, Math.round(ms / 1000));
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  return hours === 0 ? `${minutes}:${tail}` : `${formatCount(hours)}:${String(minutes).padStart(2, '0')}:${tail}`;
}

/** Time spent where a few seconds matter: 1.5 ms, 84 ms, 1.2 s, then as `formatDuration`. Milliseconds in. */
export function formatTime(ms: MaybeNumber): string {
  if (!present(ms) || !(ms < 10_000)) return formatDuration(ms);
  if (ms <= 0) return '0 s';
  if (ms >= 999.5) return `${(ms / 1000).toFixed(1)} s`;
  return `${ms < 10 ? formatNumber(ms, 2) : Math.round(ms)} ms`;
}

const BYTE_UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Bytes in steps of 1,000: 842 B, 12 kB, 1.4 MB, 312 MB. */
export function formatBytes(bytes: MaybeNumber): string {
  if (!present(bytes) || !Number.isFinite(bytes)) return MISSING;
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < BYTE_UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const decimals = unit >= 2 && value < 9.95 ? 1 : 0;
  return `${value.toFixed(decimals)} ${BYTE_UNITS[unit] ?? 'B'}`;
}

/** A shape as in (64) or 1 × 28 × 28. */
export function formatShape(shape: readonly number[]): string {
  return shape.map(formatCount).join(' × ');
}

function exponent(value: number, digits: number): string {
  return withMinus(shortExponent(value.toExponential(Math.max(0, digits - 1))));
}

/** "1.30e-5" → "1.3e-5", "1e+6" → "1e6" */
function shortExponent(text: string): string {
  const [mantissa = '', power = ''] = text.split('e');
  const trimmed = mantissa.includes('.') ? mantissa.replace(/\.?0+$/, '') : mantissa;
  return `${trimmed}e${power.replace('+', '')}`;
}
