/** Curves of several runs as one table: every logged point, in full. */

import { float32Text, tableCsv } from '../../charts/export/csv.ts';
import type { SeriesBuffer } from '../../feed/series-buffer.ts';

export interface CsvLane {
  readonly lane: string;
  /** The run's number. */
  readonly run: number;
  readonly seed: number;
  readonly stepsPerEpoch: number;
  readonly buffer: SeriesBuffer;
}

/** One row a point: `lane,run,seed,step,epoch,elapsed_s,<name>`. */
export function lanesCsv(lanes: readonly CsvLane[], name: string): Uint8Array<ArrayBuffer> {
  const rows: (string | number)[][] = [['lane', 'run', 'seed', 'step', 'epoch', 'elapsed_s', name]];
  for (const { lane, run, seed, stepsPerEpoch, buffer } of lanes) {
    const { steps, values, elapsedMs, length } = buffer;
    for (let i = 0; i < length; i++) {
      const step = steps[i] ?? 0;
      const epoch = Number((step / Math.max(1, stepsPerEpoch)).toFixed(6));
      const elapsed = Number(((elapsedMs[i] ?? 0) / 1000).toFixed(4));
      rows.push([lane, run, seed, step, epoch, elapsed, float32Text(values[i] ?? Number.NaN)]);
    }
  }
  return tableCsv(rows);
}
