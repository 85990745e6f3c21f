/** The states a run can go on from. */

import { say, word } from '../../../engine/spec/message.ts';
import { createHash } from 'node:crypto';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { ModelCard } from '../../../engine/spec/model-card.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { SystemInfo } from '../../contract/runs.ts';
import type { ResumePoint } from '../../contract/store-requests.ts';
import type { ReadableDatabase } from '../database.ts';
import { listCheckpoints } from './checkpoint-list.ts';
import type { RunRow } from './run-row.ts';
import { readSpec, readSummary, runNumber } from './runs.ts';

export interface CheckpointRow {
  readonly id: number;
  readonly step: number;
  readonly epoch: number;
  readonly elapsed_ms: number;
  readonly size_bytes: number;
  readonly sha256: string;
}

const COLUMNS = 'id, step, epoch, elapsed_ms, size_bytes, sha256';

/**
 * A checkpoint, the last one unless a step is given, its bytes checked against their SHA-256. Throws a StudioFailure
 * (`not_found`, `database_damaged`).
 */
export function readResumePoint(db: ReadableDatabase, id: RunId, step?: number): ResumePoint {
  const run = runNumber(db, id);
  const row = step === undefined ? lastCheckpoints(db, run)[0] : checkpointAt(db, run, step);
  const made = db.get<Pick<RunRow, 'kernels' | 'kernels_description' | 'model_card' | 'data_sha256' | 'system'>>(
    'SELECT kernels, kernels_description, model_card, data_sha256, system FROM run WHERE number = ?',
    [run],
  );
  const summary = readSummary(db, run);
  if (step !== undefined && row === undefined) throw noCheckpoint(db, run, summary.number, step);
  // A fork that never got as far as its own first checkpoint begins at its parent's again.
  const begins = summary.origin ?? { step: 0, epoch: 0 };
  return {
    summary,
    spec: readSpec(db, run),
    step: row?.step ?? begins.step,
    epoch: row?.epoch ?? begins.epoch,
    elapsedMs: row?.elapsed_ms ?? (begins.step === 0 ? 0 : summary.durationMs),
    bytes: row === undefined ? null : readBytes(db, row, id),
    kernels: made?.kernels ?? null,
    kernelsDescription: made?.kernels_description ?? null,
    dataSha256: made?.data_sha256 ?? null,
    engine: typeof made?.system === 'string' ? (JSON.parse(made.system) as SystemInfo).engine : null,
    card: typeof made?.model_card === 'string' ? (JSON.parse(made.model_card) as ModelCard) : null,
  };
}

/** The last two, the last one first. */
export function lastCheckpoints(db: ReadableDatabase, run: number): CheckpointRow[] {
  return db.all<CheckpointRow>(`SELECT ${COLUMNS} FROM checkpoint WHERE run = ? ORDER BY step DESC LIMIT 2`, [run]);
}

function checkpointAt(db: ReadableDatabase, run: number, step: number): CheckpointRow | undefined {
  return db.get<CheckpointRow>(`SELECT ${COLUMNS} FROM checkpoint WHERE run = ? AND step = ?`, [run, step]);
}

function noCheckpoint(db: ReadableDatabase, run: number, number: number, step: number): StudioFailure {
  const steps = listCheckpoints(db, run).map((checkpoint) => checkpoint.step);
  const there = steps.length === 0 ? word('it has none') : say`there are some at ${steps.join(', ')}`;
  return new StudioFailure({
    code: 'not_found',
    ...say`run #${number} has no checkpoint at step ${step}; ${there}`,
  });
}

export function readBytes(db: ReadableDatabase, row: CheckpointRow, id: RunId): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(row.size_bytes);
  let at = 0;
  const parts = db.all<{ bytes: Buffer }>('SELECT bytes FROM checkpoint_part WHERE checkpoint = ? ORDER BY part', [
    row.id,
  ]);
  for (const part of parts) {
    if (at + part.bytes.length > bytes.length) throw checkpointDamaged(id, row.step);
    bytes.set(part.bytes, at);
    at += part.bytes.length;
  }
  if (at !== bytes.length || createHash('sha256').update(bytes).digest('hex') !== row.sha256) {
    throw checkpointDamaged(id, row.step);
  }
  return bytes;
}

function checkpointDamaged(id: RunId, step: number): StudioFailure {
  return new StudioFailure({
    code: 'database_damaged',
    ...say`the checkpoint of run ${id} at step ${step} is damaged: its bytes do not have the SHA-256 they were saved with`,
  });
}
