/** When a worker had a trial's run: begun, ended, or cut off with its program. */

import type { SpanChange } from '../../contract/store-requests.ts';
import type { WritableDatabase } from '../database.ts';

/** In order. Doing it twice is the same as doing it once. */
export function applySpans(db: WritableDatabase, run: number, changes: readonly SpanChange[]): void {
  for (const { at, worker } of changes) {
    endSpan(db, run, at);
    if (worker === null) continue;
    db.run('INSERT OR IGNORE INTO trial_span (run, worker, started_at) VALUES (:run, :worker, :at)', {
      run,
      worker,
      at,
    });
  }
}

function endSpan(db: WritableDatabase, run: number, at: number): void {
  db.run('UPDATE trial_span SET ended_at = :at WHERE run = :run AND ended_at IS NULL AND started_at < :at', {
    run,
    at,
  });
}

/** Of a program that was killed: until its run's last checkpoint it certainly lived. */
export function cutOffSpans(db: WritableDatabase): void {
  db.run(
    `UPDATE trial_span SET ended_at = max(started_at,
       ifnull((SELECT max(saved_at) FROM checkpoint WHERE checkpoint.run = trial_span.run), started_at))
     WHERE ended_at IS NULL`,
  );
}
