/** Stars, colours, projects, tags, notes and the archive. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunMarks, RunSummary } from '../../contract/runs.ts';
import type { WritableDatabase } from '../database.ts';
import { readSummary, runNumber } from '../reads/runs.ts';

/** Changes what `marks` names on every run. `at` is when it was put away. */
export function markRuns(db: WritableDatabase, ids: readonly RunId[], marks: RunMarks, at: number): RunSummary[] {
  return ids.map((id) => {
    const run = runNumber(db, id);
    const before = readSummary(db, run);
    if (marks.starred !== undefined)
      db.run('UPDATE run SET starred = ? WHERE number = ?', [Number(marks.starred), run]);
    if (marks.archived !== undefined) {
      db.run('UPDATE run SET archived_at = ? WHERE number = ?', [
        marks.archived ? (before.archivedAt ?? at) : null,
        run,
      ]);
    }
    if (marks.notes !== undefined) db.run('UPDATE run SET notes = ? WHERE number = ?', [marks.notes, run]);
    if (marks.color !== undefined) db.run('UPDATE run SET color = ? WHERE number = ?', [marks.color, run]);
    if (marks.project !== undefined) db.run('UPDATE run SET project = ? WHERE number = ?', [marks.project, run]);
    if (marks.addTags !== undefined || marks.removeTags !== undefined) {
      const tags = new Set([...before.tags, ...(marks.addTags ?? [])]);
      for (const tag of marks.removeTags ?? []) tags.delete(tag);
      db.run('UPDATE run SET tags = ? WHERE number = ?', [JSON.stringify([...tags].sort()), run]);
    }
    return readSummary(db, run);
  });
}
