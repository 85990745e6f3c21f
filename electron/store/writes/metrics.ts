/** Points of curves. Appending the same chunk twice changes nothing. */

import type { MetricChunk } from '../../../engine/spec/metric.ts';
import { checksum, float32Column, int32Column, toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { checkChunk } from '../reads/check-chunk.ts';

/** Small chunks are joined up to this many points, so a slow run does not leave a row for every point. */
const JOINED_POINTS = 1024;

interface SeriesRow {
  readonly id: number;
  readonly count: number;
  readonly last_step: number;
}

interface Points {
  readonly steps: Int32Array;
  readonly values: Float32Array;
  readonly startMs: number;
  readonly endMs: number;
}

interface ChunkRow {
  readonly first_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly crc32: number | null;
}

/** Points at or before the last stored step are known already and left out. */
export function appendChunk(db: WritableDatabase, run: number, chunk: MetricChunk): void {
  if (chunk.steps.length !== chunk.values.length) {
    throw new Error(`a chunk of ${chunk.metric} has ${chunk.steps.length} steps and ${chunk.values.length} values`);
  }
  const series = db.get<SeriesRow>(
    'SELECT id, count, last_step FROM metric_series WHERE run = ? AND metric = ? AND split = ?',
    [run, chunk.metric, chunk.split],
  );
  const points = series === undefined ? chunk : after(chunk, series.last_step);
  const count = points.steps.length;
  if (count === 0) return;
  const first = points.steps[0] as number;
  const last = points.steps[count - 1] as number;
  const range = finiteRange(points.values);
  const id =
    series?.id ??
    db.insert<{ id: number }>(
      `INSERT INTO metric_series (run, metric, split, count, first_step, last_step)
       VALUES (?, ?, ?, 0, ?, ?) RETURNING id`,
      [run, chunk.metric, chunk.split, first, last],
    ).id;
  db.run(
    `UPDATE metric_series SET count = count + :count, last_step = :last,
       min = min(ifnull(min, :min), ifnull(:min, min)), max = max(ifnull(max, :max), ifnull(:max, max))
     WHERE id = :id`,
    { id, count, last, ...range },
  );
  storePoints(db, id, points);
}

function storePoints(db: WritableDatabase, series: number, points: Points): void {
  const open = db.get<ChunkRow>(
    `SELECT first_step, start_ms, end_ms, steps, "values", crc32 FROM metric_chunk
     WHERE series = ? AND count + ? <= ${JOINED_POINTS}
       AND first_step = (SELECT max(first_step) FROM metric_chunk WHERE series = ?)`,
    [series, points.steps.length, series],
  );
  if (open === undefined) {
    writeChunk(db, series, points);
  } else {
    checkChunk(open);
    writeChunk(db, series, {
      steps: joined(int32Column(open.steps), points.steps, Int32Array),
      values: joined(float32Column(open.values), points.values, Float32Array),
      startMs: open.start_ms,
      endMs: points.endMs,
    });
  }
}

/** Writes a chunk whole, over one with the same first step. */
export function writeChunk(db: WritableDatabase, series: number, points: Points): void {
  const count = points.steps.length;
  const range = finiteRange(points.values);
  db.run(
    `INSERT OR REPLACE INTO metric_chunk
       (series, first_step, last_step, count, min, max, start_ms, end_ms, steps, "values", crc32)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      series,
      points.steps[0] as number,
      points.steps[count - 1] as number,
      count,
      range.min,
      range.max,
      points.startMs,
      points.endMs,
      toBlob(points.steps),
      toBlob(points.values),
      checksum(points.steps, points.values),
    ],
  );
}

/** The points with a step above `lastStep`. Times stay those of the whole chunk's ends. */
function after(points: Points, lastStep: number): Points {
  const from = points.steps.findIndex((step) => step > lastStep);
  if (from === 0) return points;
  if (from < 0) return { ...points, steps: new Int32Array(0), values: new Float32Array(0) };
  return { ...points, steps: points.steps.subarray(from), values: points.values.subarray(from) };
}

export function finiteRange(values: Float32Array): { min: number | null; max: number | null } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: null, max: null } : { min, max };
}

function joined<A extends Int32Array | Float32Array>(a: A, b: A, Make: new (length: number) => A): A {
  const both = new Make(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
