/** Checkpoints and which of them stay. */

import { createHash } from 'node:crypto';
import type { NewCheckpoint } from '../../contract/store-requests.ts';
import { toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';

/** SQLite holds at most a gigabyte in one BLOB. */
const PART_BYTES = 64 * 1024 * 1024;

export function writeCheckpoint(db: WritableDatabase, run: number, checkpoint: NewCheckpoint): void {
  db.run('DELETE FROM checkpoint WHERE run = ? AND step = ?', [run, checkpoint.step]);
  const { id } = db.insert<{ id: number }>(
    `INSERT INTO checkpoint (run, step, epoch, elapsed_ms, best, saved_at, size_bytes, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    [
      run,
      checkpoint.step,
      checkpoint.epoch,
      checkpoint.elapsedMs,
      checkpoint.best ? 1 : 0,
      checkpoint.savedAt,
      checkpoint.bytes.length,
      createHash('sha256').update(checkpoint.bytes).digest('hex'),
    ],
  );
  for (let part = 0; part * PART_BYTES < checkpoint.bytes.length; part++) {
    const bytes = checkpoint.bytes.subarray(part * PART_BYTES, (part + 1) * PART_BYTES);
    db.run('INSERT INTO checkpoint_part (checkpoint, part, bytes) VALUES (?, ?, ?)', [id, part, toBlob(bytes)]);
  }
  retire(db, run);
}

/** The last checkpoint and the last one taken at a best epoch stay, the others go. */
function retire(db: WritableDatabase, run: number): void {
  db.run(
    `DELETE FROM checkpoint WHERE run = :run
       AND step <> (SELECT max(step) FROM checkpoint WHERE run = :run)
       AND step <> ifnull((SELECT max(step) FROM checkpoint WHERE run = :run AND best = 1), -1)`,
    { run },
  );
}
