/** A new database out of what can still be read of a damaged one. The damaged one is only read. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { Database } from '../database.ts';
import { readResumePoint } from '../reads/checkpoints.ts';
import { readCurve } from '../reads/curves.ts';
import { readHealth } from '../reads/health.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import { connect } from '../open.ts';
import type { Migration } from '../migrations/migration.ts';
import type { SqliteConnection, SqliteConstructor } from '../sqlite.ts';
import { copyTable, isDamage, quoted } from './copy-table.ts';

/** What the new database holds. */
export interface Salvaged {
  readonly runs: readonly RunId[];
  /** Curves and checkpoints that were left out because their bytes are not those that were saved. */
  readonly lostCurves: number;
  readonly lostCheckpoints: number;
}

/** Makes the database at `target`. null when nothing at all could be read. */
export function salvage(
  Sqlite: SqliteConstructor,
  damagedPath: string,
  target: string,
  migrations: readonly Migration[],
): Salvaged | null {
  const from = openForReading(Sqlite, damagedPath);
  if (from === null) return null;
  try {
    const { db } = connect(Sqlite, target, migrations);
    try {
      db.exec('PRAGMA foreign_keys = OFF');
      const tables = readableTables(from, db);
      if (tables === null) return null;
      for (const table of tables) db.transaction(() => copyTable(from, db.connection, table));
      dropUnreadable(db);
      dropOrphans(db, tables);
      const lost = db.transaction(() => dropBroken(db));
      dropOrphans(db, tables);
      const runs = db.all<{ id: RunId }>('SELECT id FROM run ORDER BY number').map(({ id }) => id);
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return { runs, ...lost };
    } finally {
      db.connection.close();
    }
  } finally {
    from.close();
  }
}

function openForReading(Sqlite: SqliteConstructor, path: string): SqliteConnection | null {
  const connection = new Sqlite(path, { readonly: true, fileMustExist: true });
  try {
    connection.pragma('schema_version');
    return connection;
  } catch (error) {
    connection.close();
    if (isDamage(error)) return null;
    throw error;
  }
}

/** Tables of the new schema that the damaged database has, too; null when its schema cannot be read. */
function readableTables(from: SqliteConnection, db: Database): string[] | null {
  const list = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
  try {
    const there = new Set((from.prepare(list).all() as { name: string }[]).map(({ name }) => name));
    return db.all<{ name: string }>(list).flatMap(({ name }) => (there.has(name) ? [name] : []));
  } catch (error) {
    if (isDamage(error)) return null;
    throw error;
  }
}

/** Columns that hold JSON. */
const JSON_COLUMNS: Readonly<Record<string, readonly string[]>> = {
  run: ['spec', 'tags', 'input_shape', 'output_names', 'model_card', 'system', 'fingerprints', 'wording'],
  sweep: ['spec', 'progress'],
  trial: ['params', 'scores', 'reason'],
  resume: ['changes', 'difference'],
};

/** One row whose text is torn would keep a whole list from being read. */
function dropUnreadable(db: Database): void {
  for (const [table, columns] of Object.entries(JSON_COLUMNS)) {
    db.run(`DELETE FROM ${table} WHERE ${columns.map((column) => `json_valid(${column}) = 0`).join(' OR ')}`);
  }
}

interface ForeignKey {
  readonly table: string;
  readonly from: string;
  readonly to: string | null;
  readonly on_delete: string;
}

/** Rows whose parent could not be read go with it, until nothing points to nothing. */
function dropOrphans(db: Database, tables: readonly string[]): void {
  for (let changed = 1; changed > 0;) {
    changed = 0;
    for (const table of tables) {
      for (const key of db.connection.pragma(`foreign_key_list(${quoted(table)})`) as ForeignKey[]) {
        const column = quoted(key.from);
        const orphan = `${column} IS NOT NULL AND ${column} NOT IN (SELECT ${quoted(key.to ?? 'rowid')} FROM ${quoted(key.table)})`;
        changed += db.run(
          key.on_delete === 'SET NULL'
            ? `UPDATE ${quoted(table)} SET ${column} = NULL WHERE ${orphan}`
            : `DELETE FROM ${quoted(table)} WHERE ${orphan}`,
        );
      }
    }
  }
}

/** A curve with a hole and a checkpoint with a wrong bit are worse than none; a run's health counts as a curve. */
function dropBroken(db: Database): { readonly lostCurves: number; readonly lostCheckpoints: number } {
  let lostCurves = 0;
  let lostCheckpoints = 0;
  const curves = db.all<{ number: number; id: RunId; run: RunId; metric: 'loss'; split: 'batch' }>(
    'SELECT s.id AS number, r.id AS run, metric, split FROM metric_series s JOIN run r ON r.number = s.run',
  );
  for (const { number, run, metric, split } of curves) {
    if (isWhole(() => readCurve(db, { id: run, metric, split, maxPoints: 2 }))) continue;
    lostCurves++;
    db.run('DELETE FROM metric_series WHERE id = ?', [number]);
  }
  const measured = db.all<{ number: number; id: RunId }>(
    'SELECT number, id FROM run WHERE number IN (SELECT run FROM health_chunk)',
  );
  for (const { number, id } of measured) {
    if (isWhole(() => readHealth(db, { id, maxSamples: 2 }))) continue;
    lostCurves++;
    db.run('DELETE FROM health_chunk WHERE run = ?', [number]);
  }
  const checkpoints = db.all<{ number: number; run: RunId; step: number }>(
    'SELECT c.id AS number, r.id AS run, step FROM checkpoint c JOIN run r ON r.number = c.run',
  );
  for (const { number, run, step } of checkpoints) {
    if (isWhole(() => readResumePoint(db, run, step))) continue;
    lostCheckpoints++;
    db.run('DELETE FROM checkpoint WHERE id = ?', [number]);
  }
  return { lostCurves, lostCheckpoints };
}

function isWhole(read: () => unknown): boolean {
  try {
    read();
    return true;
  } catch (error) {
    if (error instanceof StudioFailure && error.error.code === 'database_damaged') return false;
    throw error;
  }
}
