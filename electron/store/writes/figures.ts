/** The figures a run's row shows, kept up to date epoch by epoch so that the table never reads a curve. */

import type { EpochReport } from '../../contract/jobs.ts';
import { float32Column, toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';

/** One short of what a summary may hold: the newest figure is added when it is read. */
const SPARKLINE_POINTS = 31;

export function applyEpoch(db: WritableDatabase, run: number, report: EpochReport): void {
  db.run(
    `UPDATE run SET epochs_done = :epoch, last_train_loss = :trainLoss, last_validation_loss = :validationLoss,
       last_validation_accuracy = :validationAccuracy
     WHERE number = :run`,
    {
      run,
      epoch: report.epoch,
      trainLoss: report.trainLoss,
      validationLoss: report.validationLoss,
      validationAccuracy: report.validationAccuracy,
    },
  );
  const { epoch, step, validationLoss, validationAccuracy } = report;
  if (report.best) setBest(db, run, { epoch, step, loss: validationLoss, accuracy: validationAccuracy });
  // A figure that is NULL (NaN) is neither lower nor higher than any other.
  db.run(
    `UPDATE run SET lowest_validation_loss = :loss, lowest_loss_epoch = :epoch
     WHERE number = :run AND (:loss < lowest_validation_loss OR (lowest_validation_loss IS NULL AND :loss IS NOT NULL))`,
    // As the curve keeps it, from which it is found again after a rewind.
    { run, epoch, loss: Math.fround(validationLoss) },
  );
  db.run(
    `UPDATE run SET highest_validation_accuracy = :accuracy, highest_accuracy_epoch = :epoch
     WHERE number = :run AND (:accuracy > highest_validation_accuracy
       OR (highest_validation_accuracy IS NULL AND :accuracy IS NOT NULL))`,
    { run, epoch, accuracy: validationAccuracy },
  );
  const hasValidation = db.get<{ validation_rows: number }>('SELECT validation_rows FROM run WHERE number = ?', [run]);
  const figure = (hasValidation?.validation_rows ?? 0) > 0 ? report.validationLoss : report.trainLoss;
  extendSparkline(db, run, report.epoch, figure);
}

/** NaN (no validation split, regression) is stored as NULL. */
export function setBest(
  db: WritableDatabase,
  run: number,
  best: { readonly epoch: number; readonly step: number; readonly loss: number; readonly accuracy: number },
): void {
  db.run(
    `UPDATE run SET best_epoch = :epoch, best_step = :step, best_validation_loss = :loss,
       best_validation_accuracy = :accuracy
     WHERE number = :run`,
    { run, ...best },
  );
}

interface SparklineRow {
  readonly sparkline: Buffer;
  readonly sparkline_every: number;
}

/** Keeps every n-th epoch's figure; n doubles when the line would grow too long. */
function extendSparkline(db: WritableDatabase, run: number, epoch: number, figure: number): void {
  const row = db.get<SparklineRow>('SELECT sparkline, sparkline_every FROM run WHERE number = ?', [run]);
  if (row === undefined) throw new Error(`run ${run} is not in the database`);
  let every = row.sparkline_every;
  if ((epoch - 1) % every !== 0) return;
  let line = [...float32Column(row.sparkline), figure];
  while (line.length > SPARKLINE_POINTS) {
    line = line.filter((_, i) => i % 2 === 0);
    every *= 2;
  }
  db.run('UPDATE run SET sparkline = ?, sparkline_every = ? WHERE number = ?', [
    toBlob(Float32Array.from(line)),
    every,
    run,
  ]);
}

/** After a rewind: the line anew from the epoch figures that are left. */
export function rebuildSparkline(db: WritableDatabase, run: number, figures: Float32Array): void {
  let every = 1;
  let line = [...figures];
  while (line.length > SPARKLINE_POINTS) {
    line = line.filter((_, i) => i % 2 === 0);
    every *= 2;
  }
  db.run('UPDATE run SET sparkline = ?, sparkline_every = ? WHERE number = ?', [
    toBlob(Float32Array.from(line)),
    every,
    run,
  ]);
}
