/** Numbers, times and tables for people. */

import type { LossComparison } from '../../engine/spec/loss-comparison.ts';
import type { ResumeChange, RunEquality } from '../contract/runs.ts';

/** "1.2 s", "3 min 5 s", "2 h 10 min". */
export function duration(ms: number): string {
  if (ms < 9_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Four significant digits, '' for none. */
export function figure(value: number | null): string {
  if (value === null) return '';
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/** "97.31 %", '' for none. */
export function percent(value: number | null): string {
  return value === null ? '' : `${(value * 100).toFixed(2)} %`;
}

/** Columns as wide as their widest cell, two spaces between, a line a row. */
export function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  const lines = rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join('');
}

/** A status with its reason, said once: "completed: stopped early after epoch 5", "diverged at step 4: …". */
export function statusText(status: string, message: string | null): string {
  if (message === null || message === '') return status;
  return message.startsWith(status) ? message : `${status}: ${message}`;
}

const CAUSES: Readonly<Record<ResumeChange, string>> = {
  data: 'the data has changed',
  kernels: 'other kernels round differently',
  version: 'the engine has changed',
};

/** "verified: 37 of 37 losses identical", or where the first difference is and what is known to have changed. */
export function verifiedText(
  { steps, identical, difference }: LossComparison,
  changes: readonly ResumeChange[],
): string {
  if (steps === 0) return 'verified: nothing, no logged step could be trained again';
  const count = `verified: ${identical} of ${steps} losses identical`;
  if (difference === null) return count;
  const causes = changes.length === 0 ? 'nothing that is known has changed' : changes.map((c) => CAUSES[c]).join(', ');
  const { step, logged, now } = difference;
  return `${count}; the first difference is at step ${step} (${logged} then, ${now} now): ${causes}`;
}

/** Whether a repetition gave the same numbers, else where it first did not. */
export function repeatedText({ identical, compared, difference, sameWeights }: RunEquality): string {
  const weights = sameWeights === true ? ' and the final weights' : '';
  if (identical) return `identical: all ${compared} logged values${weights}`;
  if (difference === null) return `not identical: the same ${compared} logged values, but other final weights`;
  const { step, what, own, other } = difference;
  const values = own === null && other === null ? '' : ` (${other ?? 'none'} before, ${own ?? 'none'} now)`;
  return `not identical: the first difference is at step ${step}, ${what.message}${values}`;
}
