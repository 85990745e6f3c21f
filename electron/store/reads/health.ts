/** Samples of the layers' health of a run. */

import type { HealthSamples } from '../../../engine/spec/health.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { float32Column, int32Column } from '../blob.ts';
import type { ReadableDatabase } from '../database.ts';
import { checkChunk } from './check-chunk.ts';
import { thin } from './histograms.ts';
import { runNumber } from './runs.ts';

interface ChunkRow {
  readonly count: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly crc32: number;
}

export interface HealthRequest {
  readonly id: RunId;
  /** At most this many samples, evenly thinned but always with the first and the last; null reads all. */
  readonly maxSamples: number | null;
}

/** No samples for a run nothing was measured of; an unknown run is `not_found`. */
export function readHealth(db: ReadableDatabase, { id, maxSamples }: HealthRequest): HealthSamples {
  const chunks = db.all<ChunkRow>(
    'SELECT count, start_ms, end_ms, steps, "values", crc32 FROM health_chunk WHERE run = ? ORDER BY first_step',
    [runNumber(db, id)],
  );
  const total = chunks.reduce((sum, chunk) => sum + chunk.count, 0);
  const width = chunks.length === 0 ? 0 : (chunks[0] as ChunkRow).values.byteLength / 4 / (chunks[0] as ChunkRow).count;
  const all = {
    steps: new Int32Array(total),
    values: new Float32Array(total * width),
    elapsedMs: new Float32Array(total),
    total,
  };
  let at = 0;
  for (const chunk of chunks) {
    checkChunk(chunk);
    all.steps.set(int32Column(chunk.steps), at);
    all.values.set(float32Column(chunk.values), at * width);
    const slope = chunk.count > 1 ? (chunk.end_ms - chunk.start_ms) / (chunk.count - 1) : 0;
    for (let i = 0; i < chunk.count; i++) all.elapsedMs[at + i] = chunk.start_ms + slope * i;
    at += chunk.count;
  }
  return maxSamples === null || total <= maxSamples ? all : thinned(all, width, maxSamples);
}

function thinned(all: HealthSamples, width: number, most: number): HealthSamples {
  const kept = thin(
    Array.from(all.steps, (_, i) => i),
    most,
  );
  const values = new Float32Array(kept.length * width);
  for (const [to, from] of kept.entries()) {
    values.set(all.values.subarray(from * width, (from + 1) * width), to * width);
  }
  return {
    steps: Int32Array.from(kept, (i) => all.steps[i] as number),
    values,
    elapsedMs: Float32Array.from(kept, (i) => all.elapsedMs[i] as number),
    total: all.total,
  };
}
