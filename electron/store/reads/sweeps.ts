/** Sweeps: rows of the table, leaderboards, and everything needed to go on with one. */

import { toMessage } from './run-row.ts';
import { say } from '../../../engine/spec/message.ts';
import type { RunId, SweepId } from '../../../engine/spec/ids.ts';
import { RESUMABLE_STATUSES, type RunStatus } from '../../../engine/spec/run-status.ts';
import type { SweepSpec } from '../../../engine/spec/sweep-spec.ts';
import { TRIAL_STATUSES, type SweepStatus, type TrialStatus } from '../../../engine/spec/sweep-status.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import { packRows } from '../../contract/packed-rows.ts';
import type {
  StoredReports,
  StoredSweep,
  StoredTrial,
  SweepContents,
  SweepProgress,
  TrialRun,
} from '../../contract/sweep-store.ts';
import type { StoreRequests } from '../../contract/store-requests.ts';
import type { TrialCurves } from '../../contract/sweep-requests.ts';
import type { Promotion, SweepSummary } from '../../contract/sweeps.ts';
import type { ReadableDatabase } from '../database.ts';
import { readTrialCurves } from './trial-curves.ts';
import { readTrialRows } from './trial-rows.ts';

interface SweepRow {
  readonly number: number;
  readonly id: SweepId;
  readonly name: string;
  readonly status: SweepStatus;
  readonly spec: string;
  readonly progress: string;
  readonly workers: number;
  readonly kernels: string;
  readonly elapsed_ms: number;
  readonly created_at: number;
  readonly ended_at: number | null;
  readonly deleted_at: number | null;
}

/** Newest first. */
export function listSweeps(db: ReadableDatabase, trash: boolean): SweepSummary[] {
  const where = trash ? 'deleted_at IS NOT NULL' : 'deleted_at IS NULL';
  const rows = db.all<SweepRow>(`SELECT * FROM sweep WHERE ${where} ORDER BY number DESC`);
  return rows.map((row) => toSummary(db, row));
}

/** The sweep's number, its key in the other tables. Throws a StudioFailure (`not_found`). */
export function sweepNumber(db: ReadableDatabase, id: SweepId): number {
  return sweepRow(db, id).number;
}

export function readSweepSummary(db: ReadableDatabase, id: SweepId): SweepSummary {
  return toSummary(db, sweepRow(db, id));
}

export function readSweep(db: ReadableDatabase, id: SweepId): SweepContents {
  const row = sweepRow(db, id);
  return {
    summary: toSummary(db, row),
    spec: JSON.parse(row.spec) as SweepSpec,
    progress: JSON.parse(row.progress) as SweepProgress,
    trials: packRows(readTrialRows(db, id, row.number, null)),
    promotions: readPromotions(db, row.number),
  };
}

/** Newest first. */
function readPromotions(db: ReadableDatabase, sweep: number): Promotion[] {
  return db.all<Promotion>(
    `SELECT trial.number AS trial, run.id AS run, run.status, run.created_at AS createdAt, run.test_loss AS testLoss,
       run.test_accuracy AS testAccuracy
     FROM run JOIN trial ON trial.id = run.promoted_from WHERE trial.sweep = ? ORDER BY run.number DESC`,
    [sweep],
  );
}

export function readCurvesOf(
  db: ReadableDatabase,
  { id, trials, maxPoints }: StoreRequests['sweep:curves']['args'],
): TrialCurves {
  const { number, spec } = sweepRow(db, id);
  return readTrialCurves(db, number, JSON.parse(spec) as SweepSpec, trials, maxPoints);
}

export function loadSweep(db: ReadableDatabase, id: SweepId): StoredSweep {
  const row = sweepRow(db, id);
  const spec = JSON.parse(row.spec) as SweepSpec;
  const runs = readTrialRuns(db, row.number);
  return {
    id,
    status: row.status,
    spec,
    progress: JSON.parse(row.progress) as SweepProgress,
    workers: row.workers,
    kernels: row.kernels,
    elapsedMs: row.elapsed_ms,
    endedAt: row.ended_at,
    trials: readStoredTrials(db, row.number),
    runs: runs.map(toTrialRun),
    reports: readReports(db, row.number, spec, runs),
  };
}

function sweepRow(db: ReadableDatabase, id: SweepId): SweepRow {
  const row = db.get<SweepRow>('SELECT * FROM sweep WHERE id = ?', [id]);
  if (row !== undefined) return row;
  throw new StudioFailure({ code: 'not_found', ...say`there is no sweep ${id} in this database` });
}

