/** Comparisons: made, changed, deleted. Deleting one leaves its runs alone. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { ComparedRun, Comparison, ComparisonChange, ComparisonId } from '../../contract/comparisons.ts';
import type { WritableDatabase } from '../database.ts';
import { readComparison } from '../reads/comparisons.ts';
import { runNumber } from '../reads/runs.ts';

export function createComparison(db: WritableDatabase, comparison: Comparison): Comparison {
  const { id, name, kind, createdAt, baseline, runs } = comparison;
  db.run('INSERT INTO comparison (id, name, kind, created_at, baseline) VALUES (?, ?, ?, ?, ?)', [
    id,
    name,
    kind,
    createdAt,
    baseline === null ? null : runNumber(db, baseline),
  ]);
  insertRuns(db, id, runs);
  return readComparison(db, id);
}

/** Makes a deleted one again, with the runs, of trials as well, that still are there. */
export function restoreComparison(db: WritableDatabase, comparison: Comparison): Comparison {
  const isThere = (id: RunId): boolean => db.get('SELECT 1 FROM run WHERE id = ?', [id]) !== undefined;
  const { baseline } = comparison;
  return createComparison(db, {
    ...comparison,
    baseline: baseline !== null && isThere(baseline) ? baseline : null,
    runs: comparison.runs.filter(({ id }) => isThere(id)),
  });
}

export function changeComparison(db: WritableDatabase, id: ComparisonId, change: ComparisonChange): Comparison {
  readComparison(db, id);
  if (change.name !== undefined) db.run('UPDATE comparison SET name = ? WHERE id = ?', [change.name, id]);
  if (change.baseline !== undefined) {
    const baseline = change.baseline === null ? null : runNumber(db, change.baseline);
    db.run('UPDATE comparison SET baseline = ? WHERE id = ?', [baseline, id]);
  }
  if (change.runs !== undefined) {
    db.run('DELETE FROM compared_run WHERE comparison = ?', [id]);
    insertRuns(db, id, change.runs);
  }
  return readComparison(db, id);
}

export function deleteComparison(db: WritableDatabase, id: ComparisonId): void {
  readComparison(db, id);
  db.run('DELETE FROM comparison WHERE id = ?', [id]);
}

function insertRuns(db: WritableDatabase, id: ComparisonId, runs: readonly ComparedRun[]): void {
  for (const [position, { id: run, lane, hidden, pinned }] of runs.entries()) {
    db.run('INSERT INTO compared_run (comparison, position, run, lane, hidden, pinned) VALUES (?, ?, ?, ?, ?, ?)', [
      id,
      position,
      runNumber(db, run),
      lane,
      Number(hidden),
      Number(pinned),
    ]);
  }
}
