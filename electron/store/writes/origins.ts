/** Ties a run to the one it came from. A fork takes over what the two share, so that its curves are whole by themselves. */

import { expandLayers } from '../../../engine/spec/run-spec.ts';
import type { NewRun } from '../../contract/store-requests.ts';
import type { WritableDatabase } from '../database.ts';
import { readSpec, readSummary, runNumber } from '../reads/runs.ts';
import { rebuildFigures } from './rewind.ts';
import { truncateRun } from './truncate.ts';

/** Throws a StudioFailure (`not_found`) when the other run is gone. */
export function linkOrigin(db: WritableDatabase, run: number, { id }: NewRun, origin: Origin): void {
  const other = runNumber(db, origin.id);
  db.run(
    `UPDATE run SET origin_kind = :kind, origin_id = :id, origin_number = :other, origin_step = :step,
       origin_epoch = :epoch
     WHERE number = :run`,
    { run, other, kind: origin.kind, id: origin.id, step: origin.step, epoch: origin.epoch },
  );
  if (origin.step === 0) return;
  takeOver(db, run, other, origin);
  rebuildFigures(db, run, id);
}

type Origin = NonNullable<NewRun['origin']>;

function takeOver(db: WritableDatabase, run: number, other: number, { step, epoch, kind }: Origin): void {
  if (kind === 'fork') db.run('UPDATE checkpoint SET kept = 1 WHERE run = ? AND step = ?', [other, step]);
  copyCurves(db, run, other, step);
  copyClock(db, run, other, step);
  if (sameLayers(db, run, other)) {
    copyHistograms(db, run, other, step);
    copyHealth(db, run, other, step);
  }
  truncateRun(db, run, step);
  db.run(
    `UPDATE run SET steps_done = :step, epochs_done = :epoch,
       validation_rows = (SELECT validation_rows FROM run WHERE number = :other),
       elapsed_ms = ifnull((SELECT elapsed_ms FROM checkpoint WHERE run = :other AND step = :step), 0)
     WHERE number = :run`,
    { run, other, step, epoch },
  );
}

/** The test split is scored at the end of a run: that of the other one says nothing about this one. */
function copyCurves(db: WritableDatabase, run: number, other: number, step: number): void {
  const series = db.all<{ id: number; metric: string; split: string }>(
    `SELECT id, metric, split FROM metric_series WHERE run = ? AND split <> 'test' AND first_step <= ?`,
    [other, step],
  );
  for (const { id, metric, split } of series) {
    const copy = db.insert<{ id: number }>(
      `INSERT INTO metric_series (run, metric, split, count, first_step, last_step, min, max)
       SELECT ?, ?, ?, count, first_step, last_step, min, max FROM metric_series WHERE id = ? RETURNING id`,
      [run, metric, split, id],
    );
    db.run(
      `INSERT INTO metric_chunk
         (series, first_step, last_step, count, min, max, start_ms, end_ms, steps, "values", crc32)
       SELECT ?, first_step, last_step, count, min, max, start_ms, end_ms, steps, "values", crc32
       FROM metric_chunk WHERE series = ? AND first_step <= ?`,
      [copy.id, id, step],
    );
  }
}

function copyHistograms(db: WritableDatabase, run: number, other: number, step: number): void {
  for (const { id } of db.all<{ id: number }>('SELECT id FROM histogram_series WHERE run = ?', [other])) {
    const copy = db.insert<{ id: number }>(
      `INSERT INTO histogram_series (run, kind, layer, layer_name, edges)
       SELECT ?, kind, layer, layer_name, edges FROM histogram_series WHERE id = ? RETURNING id`,
      [run, id],
    );
    db.run(
      `INSERT INTO histogram_frame (series, step, counts, below, above, non_finite, mean, std)
       SELECT ?, step, counts, below, above, non_finite, mean, std FROM histogram_frame WHERE series = ? AND step <= ?`,
      [copy.id, id, step],
    );
  }
}

function copyHealth(db: WritableDatabase, run: number, other: number, step: number): void {
  db.run(
    `INSERT INTO health_chunk (run, first_step, last_step, count, start_ms, end_ms, steps, "values", crc32)
     SELECT ?, first_step, last_step, count, start_ms, end_ms, steps, "values", crc32
     FROM health_chunk WHERE run = ? AND first_step <= ?`,
    [run, other, step],
  );
}

/** When the steps they share were trained. */
function copyClock(db: WritableDatabase, run: number, other: number, step: number): void {
  db.run(
    `INSERT INTO run_clock (run, elapsed_ms, at) SELECT :run, elapsed_ms, at FROM run_clock
     WHERE run = :other
       AND elapsed_ms < (SELECT elapsed_ms FROM checkpoint WHERE run = :other AND step = :step)`,
    { run, other, step },
  );
}

/** Histograms and health belong to a layer's position. */
function sameLayers(db: WritableDatabase, run: number, other: number): boolean {
  const layers = (number: number): string => JSON.stringify(expandLayers(readSpec(db, number).model.layers));
  return layers(run) === layers(other) && readSummary(db, run).model === readSummary(db, other).model;
}
