/** Notes how a run went on and, later, what came of comparing its losses. */

import type { LoggedLosses, LossComparison } from '../../../engine/spec/loss-comparison.ts';
import type { Resume } from '../../contract/store-requests.ts';
import { toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { differenceText } from '../reads/resumes.ts';

/** A run goes on at `step`; `logged` are the losses that are to be compared on the way, null for none. */
export function noteResume(
  db: WritableDatabase,
  run: number,
  { at, kernels, appVersion, changes }: Resume,
  step: number,
  logged: LoggedLosses | null,
): void {
  // What an earlier resume did not get to compare is compared by this one.
  db.run('UPDATE resume SET expected = NULL WHERE run = ? AND expected IS NOT NULL', [run]);
  db.run(
    `INSERT INTO resume (run, at, step, app_version, kernels, changes, expected_from, expected, steps, identical)
     VALUES (:run, :at, :step, :appVersion, :kernels, :changes, :from, :losses, :none, :none)`,
    {
      run,
      at,
      step,
      appVersion,
      kernels,
      changes: JSON.stringify(changes),
      from: logged?.from ?? null,
      losses: logged === null ? null : toBlob(logged.losses),
      none: logged === null ? 0 : null,
    },
  );
}

/** The comparison of the last resume. */
export function noteVerified(db: WritableDatabase, run: number, comparison: LossComparison): void {
  const { steps, identical, difference } = comparison;
  db.run(
    `UPDATE resume SET steps = ?, identical = ?, difference = ?, expected = NULL
     WHERE id = (SELECT max(id) FROM resume WHERE run = ?)`,
    [steps, identical, difference === null ? null : differenceText(difference), run],
  );
}
