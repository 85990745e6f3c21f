/** When a run's training clock was started. */

import type { ClockMark } from '../../contract/runs.ts';
import type { ReadableDatabase } from '../database.ts';

/** Rising in training time. */
export function readClock(db: ReadableDatabase, run: number): ClockMark[] {
  return db
    .all<{ elapsed_ms: number; at: number }>('SELECT elapsed_ms, at FROM run_clock WHERE run = ? ORDER BY elapsed_ms', [
      run,
    ])
    .map(({ elapsed_ms, at }) => ({ elapsedMs: elapsed_ms, at }));
}
