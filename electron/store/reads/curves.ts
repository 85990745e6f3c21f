/** Curves, whole or reduced. */

import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve, MetricId, Split } from '../../../engine/spec/metric.ts';
import type { ReadableDatabase } from '../database.ts';
import { checkChunk } from './check-chunk.ts';
import { reduceCurve, type CurveColumns } from './reduce-curve.ts';
import { runNumber } from './runs.ts';

interface ChunkRow {
  readonly count: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly crc32: number | null;
}

export interface CurveRequest {
  readonly id: RunId;
  readonly metric: MetricId;
  readonly split: Split;
  readonly maxPoints: number | null;
}

/** A curve nothing was logged for has no points; an unknown run is `not_found`. */
export function readCurve(db: ReadableDatabase, { id, metric, split, maxPoints }: CurveRequest): Curve {
  const series = db.get<{ id: number; count: number }>(
    'SELECT id, count FROM metric_series WHERE run = ? AND metric = ? AND split = ?',
    [runNumber(db, id), metric, split],
  );
  if (series === undefined) return { metric, split, total: 0, ...emptyColumns(0) };
  const whole = readColumns(db, series.id, series.count);
  const columns = maxPoints === null ? whole : reduceCurve(whole, maxPoints);
  return { metric, split, total: series.count, ...columns };
}

function readColumns(db: ReadableDatabase, series: number, count: number): CurveColumns {
  const columns = emptyColumns(count);
  const stepBytes = new Uint8Array(columns.steps.buffer);
  const valueBytes = new Uint8Array(columns.values.buffer);
  let at = 0;
  const chunks = db.all<ChunkRow>(
    'SELECT count, start_ms, end_ms, steps, "values", crc32 FROM metric_chunk WHERE series = ? ORDER BY first_step',
    [series],
  );
  for (const chunk of chunks) {
    checkChunk(chunk);
    stepBytes.set(chunk.steps, 4 * at);
    valueBytes.set(chunk.values, 4 * at);
    // Only the ends of a chunk have a time; its points are taken to be evenly spaced between them.
    const slope = chunk.count > 1 ? (chunk.end_ms - chunk.start_ms) / (chunk.count - 1) : 0;
    for (let i = 0; i < chunk.count; i++) columns.elapsedMs[at + i] = chunk.start_ms + slope * i;
    at += chunk.count;
  }
  if (at !== count) throw new Error(`series ${series} should hold ${count} points, its chunks hold ${at}`);
  return columns;
}

function emptyColumns(count: number): CurveColumns {
  return {
    steps: new Int32Array(count),
    values: new Float32Array(count),
    elapsedMs: new Float32Array(count),
  };
}
