/** Rows of a leaderboard: trials with the figures of their runs. */

import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import type { TrialStatus } from '../../../engine/spec/sweep-status.ts';
import type { TrialRow } from '../../contract/sweeps.ts';
import type { ReadableDatabase } from '../database.ts';

interface JoinedRow {
  readonly number: number;
  readonly params: string;
  readonly place: number | null;
  readonly status: TrialStatus;
  readonly scores: string;
  readonly score: number | null;
  readonly epochs: number;
  readonly reason: string | null;
  readonly ended: number | null;
  /** NULL for a trial without a run. */
  readonly run: RunId | null;
  readonly repeat: number | null;
  readonly elapsed_ms: number | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly validation_rows: number | null;
  readonly epochs_done: number | null;
  readonly epochs_planned: number | null;
}

/** By number; `numbers` null reads all. */
export function readTrialRows(
  db: ReadableDatabase,
  id: SweepId,
  sweep: number,
  numbers: readonly number[] | null,
): TrialRow[] {
  const some = numbers === null ? '' : 'AND trial.number IN (SELECT value FROM json_each(:numbers))';
  const rows = db.all<JoinedRow>(
    `SELECT trial.number, trial.params, trial.place, trial.status, trial.scores, trial.score, trial.epochs,
       trial.reason, trial.ended, run.id AS run, run.repeat, run.elapsed_ms, run.started_at, run.ended_at,
       run.validation_rows, run.epochs_done, run.epochs_planned
     FROM trial LEFT JOIN run ON run.trial = trial.id
     WHERE trial.sweep = :sweep ${some} ORDER BY trial.number, run.repeat, run.number`,
    { sweep, ...(numbers === null ? {} : { numbers: JSON.stringify(numbers) }) },
  );
  const trials: TrialRow[] = [];
  for (const [i, row] of rows.entries()) {
    if (row.number === rows[i - 1]?.number) continue;
    let end = i + 1;
    while (rows[end]?.number === row.number) end++;
    trials.push(toTrialRow(id, rows.slice(i, end)));
  }
  return trials;
}

/** All rows of one trial, one a run. */
function toTrialRow(sweep: SweepId, rows: readonly JoinedRow[]): TrialRow {
  const row = rows[0] as JoinedRow;
  const times = (name: 'started_at' | 'ended_at'): number[] => rows.flatMap((one) => one[name] ?? []);
  const [started, ended] = [times('started_at'), times('ended_at')];
  // A repeat that had to begin anew has several runs, the newest last.
  const newest = rows.filter(({ repeat }, i) => repeat !== rows[i + 1]?.repeat);
  const sum = (name: 'epochs_done' | 'epochs_planned'): number =>
    newest.reduce((total, one) => total + (one[name] ?? 0), 0);
  return {
    sweep,
    number: row.number,
    params: JSON.parse(row.params) as TrialRow['params'],
    byHand: row.place === null,
    status: row.status,
    score: row.score,
    scores: JSON.parse(row.scores) as number[],
    // Runs deleted for good have trained all the same.
    epochs: Math.max(row.epochs, sum('epochs_done')),
    epochsPlanned: sum('epochs_planned'),
    reason: row.reason === null ? null : (JSON.parse(row.reason) as TrialRow['reason']),
    runs: rows.flatMap(({ run }) => run ?? []),
    durationMs: rows.reduce((sum, { elapsed_ms }) => sum + (elapsed_ms ?? 0), 0),
    startedAt: started.length === 0 ? null : Math.min(...started),
    endedAt: row.ended === null || ended.length === 0 ? null : Math.max(...ended),
    ended: row.ended,
    validationRows: row.validation_rows ?? 0,
  };
}
