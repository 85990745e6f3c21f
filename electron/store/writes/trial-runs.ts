/** What ties a run to its trial: the reference in its row, the figures the sweep is decided by. */

import type { EpochReport } from '../../contract/jobs.ts';
import type { TrialReference } from '../../contract/runs.ts';
import type { WritableDatabase } from '../database.ts';
import { sweepNumber } from '../reads/sweeps.ts';

/** Ties a new run to its trial. */
export function linkTrial(db: WritableDatabase, run: number, { sweep, trial, repeat }: TrialReference): void {
  const changed = db.run(
    `UPDATE run SET repeat = :repeat, trial = (SELECT id FROM trial WHERE sweep = :sweep AND number = :trial)
     WHERE number = :run`,
    { run, repeat, trial, sweep: sweepNumber(db, sweep) },
  );
  const linked = db.get<{ trial: number | null }>('SELECT trial FROM run WHERE number = ?', [run]);
  if (changed !== 1 || typeof linked?.trial !== 'number') throw new Error(`sweep ${sweep} has no trial ${trial}`);
}

/** What the sweep is decided by, beside the curves; nothing for a run that is no trial. Replaces what came before. */
export function reportTrial(db: WritableDatabase, run: number, report: EpochReport): void {
  db.run(
    `INSERT INTO trial_report (run, epoch, train_loss, train_accuracy, validation_loss, validation_accuracy)
     SELECT number, :epoch, :trainLoss, :trainAccuracy, :validationLoss, :validationAccuracy
     FROM run WHERE number = :run AND trial IS NOT NULL
     ON CONFLICT (run, epoch) DO UPDATE SET train_loss = :trainLoss, train_accuracy = :trainAccuracy,
       validation_loss = :validationLoss, validation_accuracy = :validationAccuracy`,
    {
      run,
      epoch: report.epoch,
      trainLoss: report.trainLoss,
      trainAccuracy: report.trainAccuracy,
      validationLoss: report.validationLoss,
      validationAccuracy: report.validationAccuracy,
    },
  );
}
