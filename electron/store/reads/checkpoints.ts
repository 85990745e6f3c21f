/** The state a run can go on from. */

import { createHash } from 'node:crypto';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { ModelCard } from '../../../engine/spec/model-card.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { CheckpointInfo } from '../../contract/runs.ts';
import type { ResumePoint } from '../../contract/store-requests.ts';
import type { ReadableDatabase } from '../database.ts';
import type { RunRow } from './run-row.ts';
import { readSpec, readSummary, runNumber } from './runs.ts';

interface CheckpointRow {
  readonly id: number;
  readonly step: number;
  readonly epoch: number;
  readonly elapsed_ms: number;
  readonly size_bytes: number;
  readonly sha256: string;
}

/**
 * The last checkpoint, or the one of a step, its bytes checked against their SHA-256. Throws a StudioFailure
 * (`not_found`, `database_damaged`).
 */
export function readResumePoint(db: ReadableDatabase, id: RunId, step?: number): ResumePoint {
  const run = runNumber(db, id);
  const row = db.get<CheckpointRow>(
    `SELECT id, step, epoch, elapsed_ms, size_bytes, sha256 FROM checkpoint
     WHERE run = :run AND (:step IS NULL OR step = :step) ORDER BY step DESC LIMIT 1`,
    { run, step: step ?? null },
  );
  if (row === undefined && step !== undefined) {
    throw new StudioFailure({ code: 'not_found', message: `run ${id} has no checkpoint of step ${step}` });
  }
  const made = db.get<Pick<RunRow, 'kernels' | 'model_card'>>('SELECT kernels, model_card FROM run WHERE number = ?', [
    run,
  ]);
  return {
    summary: readSummary(db, run),
    spec: readSpec(db, run),
    step: row?.step ?? 0,
    epoch: row?.epoch ?? 0,
    elapsedMs: row?.elapsed_ms ?? 0,
    bytes: row === undefined ? null : readBytes(db, row, id),
    kernels: made?.kernels ?? null,
    card: typeof made?.model_card === 'string' ? (JSON.parse(made.model_card) as ModelCard) : null,
  };
}

/** Oldest first, without their bytes. */
export function listCheckpoints(db: ReadableDatabase, id: RunId): CheckpointInfo[] {
  return db.all<CheckpointInfo>(
    `SELECT step, epoch, saved_at AS savedAt, size_bytes AS sizeBytes, sha256
     FROM checkpoint WHERE run = ? ORDER BY step`,
    [runNumber(db, id)],
  );
}

function readBytes(db: ReadableDatabase, row: CheckpointRow, id: RunId): Uint8Array<ArrayBuffer> {
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
    message: `the checkpoint of run ${id} at step ${step} is damaged: its bytes do not have the SHA-256 they were saved with`,
  });
}
