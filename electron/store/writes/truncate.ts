/** Cuts curves and histograms off after a step. */

import type { Split } from '../../../engine/spec/metric.ts';
import { float32Column, int32Column } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { checkChunk } from '../reads/check-chunk.ts';
import { truncateHealth } from './health.ts';
import { writeChunk } from './metrics.ts';

/** Keeps what a run logged in its first `steps` steps. */
export function truncateRun(db: WritableDatabase, run: number, steps: number): void {
  for (const series of db.all<{ id: number; split: Split }>('SELECT id, split FROM metric_series WHERE run = ?', [
    run,
  ])) {
    // A batch's figures carry the number of steps before it, an epoch's the number at its end.
    truncateSeries(db, series.id, series.split === 'batch' ? steps - 1 : steps);
  }
  db.run(`DELETE FROM histogram_frame WHERE step > ? AND series IN (SELECT id FROM histogram_series WHERE run = ?)`, [
    steps,
    run,
  ]);
  truncateHealth(db, run, steps);
}

interface ChunkRow {
  readonly first_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly crc32: number | null;
}

/** Keeps points with a step up to `lastStep`. */
function truncateSeries(db: WritableDatabase, series: number, lastStep: number): void {
  db.run('DELETE FROM metric_chunk WHERE series = ? AND first_step > ?', [series, lastStep]);
  const cut = db.get<ChunkRow>(
    `SELECT first_step, start_ms, end_ms, steps, "values", crc32 FROM metric_chunk
     WHERE series = ? AND last_step > ?`,
    [series, lastStep],
  );
  if (cut !== undefined) {
    checkChunk(cut);
    const steps = int32Column(cut.steps);
    const kept = steps.findIndex((step) => step > lastStep);
    const share = steps.length > 1 ? (kept - 1) / (steps.length - 1) : 0;
    writeChunk(db, series, {
      steps: steps.subarray(0, kept),
      values: float32Column(cut.values).subarray(0, kept),
      startMs: cut.start_ms,
      endMs: cut.start_ms + share * (cut.end_ms - cut.start_ms),
    });
  }
  recount(db, series);
}

function recount(db: WritableDatabase, series: number): void {
  const total = db.get<{ count: number | null; last: number; min: number | null; max: number | null }>(
    `SELECT sum(count) AS count, max(last_step) AS last, min(min) AS min, max(max) AS max
     FROM metric_chunk WHERE series = ?`,
    [series],
  );
  if (total === undefined || total.count === null) {
    db.run('DELETE FROM metric_series WHERE id = ?', [series]);
  } else {
    db.run('UPDATE metric_series SET count = ?, last_step = ?, min = ?, max = ? WHERE id = ?', [
      total.count,
      total.last,
      total.min,
      total.max,
      series,
    ]);
  }
}
