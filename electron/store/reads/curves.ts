/** Curves, whole or reduced. */

import { say } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve, MetricId, Split } from '../../../engine/spec/metric.ts';
import { StudioFailure } from '../../contract/outcome.ts';
import type { StepRange } from '../../contract/store-requests.ts';
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
  /** Left out: all points. */
  readonly steps?: StepRange | undefined;
}

/** A curve nothing was logged for has no points; an unknown run is `not_found`. */
export function readCurve(db: ReadableDatabase, { id, metric, split, maxPoints, steps }: CurveRequest): Curve {
  const series = db.get<{ id: number; count: number }>(
    'SELECT id, count FROM metric_series WHERE run = ? AND metric = ? AND split = ?',
    [runNumber(db, id), metric, split],
  );
  if (series === undefined) return { metric, split, total: 0, ...emptyColumns(0) };
  const read = steps === undefined ? readWhole(db, series) : readPart(db, series.id, steps);
  const columns = maxPoints === null ? read : reduceCurve(read, maxPoints);
  return { metric, split, total: read.values.length, ...columns };
}

const CHUNK = 'SELECT count, start_ms, end_ms, steps, "values", crc32 FROM metric_chunk WHERE series = ?';

function readWhole(db: ReadableDatabase, { id, count }: { id: number; count: number }): CurveColumns {
  const columns = joined(db.all<ChunkRow>(`${CHUNK} ORDER BY first_step`, [id]));
  const held = columns.values.length;
  if (held !== count) {
    throw new StudioFailure({
      code: 'database_damaged',
      ...say`a curve in the database is damaged: it should hold ${count} points, ${held} are there`,
    });
  }
  return columns;
}

/** Reads the chunks that overlap the range and cuts off what sticks out. */
function readPart(db: ReadableDatabase, series: number, { from, to }: StepRange): CurveColumns {
  const { steps, values, elapsedMs } = joined(
    db.all<ChunkRow>(`${CHUNK} AND first_step <= ? AND last_step >= ? ORDER BY first_step`, [series, to, from]),
  );
  const begin = steps.findIndex((step) => step >= from);
  if (begin < 0) return emptyColumns(0);
  const end = Math.max(begin, steps.findLastIndex((step) => step <= to) + 1);
  return { steps: steps.slice(begin, end), values: values.slice(begin, end), elapsedMs: elapsedMs.slice(begin, end) };
}

function joined(chunks: readonly ChunkRow[]): CurveColumns {
  const columns = emptyColumns(chunks.reduce((sum, chunk) => sum + chunk.count, 0));
  const stepBytes = new Uint8Array(columns.steps.buffer);
  const valueBytes = new Uint8Array(columns.values.buffer);
  let at = 0;
  for (const chunk of chunks) {
    checkChunk(chunk);
    stepBytes.set(chunk.steps, 4 * at);
    valueBytes.set(chunk.values, 4 * at);
    // Only the ends of a chunk have a time; its points are taken to be evenly spaced between them.
    const slope = chunk.count > 1 ? (chunk.end_ms - chunk.start_ms) / (chunk.count - 1) : 0;
    for (let i = 0; i < chunk.count; i++) columns.elapsedMs[at + i] = chunk.start_ms + slope * i;
    at += chunk.count;
  }
  return columns;
}

function emptyColumns(count: number): CurveColumns {
  return {
    steps: new Int32Array(count),
    values: new Float32Array(count),
    elapsedMs: new Float32Array(count),
  };
}
