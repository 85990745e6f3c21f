/** Looks at test splits, one row each. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { WritableDatabase } from '../database.ts';
import { runNumber } from '../reads/runs.ts';
import { countOpenings } from '../reads/test-openings.ts';
import { countSweepOpening } from './promotions.ts';

/** Counts one more look, at the weights of a step; of a promoted run for its sweep as well. Returns how many there were. */
export function openTest(db: WritableDatabase, id: RunId, at: number, step: number): number {
  const run = runNumber(db, id);
  db.run('INSERT INTO test_opening (run, opened_at, step) VALUES (?, ?, ?)', [run, at, step]);
  countSweepOpening(db, run, at);
  return countOpenings(db, run);
}
