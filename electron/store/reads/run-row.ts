/** A row of the run table, and how it becomes what the studio shows. */

import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import type { Message } from '../../../engine/spec/message.ts';
import { wordingSchema } from '../../../engine/spec/schema-parts.ts';
import { RESUMABLE_STATUSES, type RunStatus } from '../../../engine/spec/run-status.ts';
import type { RunOrigin, RunSummary } from '../../contract/runs.ts';
import { float32Column } from '../blob.ts';

/** Columns in alphabetical disorder: as the table has them. */
export interface RunRow {
  readonly number: number;
  readonly id: RunId;
  readonly name: string;
  readonly status: RunStatus;
  readonly message: string | null;
  /** JSON. */
  readonly wording: string | null;
  readonly spec: string;
  readonly data: string;
  readonly model: string;
  readonly optimizer: string;
  readonly lr: number;
  readonly parameters: number;
  readonly task: 'classification' | 'regression';
  readonly steps_per_epoch: number;
  readonly steps_planned: number;
  readonly epochs_planned: number;
  readonly steps_done: number;
  readonly epochs_done: number;
  readonly elapsed_ms: number;
  readonly input_shape: string;
  readonly output_names: string;
  readonly train_rows: number;
  readonly validation_rows: number;
  readonly test_rows: number;
  readonly kernels: string | null;
  readonly kernels_description: string | null;
  readonly model_card: string | null;
  readonly data_sha256: string | null;
  readonly weights_sha256: string | null;
  readonly best_epoch: number | null;
  readonly best_validation_loss: number | null;
  readonly best_validation_accuracy: number | null;
  readonly best_step: number | null;
  readonly lowest_validation_loss: number | null;
  readonly lowest_loss_epoch: number | null;
  readonly highest_validation_accuracy: number | null;
  readonly highest_accuracy_epoch: number | null;
  readonly last_train_loss: number | null;
  readonly last_validation_loss: number | null;
  readonly last_validation_accuracy: number | null;
  readonly test_loss: number | null;
  readonly test_accuracy: number | null;
  readonly sparkline: Buffer;
  readonly sparkline_every: number;
  readonly app_version: string;
  readonly created_at: number;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly deleted_at: number | null;
  readonly starred: number;
  readonly tags: string;
  readonly notes: string;
  readonly archived_at: number | null;
  readonly color: number | null;
  readonly project: string;
  readonly fingerprints: string | null;
  readonly origin_kind: RunOrigin['kind'] | null;
  readonly origin_id: RunId | null;
  readonly origin_number: number | null;
  readonly origin_step: number | null;
  readonly origin_epoch: number | null;
  readonly system: string | null;
  /** Of a trial's run; else NULL. */
  readonly trial_sweep: SweepId | null;
  readonly trial_number: number | null;
  readonly repeat: number | null;
  /** Of a promoted run; else NULL. */
  readonly promoted_sweep: SweepId | null;
  readonly promoted_number: number | null;
  /** 1 when it has a checkpoint. */
  readonly has_checkpoint: number;
}

/** Which trial a run is or comes from, for the columns of a SELECT from run. */
export const TRIAL_COLUMNS = `
  repeat, (SELECT trial.number FROM trial WHERE trial.id = run.trial) AS trial_number,
  (SELECT sweep.id FROM sweep JOIN trial ON trial.sweep = sweep.number WHERE trial.id = run.trial) AS trial_sweep,
  (SELECT trial.number FROM trial WHERE trial.id = run.promoted_from) AS promoted_number,
  (SELECT sweep.id FROM sweep JOIN trial ON trial.sweep = sweep.number WHERE trial.id = run.promoted_from)
    AS promoted_sweep`;

