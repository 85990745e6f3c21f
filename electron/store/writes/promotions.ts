/** Promoted trials: which run comes from which, and every time the sealed test split was opened for one. */

import type { PromotionReference } from '../../contract/runs.ts';
import type { WritableDatabase } from '../database.ts';
import { sweepNumber } from '../reads/sweeps.ts';

/** Ties a new run to the trial it retrains. */
export function linkPromotion(db: WritableDatabase, run: number, { sweep, trial }: PromotionReference): void {
  db.run(
    `UPDATE run SET promoted_from = (SELECT id FROM trial WHERE sweep = :sweep AND number = :trial)
     WHERE number = :run`,
    { run, trial, sweep: sweepNumber(db, sweep) },
  );
  const linked = db.get<{ trial: number | null }>('SELECT promoted_from AS trial FROM run WHERE number = ?', [run]);
  if (typeof linked?.trial !== 'number') throw new Error(`sweep ${sweep} has no trial ${trial}`);
}

/**
 * Counts an opening for the sweep a run goes back to: a promoted trial, or a fork or repetition of one or of a trial.
 * Nothing for any other run. Doing it twice is the same as once.
 */
export function countSweepOpening(db: WritableDatabase, run: number, at: number): void {
  db.run(
    `INSERT OR IGNORE INTO sweep_opening (sweep, run, opened_at)
     WITH RECURSIVE line (number) AS (
       SELECT :run UNION
       SELECT other.number FROM line JOIN run ON run.number = line.number JOIN run AS other ON other.id = run.origin_id
     )
     SELECT trial.sweep, :run, :at FROM line JOIN run ON run.number = line.number
     JOIN trial ON trial.id = ifnull(run.promoted_from, run.trial) LIMIT 1`,
    { run, at },
  );
}

/** The score a run ends with; a promoted run's is a look at the test split as well. Doing it twice is the same as once. */
export function countScore(db: WritableDatabase, run: number, at: number, step: number): void {
  countSweepOpening(db, run, at);
  db.run(
    `INSERT INTO test_opening (run, opened_at, step)
     SELECT number, :at, :step FROM run WHERE number = :run AND promoted_from IS NOT NULL
       AND NOT EXISTS (SELECT 1 FROM test_opening WHERE run = :run AND opened_at = :at)`,
    { run, at, step },
  );
}
