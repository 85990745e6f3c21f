/** Rows of runs: added, renamed, thrown away, brought back, deleted for good. */

import { say, word } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { NewRun } from '../../contract/store-requests.ts';
import { LIVE_STATUSES } from '../../../engine/spec/run-status.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { Database, WritableDatabase } from '../database.ts';
import { readSummary, runNumber } from '../reads/runs.ts';
import { linkOrigin } from './origins.ts';
import { insertHyperparameters } from './hyperparameters.ts';
import { linkPromotion } from './promotions.ts';
import { linkTrial } from './trial-runs.ts';
import { cutOffSpans } from './trial-spans.ts';

export function createRun(db: WritableDatabase, run: NewRun): RunSummary {
  const { number } = db.insert<{ number: number }>(
    `INSERT INTO run (id, name, status, spec, data, model, optimizer, lr, parameters, task, steps_per_epoch,
       steps_planned, epochs_planned, input_shape, output_names, train_rows, validation_rows, test_rows, app_version,
       created_at)
     VALUES (:id, :name, 'queued', :spec, :data, :model, :optimizer, :lr, :parameters, :task, :stepsPerEpoch,
       :stepsPlanned, :epochsPlanned, :inputShape, :outputNames, :train, :validation, :test, :appVersion, :createdAt)
     RETURNING number`,
    {
      id: run.id,
      name: run.spec.name,
      spec: JSON.stringify(run.spec),
      data: run.data,
      model: run.model,
      optimizer: run.spec.optimizer.type,
      lr: run.spec.optimizer.lr,
      parameters: run.parameters,
      task: run.task,
      stepsPerEpoch: run.stepsPerEpoch,
      stepsPlanned: run.stepsPlanned,
      epochsPlanned: run.epochsPlanned,
      inputShape: JSON.stringify(run.inputShape),
      outputNames: JSON.stringify(run.outputNames),
      ...run.splitSizes,
      appVersion: run.appVersion,
      createdAt: run.createdAt,
    },
  );
  insertHyperparameters(db, number, run.spec);
  if (run.trial !== undefined) linkTrial(db, number, run.trial);
  if (run.promotedFrom !== undefined) linkPromotion(db, number, run.promotedFrom);
  if (run.origin !== undefined) linkOrigin(db, number, run, run.origin);
  return readSummary(db, number);
}

export function renameRun(db: WritableDatabase, id: RunId, name: string): RunSummary {
  const run = runNumber(db, id);
  db.run('UPDATE run SET name = ? WHERE number = ?', [name, run]);
  return readSummary(db, run);
}

/** `at` null brings the runs back. A live run cannot be thrown away. */
export function setDeleted(db: WritableDatabase, ids: readonly RunId[], at: number | null): RunSummary[] {
  return ids.map((id) => {
    const run = runNumber(db, id);
    refuseLive(readSummary(db, run));
    db.run('UPDATE run SET deleted_at = ? WHERE number = ?', [at, run]);
    return readSummary(db, run);
  });
}

/** Deletes the runs and gives their pages back to the file system. Returns how many bytes that were. */
export function purgeRuns(db: Database, ids: readonly RunId[]): { freedBytes: number } {
  db.transaction(() => {
    for (const id of ids) {
      const run = runNumber(db, id);
      refuseLive(readSummary(db, run));
      db.run('DELETE FROM run WHERE number = ?', [run]);
    }
  });
  const freePages = Number(db.pragma('freelist_count'));
  db.exec('PRAGMA incremental_vacuum');
  const left = Number(db.pragma('freelist_count'));
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return { freedBytes: (freePages - left) * Number(db.pragma('page_size')) };
}

function refuseLive(summary: RunSummary): void {
  if (!LIVE_STATUSES.includes(summary.status)) return;
  throw new StudioFailure({
    code: 'conflict',
    ...say`run #${summary.number} ${JSON.stringify(summary.name)} is ${word(summary.status)}; stop it first`,
  });
}

/** What an earlier process left behind: its live runs are interrupted now. */
export function interruptLeftovers(db: WritableDatabase): RunId[] {
  const words = LIVE_STATUSES.map((status) => `'${status}'`).join(', ');
  const left = db.all<{ id: RunId }>(`SELECT id FROM run WHERE status IN (${words}) ORDER BY number`);
  db.run(
    `UPDATE run SET status = 'interrupted', message = 'the program ended while the run was ' || status,
       wording = json_object('code', 'the program ended while the run was {0}',
         'values', json_array(json_object('code', status, 'values', json_array())))
     WHERE status IN (${words})`,
  );
  cutOffSpans(db);
  return left.map(({ id }) => id);
}
