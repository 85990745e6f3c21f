/** Sweeps and trials: added, changed, thrown away. */

import { say, word } from '../../../engine/spec/message.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import { LIVE_SWEEP_STATUSES } from '../../../engine/spec/sweep-status.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { NewSweep, SavedSweep, StoredTrial, SweepAppend } from '../../contract/sweep-store.ts';
import type { SweepSummary } from '../../contract/sweeps.ts';
import type { Database, WritableDatabase } from '../database.ts';
import { readSweepSummary, sweepNumber } from '../reads/sweeps.ts';
import { readTrialRows } from '../reads/trial-rows.ts';
import { purgeRuns } from './runs.ts';

export function createSweep(db: WritableDatabase, sweep: NewSweep): SweepSummary {
  db.run(
    `INSERT INTO sweep (id, name, status, spec, progress, workers, kernels, app_version, created_at)
     VALUES (:id, :name, 'running', :spec, :progress, :workers, :kernels, :appVersion, :createdAt)`,
    {
      id: sweep.id,
      name: sweep.spec.name,
      spec: JSON.stringify(sweep.spec),
      progress: JSON.stringify(sweep.progress),
      workers: sweep.workers,
      kernels: sweep.kernels,
      appVersion: sweep.appVersion,
      createdAt: sweep.createdAt,
    },
  );
  return readSweepSummary(db, sweep.id);
}

/** Runs keep the names they were given. */
export function renameSweep(db: WritableDatabase, id: SweepId, name: string): SweepSummary {
  db.run('UPDATE sweep SET name = ? WHERE number = ?', [name, sweepNumber(db, id)]);
  return readSweepSummary(db, id);
}

/** To be called inside a transaction. */
export function appendToSweep(db: WritableDatabase, append: SweepAppend): SavedSweep {
  const sweep = sweepNumber(db, append.id);
  db.run(
    `UPDATE sweep SET status = :status, progress = :progress, workers = :workers, elapsed_ms = :elapsedMs,
       ended_at = :endedAt
     WHERE number = :sweep`,
    {
      sweep,
      status: append.status,
      progress: JSON.stringify(append.progress),
      workers: append.workers,
      elapsedMs: append.elapsedMs,
      endedAt: append.endedAt,
    },
  );
  for (const trial of append.trials) putTrial(db, sweep, trial);
  const numbers = append.trials.map(({ number }) => number);
  return {
    summary: readSweepSummary(db, append.id),
    trials: numbers.length === 0 ? [] : readTrialRows(db, append.id, sweep, numbers),
  };
}

function putTrial(db: WritableDatabase, sweep: number, trial: StoredTrial): void {
  db.run(
    `INSERT INTO trial (sweep, number, params, place, status, scores, score, epochs, reason, exempt, losses, ended)
     VALUES (:sweep, :number, :params, :place, :status, :scores, :score, :epochs, :reason, :exempt, :losses, :ended)
     ON CONFLICT (sweep, number) DO UPDATE SET status = :status, scores = :scores, score = :score, epochs = :epochs,
       reason = :reason, exempt = :exempt, losses = :losses, ended = :ended`,
    {
      sweep,
      number: trial.number,
      params: JSON.stringify(trial.params),
      place: trial.place,
      status: trial.status,
      scores: JSON.stringify(trial.scores),
      score: trial.score,
      epochs: trial.epochs,
      reason: trial.reason === null ? null : JSON.stringify(trial.reason),
      exempt: trial.exempt ? 1 : 0,
      losses: trial.losses,
      ended: trial.ended,
    },
  );
}

/** What an earlier process left behind. Their runs are interrupted by `interruptLeftovers`. */
export function interruptSweeps(db: WritableDatabase): void {
  const words = LIVE_SWEEP_STATUSES.map((status) => `'${status}'`).join(', ');
  db.run(
    `UPDATE trial SET status = 'interrupted'
     WHERE status = 'running' AND sweep IN (SELECT number FROM sweep WHERE status IN (${words}))`,
  );
  db.run(`UPDATE sweep SET status = 'interrupted' WHERE status IN (${words})`);
}

/** `at` null brings them back. A live sweep cannot be thrown away. */
export function setSweepsDeleted(db: WritableDatabase, ids: readonly SweepId[], at: number | null): SweepSummary[] {
  return ids.map((id) => {
    refuseLive(readSweepSummary(db, id));
    db.run('UPDATE sweep SET deleted_at = ? WHERE id = ?', [at, id]);
    return readSweepSummary(db, id);
  });
}

/** Deletes the sweeps with their trials and runs. Returns how many bytes the file system got back. */
export function purgeSweeps(db: Database, ids: readonly SweepId[]): { freedBytes: number } {
  const runs = ids.flatMap((id) => {
    refuseLive(readSweepSummary(db, id));
    return db.all<{ id: RunId }>('SELECT run.id FROM run JOIN trial ON trial.id = run.trial WHERE trial.sweep = ?', [
      sweepNumber(db, id),
    ]);
  });
  // The runs first: cut short, a sweep without some runs is left, never runs without their sweep.
  const freed = purgeRuns(
    db,
    runs.map(({ id }) => id),
  );
  db.transaction(() => {
    for (const id of ids) db.run('DELETE FROM sweep WHERE id = ?', [id]);
  });
  return freed;
}

function refuseLive({ number, name, status }: SweepSummary): void {
  if (!LIVE_SWEEP_STATUSES.includes(status)) return;
  const message = say`sweep #${number} ${JSON.stringify(name)} is ${word(status)}; stop it first`;
  throw new StudioFailure({ code: 'conflict', ...message });
}
