/** Takes a run back to its last checkpoint, so that going on from there logs no step twice and leaves none out. */

import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES, type RunStatus } from '../../../engine/spec/run-status.ts';
import type { Split } from '../../../engine/spec/metric.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { ResumePoint } from '../../contract/store-requests.ts';
import { float32Column, int32Column } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { checkChunk } from '../reads/check-chunk.ts';
import { readResumePoint } from '../reads/checkpoints.ts';
import { readCurve } from '../reads/curves.ts';
import { readSummary, runNumber } from '../reads/runs.ts';
import { truncateClock, truncateHealth } from './health.ts';
import { rebuildSparkline } from './figures.ts';
import { writeChunk } from './metrics.ts';

/** To be called inside a transaction. */
export function rewindRun(db: WritableDatabase, id: RunId): ResumePoint {
  const point = readResumePoint(db, id);
  const run = runNumber(db, id);
  refuseOthers(point.summary);
  for (const series of db.all<{ id: number; split: Split }>('SELECT id, split FROM metric_series WHERE run = ?', [
    run,
  ])) {
    // A batch's figures carry the number of steps before it, an epoch's the number at its end.
    truncateSeries(db, series.id, series.split === 'batch' ? point.step - 1 : point.step);
  }
  db.run(`DELETE FROM histogram_frame WHERE step > ? AND series IN (SELECT id FROM histogram_series WHERE run = ?)`, [
    point.step,
    run,
  ]);
  truncateHealth(db, run, point.step);
  truncateClock(db, run, point.elapsedMs);
  rewindRow(db, run, point);
  rebuildFigures(db, run, id);
  return { ...point, summary: readSummary(db, run) };
}

function refuseOthers({ number, status }: RunSummary): void {
  const reason = LIVE_STATUSES.includes(status) ? 'it is live already' : NOTHING_LEFT[status];
  if (reason === undefined) return;
  throw new StudioFailure({ code: 'conflict', message: `run #${number} is ${status}, ${reason}` });
}

const NOTHING_LEFT: Partial<Record<RunStatus, string>> = {
  completed: 'there is nothing left to train',
  diverged: 'going on would only diverge again; start a new run with a smaller learning rate',
};

function rewindRow(db: WritableDatabase, run: number, point: ResumePoint): void {
  db.run(
    `UPDATE run SET status = 'queued', message = NULL, ended_at = NULL, steps_done = ?, epochs_done = ?,
       elapsed_ms = ?, test_loss = NULL, test_accuracy = NULL, weights_sha256 = NULL
     WHERE number = ?`,
    [point.step, point.epoch, point.elapsedMs, run],
  );
}

/** Last figures and sparkline from the curves that are left. The best epoch comes with the worker's `started`. */
function rebuildFigures(db: WritableDatabase, run: number, id: RunId): void {
  const read = (metric: 'loss' | 'accuracy', split: Split): Float32Array =>
    readCurve(db, { id, metric, split, maxPoints: null }).values;
  const trainLoss = read('loss', 'train');
  const validationLoss = read('loss', 'validation');
  const validationAccuracy = read('accuracy', 'validation');
  db.run(
    `UPDATE run SET last_train_loss = ?, last_validation_loss = ?, last_validation_accuracy = ?,
       best_epoch = NULL, best_validation_loss = NULL, best_validation_accuracy = NULL
     WHERE number = ?`,
    [trainLoss.at(-1) ?? null, validationLoss.at(-1) ?? null, validationAccuracy.at(-1) ?? null, run],
  );
  rebuildSparkline(db, run, validationLoss.length > 0 ? validationLoss : trainLoss);
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
