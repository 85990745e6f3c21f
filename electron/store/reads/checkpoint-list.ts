/** Which checkpoints a run has, without their bytes. */

import type { CheckpointInfo } from '../../contract/runs.ts';
import type { ReadableDatabase } from '../database.ts';

type Row = Omit<CheckpointInfo, 'best' | 'kept'> & { readonly best: number; readonly kept: number };

/** Oldest first. */
export function listCheckpoints(db: ReadableDatabase, run: number): CheckpointInfo[] {
  const rows = db.all<Row>(
    `SELECT step, epoch, saved_at AS savedAt, size_bytes AS sizeBytes, sha256, reason, best, kept
     FROM checkpoint WHERE run = ? ORDER BY step`,
    [run],
  );
  return rows.map((row) => ({ ...row, best: row.best === 1, kept: row.kept === 1 }));
}
