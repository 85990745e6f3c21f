/** Checkpoints and which of them stay. */

import { say } from '../../../engine/spec/message.ts';
import { createHash } from 'node:crypto';
import type { RunId } from '../../../engine/spec/ids.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { NewCheckpoint } from '../../contract/store-requests.ts';
import { toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { runNumber } from '../reads/runs.ts';

/** SQLite holds at most a gigabyte in one BLOB. */
const PART_BYTES = 64 * 1024 * 1024;

export function writeCheckpoint(db: WritableDatabase, run: number, checkpoint: NewCheckpoint): void {
  const before = db.get<{ kept: number }>('SELECT kept FROM checkpoint WHERE run = ? AND step = ?', [
    run,
    checkpoint.step,
  ]);
  db.run('DELETE FROM checkpoint WHERE run = ? AND step = ?', [run, checkpoint.step]);
  const { id } = db.insert<{ id: number }>(
    `INSERT INTO checkpoint (run, step, epoch, elapsed_ms, best, reason, kept, saved_at, size_bytes, sha256)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    [
      run,
      checkpoint.step,
      checkpoint.epoch,
      checkpoint.elapsedMs,
      checkpoint.best ? 1 : 0,
      checkpoint.reason,
      before?.kept ?? 0,
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

/** Throws a StudioFailure (`not_found`) when there is none at that step. */
export function keepCheckpoint(db: WritableDatabase, id: RunId, step: number, kept: boolean): void {
  const run = runNumber(db, id);
  const found = db.get('SELECT 1 FROM checkpoint WHERE run = ? AND step = ?', [run, step]);
  if (found === undefined) {
    throw new StudioFailure({ code: 'not_found', ...say`run ${id} has no checkpoint at step ${step}` });
  }
  db.run('UPDATE checkpoint SET kept = ? WHERE run = ? AND step = ?', [kept ? 1 : 0, run, step]);
}

/** How many stay besides the last, the one before it, the best and those kept by hand: they lie evenly over the run. */
const MOST_SPREAD = 4;
/** So many when the spec asks for checkpoints. */
const MOST_ASKED_FOR = 20;
/** All those together take no more than this. */
const MOST_SPREAD_BYTES = 256 * 1024 * 1024;

interface StoredCheckpoint {
  readonly step: number;
  readonly best: number;
  readonly kept: number;
  readonly size_bytes: number;
}

function retire(db: WritableDatabase, run: number): void {
  const all = db.all<StoredCheckpoint>(
    'SELECT step, best, kept, size_bytes FROM checkpoint WHERE run = ? ORDER BY step',
    [run],
  );
  const most = mostSpread(db, run);
  for (const { step } of toRetire(all, most)) db.run('DELETE FROM checkpoint WHERE run = ? AND step = ?', [run, step]);
}

function mostSpread(db: WritableDatabase, run: number): number {
  const asked = db.get<{ asked: number; trial: number | null }>(
    `SELECT ifnull(json_extract(spec, '$.training.checkpoint.everyEpochs'),
       json_extract(spec, '$.training.checkpoint.everyMinutes')) IS NOT NULL AS asked, trial
     FROM run WHERE number = ?`,
    [run],
  );
  if (asked?.asked === 1) return MOST_ASKED_FOR;
  // A sweep has thousands of runs, and nobody goes back into the middle of one.
  return asked === undefined || asked.trial !== null ? 0 : MOST_SPREAD;
}

/** The one before the last stays so that a resume can train from it to the last again and see the same losses. */
function toRetire(all: readonly StoredCheckpoint[], most: number): StoredCheckpoint[] {
  const best = all.findLast((checkpoint) => checkpoint.best === 1);
  const isSpread = (checkpoint: StoredCheckpoint): boolean =>
    checkpoint.kept === 0 && checkpoint !== best && !all.slice(-2).includes(checkpoint);
  const left = [...all];
  const retired: StoredCheckpoint[] = [];
  for (;;) {
    const spread = left.filter(isSpread);
    const bytes = spread.reduce((sum, checkpoint) => sum + checkpoint.size_bytes, 0);
    if (spread.length <= most && bytes <= MOST_SPREAD_BYTES) return retired;
    const closest = spread.reduce((a, b) => (gapWithout(left, b) < gapWithout(left, a) ? b : a));
    left.splice(left.indexOf(closest), 1);
    retired.push(closest);
  }
}

/** Steps between a checkpoint's neighbours: how much its loss would tear open. */
function gapWithout(all: readonly StoredCheckpoint[], checkpoint: StoredCheckpoint): number {
  const i = all.indexOf(checkpoint);
  return (all[i + 1]?.step ?? checkpoint.step) - (all[i - 1]?.step ?? 0);
}