/** What a summary needs. The spec is left out: ten thousand of them would be read for nothing. */
export const SUMMARY_COLUMNS = `
  number, id, name, status, data, model, optimizer, lr, parameters, task, steps_per_epoch, steps_planned,
  epochs_planned, steps_done, epochs_done, elapsed_ms, best_epoch, best_step, best_validation_loss,
  best_validation_accuracy, lowest_validation_loss, lowest_loss_epoch, highest_validation_accuracy, highest_accuracy_epoch,
  last_train_loss, last_validation_loss, last_validation_accuracy, test_loss, test_accuracy, sparkline, created_at,
  started_at, ended_at, deleted_at, starred, tags, notes, archived_at, color, project, origin_kind, origin_id,
  origin_number, origin_step, origin_epoch,
  ${TRIAL_COLUMNS}, EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.number) AS has_checkpoint`;

/** A message of an older version has no wording. */
export function toMessage({ message, wording }: Pick<RunRow, 'message' | 'wording'>): Message | null {
  if (message === null) return null;
  return wording === null ? { message } : { message, wording: wordingSchema.parse(JSON.parse(wording)) };
}

export function toSummary(row: RunRow): RunSummary {
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    status: row.status,
    data: row.data,
    model: row.model,
    optimizer: row.optimizer,
    lr: row.lr,
    parameters: row.parameters,
    epochsDone: row.epochs_done,
    epochsPlanned: row.epochs_planned,
    stepsDone: row.steps_done,
    stepsPlanned: row.steps_planned,
    stepsPerEpoch: row.steps_per_epoch,
    task: row.task,
    bestValidationAccuracy: row.best_validation_accuracy,
    bestEpoch: row.best_epoch,
    bestStep: row.best_step,
    bestValidationLoss: row.best_validation_loss,
    lowestValidationLoss: row.lowest_validation_loss,
    lowestLossEpoch: row.lowest_loss_epoch,
    highestValidationAccuracy: row.highest_validation_accuracy,
    highestAccuracyEpoch: row.highest_accuracy_epoch,
    lastTrainLoss: row.last_train_loss,
    lastValidationLoss: row.last_validation_loss,
    lastValidationAccuracy: row.last_validation_accuracy,
    testLoss: row.test_loss,
    testAccuracy: row.test_accuracy,
    sparkline: withLast(float32Column(row.sparkline), row),
    createdAt: row.created_at,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    durationMs: row.elapsed_ms,
    deletedAt: row.deleted_at,
    starred: row.starred === 1,
    tags: JSON.parse(row.tags) as string[],
    notes: row.notes,
    color: row.color,
    project: row.project,
    archivedAt: row.archived_at,
    // Without a checkpoint it can only begin again, which is fine as long as it had not begun.
    resumable:
      RESUMABLE_STATUSES.includes(row.status) && (row.has_checkpoint === 1 || row.steps_done === beginning(row)),
    ...trialOf(row),
    ...promotionOf(row),
    ...originOf(row),
  };
}

/** Steps it had before its first own one. */
function beginning({ origin_kind: kind, origin_step: step }: RunRow): number {
  return kind === 'fork' ? (step ?? 0) : 0;
}

function originOf(row: RunRow): Pick<RunSummary, 'origin'> {
  const { origin_kind: kind, origin_id: id, origin_number: number } = row;
  if (kind === null || id === null || number === null) return {};
  return { origin: { kind, id, number, step: row.origin_step ?? 0, epoch: row.origin_epoch ?? 0 } };
}

function trialOf({ trial_sweep: sweep, trial_number: trial, repeat }: RunRow): Pick<RunSummary, 'trial'> {
  return sweep === null || trial === null || repeat === null ? {} : { trial: { sweep, trial, repeat } };
}

function promotionOf({ promoted_sweep: sweep, promoted_number: trial }: RunRow): Pick<RunSummary, 'promotedFrom'> {
  return sweep === null || trial === null ? {} : { promotedFrom: { sweep, trial } };
}

/** The stored line is thinned; its end is always the newest figure. */
export function withLast(
  line: Float32Array,
  row: Pick<RunRow, 'last_validation_loss' | 'last_train_loss'>,
): Float32Array {
  const last = row.last_validation_loss ?? row.last_train_loss;
  if (last === null || line.length === 0 || line[line.length - 1] === Math.fround(last)) return line;
  const longer = new Float32Array(line.length + 1);
  longer.set(line);
  longer[line.length] = last;
  return longer;
}
