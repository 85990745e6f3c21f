/** Comparisons with their runs. */

import { say } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Comparison, ComparisonId } from '../../contract/comparisons.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { ReadableDatabase } from '../database.ts';

interface ComparisonRow {
  readonly id: ComparisonId;
  readonly name: string;
  readonly kind: 'race' | 'comparison';
  readonly created_at: number;
  readonly baseline: RunId | null;
}
interface ComparedRow {
  readonly id: RunId;
  readonly lane: string | null;
  readonly hidden: number;
  readonly pinned: number;
}

const COLUMNS = `comparison.id, comparison.name, kind, comparison.created_at,
  (SELECT run.id FROM run WHERE run.number = comparison.baseline) AS baseline`;

/** Newest first. */
export function listComparisons(db: ReadableDatabase): Comparison[] {
  const rows = db.all<ComparisonRow>(`SELECT ${COLUMNS} FROM comparison ORDER BY created_at DESC, id`);
  return rows.map((row) => toComparison(db, row));
}

/** Throws a StudioFailure (`not_found`). */
export function readComparison(db: ReadableDatabase, id: ComparisonId): Comparison {
  const row = db.get<ComparisonRow>(`SELECT ${COLUMNS} FROM comparison WHERE comparison.id = ?`, [id]);
  if (row === undefined) {
    throw new StudioFailure({ code: 'not_found', ...say`there is no comparison ${id} in this database` });
  }
  return toComparison(db, row);
}

function toComparison(db: ReadableDatabase, row: ComparisonRow): Comparison {
  const runs = db.all<ComparedRow>(
    `SELECT run.id, lane, hidden, pinned FROM compared_run JOIN run ON run.number = compared_run.run
     WHERE comparison = ? ORDER BY position`,
    [row.id],
  );
  return {
    id: row.id,
    name: row.name,
    kind: row.kind,
    createdAt: row.created_at,
    baseline: row.baseline,
    runs: runs.map(({ id, lane, hidden, pinned }) => ({ id, lane, hidden: hidden === 1, pinned: pinned === 1 })),
  };
}
