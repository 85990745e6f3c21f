/** Takes a run back to its last checkpoint, so that going on from there logs no step twice and leaves none out. */

import { say, toMessage, word } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { LIVE_STATUSES, type RunStatus } from '../../../engine/spec/run-status.ts';
import type { LoggedLosses } from '../../../engine/spec/loss-comparison.ts';
import type { Split } from '../../../engine/spec/metric.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { Resume, ResumePoint, RewoundRun } from '../../contract/store-requests.ts';
import type { WritableDatabase } from '../database.ts';
import { lastCheckpoints, readBytes, readResumePoint, type CheckpointRow } from '../reads/checkpoints.ts';
import { readCurve } from '../reads/curves.ts';
import { lossesLeftToCompare } from '../reads/resumes.ts';
import { readSummary, runNumber } from '../reads/runs.ts';
import { truncateClock } from './health.ts';
import { rebuildSparkline } from './figures.ts';
import { noteResume } from './resumes.ts';
import { truncateRun } from './truncate.ts';

/** To be called inside a transaction. */
export function rewindRun(db: WritableDatabase, resume: Resume): RewoundRun {
  const { id } = resume;
  const point = readResumePoint(db, id);
  const run = runNumber(db, id);
  refuseOthers(point.summary);
  const replay = replayOf(db, id, run, point);
  truncateRun(db, run, point.step);
  truncateClock(db, run, point.elapsedMs);
  if (point.bytes !== null) noteResume(db, run, resume, point.step, replay.logged);
  rewindRow(db, run, point);
  rebuildFigures(db, run, id);
  return { ...point, ...replay, summary: readSummary(db, run) };
}

/** A run that ended well after its last checkpoint but one goes on without being compared. */
const MOST_REPLAYED_MS = 10_000;

/**
 * What can be trained again and compared: the steps logged after the last checkpoint, which are lost otherwise; when
 * it ended right at its last one, those that led there from the one before.
 */
function replayOf(
  db: WritableDatabase,
  id: RunId,
  run: number,
  point: ResumePoint,
): Pick<RewoundRun, 'logged' | 'replayFrom'> {
  if (point.bytes === null) return { logged: null, replayFrom: null };
  const after = lossesLeftToCompare(db, run, point.step) ?? lossesFrom(db, id, point.step, Infinity);
  if (after !== null) return { logged: after, replayFrom: null };
  const [last, before] = lastCheckpoints(db, run);
  if (last === undefined || before === undefined || point.summary.trial !== undefined || isLong(before, last)) {
    return { logged: null, replayFrom: null };
  }
  const logged = lossesFrom(db, id, before.step, last.step);
  return { logged, replayFrom: logged === null ? null : readBytes(db, before, id) };
}

function isLong(before: CheckpointRow, last: CheckpointRow): boolean {
  return last.elapsed_ms - before.elapsed_ms > MOST_REPLAYED_MS;
}

/** Losses of the steps from `from` up to, and without, `to`. */
function lossesFrom(db: WritableDatabase, id: RunId, from: number, to: number): LoggedLosses | null {
  const steps = { from, to: Math.min(to - 1, 0x7fffffff) };
  const { values } = readCurve(db, { id, metric: 'loss', split: 'batch', maxPoints: null, steps });
  return values.length === 0 ? null : { from, losses: values };
}

function refuseOthers({ number, status }: RunSummary): void {
  const reason = LIVE_STATUSES.includes(status) ? word('it is live already') : NOTHING_LEFT[status];
  if (reason === undefined) return;
  throw new StudioFailure({ code: 'conflict', ...say`run #${number} is ${word(status)}, ${toMessage(reason)}` });
}

const NOTHING_LEFT: Partial<Record<RunStatus, string>> = {
  completed: 'there is nothing left to train',
  diverged: 'going on would only diverge again; start a new run with a smaller learning rate',
};

function rewindRow(db: WritableDatabase, run: number, point: ResumePoint): void {
  db.run(
    `UPDATE run SET status = 'queued', message = NULL, wording = NULL, ended_at = NULL, steps_done = ?, epochs_done = ?,
       elapsed_ms = ?, test_loss = NULL, test_accuracy = NULL, weights_sha256 = NULL
     WHERE number = ?`,
    [point.step, point.epoch, point.elapsedMs, run],
  );
}

/** Figures and sparkline from the curves that are left. A best epoch that is gone is replaced with the worker's `started`. */
export function rebuildFigures(db: WritableDatabase, run: number, id: RunId): void {
  const read = (metric: 'loss' | 'accuracy', split: Split): Float32Array =>
    readCurve(db, { id, metric, split, maxPoints: null }).values;
  const trainLoss = read('loss', 'train');
  const validationLoss = read('loss', 'validation');
  const validationAccuracy = read('accuracy', 'validation');
  const lowest = extreme(validationLoss, (a, b) => a < b);
  const highest = extreme(validationAccuracy, (a, b) => a > b);
  const { validation_rows: rows } = db.get<{ validation_rows: number }>(
    'SELECT validation_rows FROM run WHERE number = ?',
    [run],
  ) ?? { validation_rows: 0 };
  db.run(
    `UPDATE run SET last_train_loss = :trainLoss, last_validation_loss = :validationLoss,
       last_validation_accuracy = :validationAccuracy,
       lowest_validation_loss = :lowestLoss, lowest_loss_epoch = :lowestEpoch,
       highest_validation_accuracy = :highestAccuracy, highest_accuracy_epoch = :highestEpoch
     WHERE number = :run`,
    {
      run,
      trainLoss: trainLoss.at(-1) ?? null,
      validationLoss: validationLoss.at(-1) ?? null,
      validationAccuracy: validationAccuracy.at(-1) ?? null,
      lowestLoss: lowest?.value ?? null,
      lowestEpoch: lowest?.epoch ?? null,
      // Curves are float32; a share of so many rows is known exactly.
      highestAccuracy: highest === null ? null : rows > 0 ? Math.round(highest.value * rows) / rows : highest.value,
      highestEpoch: highest?.epoch ?? null,
    },
  );
  db.run(
    `UPDATE run SET best_epoch = NULL, best_step = NULL, best_validation_loss = NULL, best_validation_accuracy = NULL
     WHERE number = ? AND best_epoch > epochs_done`,
    [run],
  );
  rebuildSparkline(db, run, validationLoss.length > 0 ? validationLoss : trainLoss);
}

/** The first value that none exceeds, of one figure an epoch; NaN exceeds nothing. */
function extreme(
  figures: Float32Array,
  exceeds: (a: number, b: number) => boolean,
): { readonly value: number; readonly epoch: number } | null {
  let found: { readonly value: number; readonly epoch: number } | null = null;
  for (const [i, value] of figures.entries()) {
    if (!Number.isNaN(value) && (found === null || exceeds(value, found.value))) found = { value, epoch: i + 1 };
  }
  return found;
}