function toSummary(db: ReadableDatabase, row: SweepRow): SweepSummary {
  const spec = JSON.parse(row.spec) as SweepSpec;
  const groups = db.all<{ status: TrialStatus; count: number; epochs: number }>(
    'SELECT status, count(*) AS count, sum(epochs) AS epochs FROM trial WHERE sweep = ? GROUP BY status',
    [row.number],
  );
  const countOf = (status: TrialStatus): number => groups.find((group) => group.status === status)?.count ?? 0;
  const counts = Object.fromEntries(TRIAL_STATUSES.map((status) => [status, countOf(status)]));
  return {
    id: row.id,
    number: row.number,
    name: row.name,
    status: row.status,
    objective: spec.objective,
    sampler: spec.sampler.type,
    pruner: spec.pruner.type,
    parameters: Object.keys(spec.space),
    trials: (JSON.parse(row.progress) as SweepProgress).total,
    counts: counts as Record<TrialStatus, number>,
    best: bestTrial(db, row.number, spec),
    epochs: groups.reduce((sum, { epochs }) => sum + epochs, 0),
    workers: row.workers,
    elapsedMs: row.elapsed_ms,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    deletedAt: row.deleted_at,
    testOpenings: countSweepOpenings(db, row.number),
  };
}

function countSweepOpenings(db: ReadableDatabase, sweep: number): number {
  return db.get<{ count: number }>('SELECT count(*) AS count FROM sweep_opening WHERE sweep = ?', [sweep])?.count ?? 0;
}

/** The first of equal ones. */
function bestTrial(db: ReadableDatabase, sweep: number, { objective }: SweepSpec): SweepSummary['best'] {
  const order = objective.direction === 'minimize' ? 'ASC' : 'DESC';
  const row = db.get<{ number: number; params: string; score: number }>(
    `SELECT number, params, score FROM trial
     WHERE sweep = ? AND status = 'completed' AND score IS NOT NULL ORDER BY score ${order}, number LIMIT 1`,
    [sweep],
  );
  if (row === undefined) return null;
  return { trial: row.number, params: JSON.parse(row.params) as StoredTrial['params'], score: row.score };
}

interface StoredTrialRow {
  readonly number: number;
  readonly params: string;
  readonly place: number | null;
  readonly status: TrialStatus;
  readonly scores: string;
  readonly score: number | null;
  readonly epochs: number;
  readonly reason: string | null;
  readonly exempt: number;
  readonly losses: number;
  readonly ended: number | null;
}

function readStoredTrials(db: ReadableDatabase, sweep: number): StoredTrial[] {
  const rows = db.all<StoredTrialRow>(
    `SELECT number, params, place, status, scores, score, epochs, reason, exempt, losses, ended
     FROM trial WHERE sweep = ? ORDER BY number`,
    [sweep],
  );
  return rows.map((row) => ({
    ...row,
    params: JSON.parse(row.params) as StoredTrial['params'],
    scores: JSON.parse(row.scores) as number[],
    reason: row.reason === null ? null : (JSON.parse(row.reason) as StoredTrial['reason']),
    exempt: row.exempt === 1,
  }));
}

interface TrialRunRow {
  readonly run: number;
  readonly trial: number;
  readonly repeat: number;
  readonly id: RunId;
  readonly status: RunStatus;
  readonly message: string | null;
  readonly wording: string | null;
  readonly steps_done: number;
  readonly has_checkpoint: number;
}

/** In the order they were made. */
function readTrialRuns(db: ReadableDatabase, sweep: number): TrialRunRow[] {
  return db.all<TrialRunRow>(
    `SELECT run.number AS run, trial.number AS trial, run.repeat, run.id, run.status, run.message, run.wording, run.steps_done,
       EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.number) AS has_checkpoint
     FROM run JOIN trial ON trial.id = run.trial WHERE trial.sweep = ? ORDER BY run.number`,
    [sweep],
  );
}

function toTrialRun({ run: _run, steps_done, has_checkpoint, message, wording, ...rest }: TrialRunRow): TrialRun {
  return {
    ...rest,
    message: toMessage({ message, wording }),
    resumable: RESUMABLE_STATUSES.includes(rest.status) && (has_checkpoint === 1 || steps_done === 0),
  };
}

interface ReportRow {
  readonly run: number;
  readonly epoch: number;
  /** NULL stands for NaN. */
  readonly value: number | null;
}

function readReports(
  db: ReadableDatabase,
  sweep: number,
  { objective: { metric, split } }: SweepSpec,
  runs: readonly TrialRunRow[],
): StoredReports {
  const rows = db.all<ReportRow>(
    `SELECT trial_report.run, epoch, ${split}_${metric} AS value
     FROM trial_report JOIN run ON run.number = trial_report.run JOIN trial ON trial.id = run.trial
     WHERE trial.sweep = ? ORDER BY trial_report.run, epoch`,
    [sweep],
  );
  const offsets = new Int32Array(runs.length + 1);
  let at = 0;
  for (const [i, { run }] of runs.entries()) {
    while (rows[at]?.run === run) at++;
    offsets[i + 1] = at;
  }
  return {
    offsets,
    epochs: Int32Array.from(rows, ({ epoch }) => epoch),
    values: Float64Array.from(rows, ({ value }) => value ?? NaN),
  };
}
