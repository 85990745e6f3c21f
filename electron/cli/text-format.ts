/** Numbers, times and tables for people. */

/** "1.2 s", "3 min 5 s", "2 h 10 min". */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
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
