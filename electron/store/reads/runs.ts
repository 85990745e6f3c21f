/** Runs, one or all. */

import { say } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { Fingerprints, RunDetail, RunSummary, SystemInfo } from '../../contract/runs.ts';
import type { ReadableDatabase } from '../database.ts';
import { listCheckpoints } from './checkpoint-list.ts';
import { listResumes } from './resumes.ts';
import { readClock } from './run-clock.ts';
import { countOpenings } from './test-openings.ts';
import { SUMMARY_COLUMNS, toMessage, toSummary, TRIAL_COLUMNS, type RunRow } from './run-row.ts';

/** Newest first. Trials are listed by their sweeps. */
export function listRuns(db: ReadableDatabase, trash: boolean): RunSummary[] {
  const where = trash ? 'deleted_at IS NOT NULL' : 'deleted_at IS NULL AND trial IS NULL';
  return db.all<RunRow>(`SELECT ${SUMMARY_COLUMNS} FROM run WHERE ${where} ORDER BY number DESC`).map(toSummary);
}

/** The run's number, its key in the other tables. Throws a StudioFailure (`not_found`). */
export function runNumber(db: ReadableDatabase, id: RunId): number {
  const row = db.get<{ number: number }>('SELECT number FROM run WHERE id = ?', [id]);
  if (row === undefined) throw notFound(id);
  return row.number;
}

export function readSummary(db: ReadableDatabase, run: number): RunSummary {
  const row = db.get<RunRow>(`SELECT ${SUMMARY_COLUMNS} FROM run WHERE number = ?`, [run]);
  if (row === undefined) throw new Error(`run ${run} is not in the database`);
  return toSummary(row);
}

export function readSpec(db: ReadableDatabase, run: number): RunSpec {
  const row = db.get<{ spec: string }>('SELECT spec FROM run WHERE number = ?', [run]);
  if (row === undefined) throw new Error(`run ${run} is not in the database`);
  return JSON.parse(row.spec) as RunSpec;
}

export function readDetail(db: ReadableDatabase, id: RunId): RunDetail {
  const row = db.get<RunRow>(
    `SELECT *, ${TRIAL_COLUMNS}, EXISTS (SELECT 1 FROM checkpoint WHERE checkpoint.run = run.number) AS has_checkpoint
     FROM run WHERE id = ?`,
    [id],
  );
  if (row === undefined) throw notFound(id);
  const checkpoints = listCheckpoints(db, row.number);
  return {
    summary: toSummary(row),
    spec: JSON.parse(row.spec) as RunSpec,
    message: toMessage(row),
    kernels: row.kernels_description,
    dataSha256: row.data_sha256,
    weightsSha256: row.weights_sha256,
    fingerprints: row.fingerprints === null ? null : (JSON.parse(row.fingerprints) as Fingerprints),
    inputShape: JSON.parse(row.input_shape) as number[],
    outputNames: JSON.parse(row.output_names) as string[],
    splitSizes: { train: row.train_rows, validation: row.validation_rows, test: row.test_rows },
    checkpoint: checkpoints.at(-1) ?? null,
    checkpoints,
    resumes: listResumes(db, row.number),
    clock: readClock(db, row.number),
    testOpenings: countOpenings(db, row.number),
    appVersion: row.app_version,
    system: row.system === null ? null : (JSON.parse(row.system) as SystemInfo),
  };
}

function notFound(id: RunId): StudioFailure {
  return new StudioFailure({ code: 'not_found', ...say`there is no run ${id} in this database` });
}
