/** Curves and histograms as CSV: every logged point, in full. Numbers are written so that reading them as float32 gives the same value. */

import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { SeriesBuffer } from '../../feed/series-buffer.ts';

/** Shortest decimal text that reads back as the same float32; `NaN`, `Infinity` and `-Infinity` by name. */
export function float32Text(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === Math.fround(value)) return String(text);
  }
  return String(Number(value.toPrecision(9)));
}

export interface CsvCurve {
  readonly name: string;
  readonly buffer: SeriesBuffer;
}

/**
 * One row a step, one column a curve: `step,epoch,elapsed_s,<name>…`. A cell is empty where the curve has no point.
 * All points of the buffers, whatever is drawn.
 */
export function curvesCsv(curves: readonly CsvCurve[], stepsPerEpoch: number): Uint8Array<ArrayBuffer> {
  const rows: string[] = [['step', 'epoch', 'elapsed_s', ...curves.map((curve) => curve.name)].join(',')];
  const at = curves.map(() => 0);
  for (;;) {
    let step = Infinity;
    curves.forEach(({ buffer }, i) => {
      step = Math.min(step, buffer.steps[at[i] ?? 0] ?? Infinity);
    });
    if (step === Infinity) break;
    let elapsed = 0;
    const cells = curves.map(({ buffer }, i) => {
      const index = at[i] ?? 0;
      if (buffer.steps[index] !== step) return '';
      at[i] = index + 1;
      elapsed = buffer.elapsedMs[index] ?? 0;
      return float32Text(buffer.values[index] ?? Number.NaN);
    });
    const epoch = Number((step / Math.max(1, stepsPerEpoch)).toFixed(6));
    rows.push(`${step},${epoch},${Number((elapsed / 1000).toFixed(4))},${cells.join(',')}`);
  }
  return encode(rows);
}

/** One row a bin: `kind,layer,step,low,high,count`; rows without an end are the values outside the bins. */
export function histogramsCsv(frames: Iterable<HistogramFrame>): Uint8Array<ArrayBuffer> {
  const rows = ['kind,layer,step,low,high,count'];
  for (const frame of frames) {
    const start = `${frame.kind},${frame.layerName},${frame.step}`;
    const edge = (i: number): string => float32Text(frame.edges[i] ?? Number.NaN);
    rows.push(`${start},,${edge(0)},${frame.below}`);
    frame.counts.forEach((count, i) => rows.push(`${start},${edge(i)},${edge(i + 1)},${count}`));
    rows.push(`${start},${edge(frame.edges.length - 1)},,${frame.above}`);
  }
  return encode(rows);
}

/** A plain table: cells with a comma, a quote or a line break are quoted. */
export function tableCsv(rows: readonly (readonly (string | number)[])[]): Uint8Array<ArrayBuffer> {
  const cell = (value: string | number): string => {
    const text = String(value);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return encode(rows.map((row) => row.map(cell).join(',')));
}

/** The same table with tabs between the cells, as spreadsheets take it from the clipboard. */
export function tabSeparated(csv: Uint8Array): string {
  const text = new TextDecoder().decode(csv);
  let out = '';
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    // Quotes stay: a spreadsheet reads them as we write them.
    out += character === ',' && !quoted ? '\t' : character;
  }
  return out;
}

function encode(rows: readonly string[]): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(rows.join('\n') + '\n');
}
