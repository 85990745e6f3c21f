/** How often a run went on, and what each time was found. */

import type { LoggedLosses, LossDifference } from '../../../engine/spec/loss-comparison.ts';
import type { ResumeChange, ResumeRecord } from '../../contract/runs.ts';
import { float32Column } from '../blob.ts';
import type { ReadableDatabase } from '../database.ts';

interface ResumeRow {
  readonly at: number;
  readonly step: number;
  readonly kernels: string;
  readonly app_version: string;
  readonly changes: string;
  readonly steps: number | null;
  readonly identical: number | null;
  readonly difference: string | null;
}

/** Oldest first. */
export function listResumes(db: ReadableDatabase, run: number): ResumeRecord[] {
  const rows = db.all<ResumeRow>(
    'SELECT at, step, kernels, app_version, changes, steps, identical, difference FROM resume WHERE run = ? ORDER BY id',
    [run],
  );
  return rows.map((row) => ({
    at: row.at,
    step: row.step,
    kernels: row.kernels,
    appVersion: row.app_version,
    changes: JSON.parse(row.changes) as ResumeChange[],
    verification:
      row.steps === null || row.identical === null
        ? null
        : {
            steps: row.steps,
            identical: row.identical,
            difference: row.difference === null ? null : toDifference(row.difference),
          },
  }));
}

/** JSON has no NaN and no infinities: they are written as words. */
function toDifference(text: string): LossDifference {
  const { step, logged, now } = JSON.parse(text) as { step: number; logged: string; now: string };
  return { step, logged: Number(logged), now: Number(now) };
}

/** As it is stored: JSON, with the losses as text because JSON knows no NaN. */
export function differenceText({ step, logged, now }: LossDifference): string {
  return JSON.stringify({ step, logged: String(logged), now: String(now) });
}

/** Losses of an earlier resume that were never compared to the end, from `step` on. */
export function lossesLeftToCompare(db: ReadableDatabase, run: number, step: number): LoggedLosses | null {
  const row = db.get<{ expected_from: number; expected: Buffer }>(
    `SELECT expected_from, expected FROM resume
     WHERE id = (SELECT max(id) FROM resume WHERE run = ?) AND expected IS NOT NULL`,
    [run],
  );
  if (row === undefined || step < row.expected_from) return null;
  const losses = float32Column(row.expected).subarray(step - row.expected_from);
  return losses.length === 0 ? null : { from: step, losses };
}
