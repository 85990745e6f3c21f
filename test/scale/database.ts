/** The generated database: written by the store's own functions, kept outside git until its format changes. */

import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { databaseFile } from '../../electron/main/home.ts';
import type { Database } from '../../electron/store/database.ts';
import { MIGRATIONS } from '../../electron/store/migrations/all.ts';
import { openDatabase } from '../../electron/store/open.ts';
import { loadSqlite } from '../../electron/store/sqlite.ts';
import { appendToRun } from '../../electron/store/writes/append.ts';
import { markRuns } from '../../electron/store/writes/marks.ts';
import { createRun } from '../../electron/store/writes/runs.ts';
import { generateRun } from './generated-runs.ts';

/** Counts up when the runs are drawn differently. */
const EDITION = 2;
const RUNS_A_COMMIT = 100;

export interface GeneratedDatabase {
  readonly path: string;
  readonly runs: number;
  readonly points: number;
}

/** Makes the database in `folder` unless it is there. Tells `onProgress` how many runs are written. */
export function generateDatabase(
  folder: string,
  runs: number,
  onProgress: (written: number) => void,
): GeneratedDatabase {
  mkdirSync(folder, { recursive: true });
  const schema = MIGRATIONS.map(({ version }) => version / 10).join('-');
  const name = `runs-${runs}-edition-${EDITION}-schema-${schema}.db`;
  const path = join(folder, name);
  for (const other of readdirSync(folder)) if (other !== name) rmSync(join(folder, other));
  if (!readdirSync(folder).includes(name)) {
    const half = `${path}.half`;
    writeRuns(half, runs, onProgress);
    renameSync(half, path);
  }
  return { path, runs, points: countPoints(path) };
}

function writeRuns(path: string, runs: number, onProgress: (written: number) => void): void {
  const { db, lock } = openDatabase(loadSqlite(), path, 'the command line');
  for (let from = 0; from < runs; from += RUNS_A_COMMIT) {
    const to = Math.min(runs, from + RUNS_A_COMMIT);
    db.transaction(() => {
      for (let index = from; index < to; index++) writeRun(db, index, runs);
    });
    onProgress(to);
  }
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.connection.close();
  lock.release();
  rmSync(`${path}-lock`, { force: true });
}

function writeRun(db: Database, index: number, runs: number): void {
  const { run, append, marks } = generateRun(index, runs);
  createRun(db, run);
  appendToRun(db, append);
  if (marks !== null) markRuns(db, [run.id], marks, run.createdAt);
}

function countPoints(path: string): number {
  const Sqlite = loadSqlite();
  const connection = new Sqlite(path);
  const row = connection.prepare('SELECT sum(count) AS points FROM metric_series').get() as { points: number };
  connection.close();
  return row.points;
}

/** A home folder with a copy of the database: what the app does to it is gone with the folder. */
export function putInHome(database: GeneratedDatabase, home: string): void {
  mkdirSync(home, { recursive: true });
  copyFileSync(database.path, databaseFile(home));
}
