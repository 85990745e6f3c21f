/** How often the test split of a run was looked at. */

import type { ReadableDatabase } from '../database.ts';

/** @param run its number */
export function countOpenings(db: ReadableDatabase, run: number): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM test_opening WHERE run = ?', [run])?.n ?? 0;
}
