/** Looks at test splits, one row each. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { WritableDatabase } from '../database.ts';
import { runNumber } from '../reads/runs.ts';
import { countOpenings } from '../reads/test-openings.ts';

/** Counts one more look, at the weights of a step. Returns how many there were. */
export function openTest(db: WritableDatabase, id: RunId, at: number, step: number): number {
  const run = runNumber(db, id);
  db.run('INSERT INTO test_opening (run, opened_at, step) VALUES (?, ?, ?)', [run, at, step]);
  return countOpenings(db, run);
}
