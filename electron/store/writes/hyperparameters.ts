/** The run spec as rows: dotted path → value. */

import type { RunSpec } from '../../../engine/spec/run-spec.ts';
import type { WritableDatabase } from '../database.ts';

export interface Hyperparameter {
  readonly path: string;
  /** Numbers, and 1 or 0 for true and false; null for texts. */
  readonly number: number | null;
  readonly text: string | null;
}

/** Every leaf of the spec but its name: "optimizer.lr" → 0.1, "model.layers.0.units" → 50. Nulls are left out. */
export function flattenSpec(spec: RunSpec): Hyperparameter[] {
  const rows: Hyperparameter[] = [];
  const visit = (value: unknown, path: string): void => {
    if (value === null || value === undefined) return;
    if (typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) visit(inner, path === '' ? key : `${path}.${key}`);
    } else if (typeof value === 'string') {
      rows.push({ path, number: null, text: value });
    } else {
      rows.push({ path, number: Number(value), text: null });
    }
  };
  const { name: _name, ...settings } = spec;
  visit(settings, '');
  return rows;
}

export function insertHyperparameters(db: WritableDatabase, run: number, spec: RunSpec): void {
  for (const { path, number, text } of flattenSpec(spec)) {
    db.run('INSERT INTO hyperparameter (run, path, number, text) VALUES (?, ?, ?, ?)', [run, path, number, text]);
  }
}
