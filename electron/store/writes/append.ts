/** Everything a live run writes at one moment, in the order that makes a checkpoint's steps come before it. */

import type { RunAppend } from '../../contract/store-requests.ts';
import type { RunFinished, RunStarted } from '../../contract/jobs.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { WritableDatabase } from '../database.ts';
import { readSummary, runNumber } from '../reads/runs.ts';
import { writeCheckpoint } from './checkpoints.ts';
import { applyEpoch, setBest } from './figures.ts';
import { appendHealth, markClock } from './health.ts';
import { writeHistogram } from './histograms.ts';
import { appendChunk } from './metrics.ts';
import { countScore } from './promotions.ts';
import { noteVerified } from './resumes.ts';
import { reportTrial } from './trial-runs.ts';
import { applySpans } from './trial-spans.ts';

/** To be called inside a transaction. */
export function appendToRun(db: WritableDatabase, append: RunAppend): RunSummary {
  const run = runNumber(db, append.id);
  if (append.started !== undefined) markStarted(db, run, append.started.at, append.started.report);
  for (const chunk of append.chunks ?? []) appendChunk(db, run, chunk);
  for (const chunk of append.health ?? []) appendHealth(db, run, chunk);
  if (append.clock !== undefined) markClock(db, run, append.clock);
  for (const frame of append.histograms ?? []) writeHistogram(db, run, frame);
  const epochsDone = readSummary(db, run).epochsDone;
  for (const report of append.epochs ?? []) {
    reportTrial(db, run, report);
    // A repeated append must not count an epoch twice.
    if (report.epoch > epochsDone) applyEpoch(db, run, report);
  }
  if (append.verified !== undefined) noteVerified(db, run, append.verified);
  for (const checkpoint of append.checkpoints ?? []) writeCheckpoint(db, run, checkpoint);
  if (append.step !== undefined) db.run('UPDATE run SET steps_done = ? WHERE number = ?', [append.step, run]);
  if (append.elapsedMs !== undefined) db.run('UPDATE run SET elapsed_ms = ? WHERE number = ?', [append.elapsedMs, run]);
  if (append.spans !== undefined) applySpans(db, run, append.spans);
  if (append.ended !== undefined) markEnded(db, run, append.ended.at, append.ended.report);
  if (append.status !== undefined) db.run('UPDATE run SET status = ? WHERE number = ?', [append.status, run]);
  if (append.message !== undefined) {
    const { message = null, wording } = append.message ?? {};
    const json = wording === undefined ? null : JSON.stringify(wording);
    db.run('UPDATE run SET message = ?, wording = ? WHERE number = ?', [message, json, run]);
  }
  return readSummary(db, run);
}

function markStarted(db: WritableDatabase, run: number, at: number, started: RunStarted): void {
  db.run(
    `UPDATE run SET started_at = ifnull(started_at, :at), ended_at = NULL, message = NULL, wording = NULL, kernels = :kernels,
       kernels_description = :kernelsDescription, model_card = :card,
       fingerprints = ifnull(:fingerprints, fingerprints), system = ifnull(system, :system),
       data_sha256 = :dataSha256, parameters = :parameters, steps_per_epoch = :stepsPerEpoch,
       steps_planned = :totalSteps, train_rows = :train, validation_rows = :validation, test_rows = :test
     WHERE number = :run`,
    {
      run,
      at,
      kernels: started.kernels,
      kernelsDescription: started.kernelsDescription,
      card: JSON.stringify(started.card),
      fingerprints: started.fingerprints === null ? null : JSON.stringify(started.fingerprints),
      system: JSON.stringify(started.system),
      dataSha256: started.dataSha256,
      parameters: started.parameters,
      stepsPerEpoch: started.stepsPerEpoch,
      totalSteps: started.totalSteps,
      ...started.splitSizes,
    },
  );
  if (started.best !== null) setBest(db, run, started.best);
}

function markEnded(db: WritableDatabase, run: number, at: number, finished: RunFinished | null): void {
  db.run('UPDATE run SET ended_at = ? WHERE number = ?', [at, run]);
  if (finished === null) return;
  db.run(
    `UPDATE run SET steps_done = :steps, epochs_done = :epochs, elapsed_ms = :elapsedMs, test_loss = :testLoss,
       test_accuracy = :testAccuracy, weights_sha256 = :weightsSha256
     WHERE number = :run`,
    {
      run,
      steps: finished.steps,
      epochs: finished.epochs,
      elapsedMs: finished.elapsedMs,
      testLoss: finished.testLoss,
      testAccuracy: finished.testAccuracy,
      weightsSha256: finished.weightsSha256,
    },
  );
  if (finished.testLoss !== null || finished.testAccuracy !== null) {
    countScore(db, run, at, finished.steps);
  }
}
