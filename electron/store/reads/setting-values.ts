/** One setting over all runs, for the query of the runs table. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { SettingValues } from '../../contract/runs.ts';
import type { ReadableDatabase } from '../database.ts';

interface SettingRow {
  readonly id: RunId;
  readonly number: number | null;
  readonly text: string | null;
}

/** @param path as in the spec: "optimizer.momentum", "model.layers.0.units" */
export function readSettingValues(db: ReadableDatabase, path: string): SettingValues {
  const rows = db.all<SettingRow>(
    `SELECT run.id, hyperparameter.number, text FROM hyperparameter JOIN run ON run.number = hyperparameter.run
     WHERE path = ?`,
    [path],
  );
  return { runs: rows.map(({ id }) => id), values: rows.map(({ number, text }) => number ?? text ?? '') };
}
