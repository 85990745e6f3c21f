/** Samples of the layers' health, and the moments training began or went on. Doing either twice changes nothing. */

import type { HealthChunk } from '../../../engine/spec/health.ts';
import type { ClockMark } from '../../contract/runs.ts';
import { checksum, float32Column, int32Column, toBlob } from '../blob.ts';
import type { WritableDatabase } from '../database.ts';
import { checkChunk } from '../reads/check-chunk.ts';

/** Small chunks are joined up to this many bytes of values. */
const JOINED_BYTES = 64 * 1024;

interface ChunkRow {
  readonly last_step: number;
  readonly start_ms: number;
  readonly end_ms: number;
  readonly steps: Buffer;
  readonly values: Buffer;
  readonly crc32: number;
}

type Samples = Omit<HealthChunk, 'runId'>;

/** Samples at or before the last stored step are known already and left out. */
export function appendHealth(db: WritableDatabase, run: number, chunk: Samples): void {
  const last = db.get<ChunkRow>(
    `SELECT last_step, start_ms, end_ms, steps, "values", crc32 FROM health_chunk
     WHERE run = ? ORDER BY first_step DESC LIMIT 1`,
    [run],
  );
  const samples = last === undefined ? chunk : after(chunk, last.last_step);
  if (samples.steps.length === 0) return;
  if (last === undefined || last.values.byteLength + samples.values.byteLength > JOINED_BYTES) {
    writeHealth(db, run, samples);
    return;
  }
  checkChunk(last);
  const steps = int32Column(last.steps);
  const values = float32Column(last.values);
  const joinedSteps = new Int32Array(steps.length + samples.steps.length);
  joinedSteps.set(steps);
  joinedSteps.set(samples.steps, steps.length);
  const joinedValues = new Float32Array(values.length + samples.values.length);
  joinedValues.set(values);
  joinedValues.set(samples.values, values.length);
  writeHealth(db, run, {
    steps: joinedSteps,
    values: joinedValues,
    startMs: last.start_ms,
    endMs: samples.endMs,
  });
}

/** Keeps samples of steps up to `lastStep`. */
export function truncateHealth(db: WritableDatabase, run: number, lastStep: number): void {
  db.run('DELETE FROM health_chunk WHERE run = ? AND first_step > ?', [run, lastStep]);
  const cut = db.get<ChunkRow>(
    `SELECT last_step, start_ms, end_ms, steps, "values", crc32 FROM health_chunk WHERE run = ? AND last_step > ?`,
    [run, lastStep],
  );
  if (cut === undefined) return;
  checkChunk(cut);
  const steps = int32Column(cut.steps);
  const values = float32Column(cut.values);
  const kept = steps.findIndex((step) => step > lastStep);
  const share = steps.length > 1 ? (kept - 1) / (steps.length - 1) : 0;
  writeHealth(db, run, {
    steps: steps.subarray(0, kept),
    values: values.subarray(0, (values.length / steps.length) * kept),
    startMs: cut.start_ms,
    endMs: cut.start_ms + share * (cut.end_ms - cut.start_ms),
  });
}

/** Over a chunk with the same first step. */
function writeHealth(db: WritableDatabase, run: number, { steps, values, startMs, endMs }: Samples): void {
  db.run(
    `INSERT OR REPLACE INTO health_chunk (run, first_step, last_step, count, start_ms, end_ms, steps, "values", crc32)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      run,
      steps[0] as number,
      steps.at(-1) as number,
      steps.length,
      startMs,
      endMs,
      toBlob(steps),
      toBlob(values),
      checksum(steps, values),
    ],
  );
}

function after(samples: Samples, lastStep: number): Samples {
  const { steps, values } = samples;
  const from = steps.findIndex((step) => step > lastStep);
  if (from === 0) return samples;
  if (from < 0) return { ...samples, steps: new Int32Array(0), values: new Float32Array(0) };
  return { ...samples, steps: steps.subarray(from), values: values.subarray((values.length / steps.length) * from) };
}

/** The moment (UTC milliseconds) at which so much training time had passed. */
export function markClock(db: WritableDatabase, run: number, { elapsedMs, at }: ClockMark): void {
  db.run('INSERT OR REPLACE INTO run_clock (run, elapsed_ms, at) VALUES (?, ?, ?)', [run, elapsedMs, at]);
}

/** Forgets moments after the training time a run is taken back to. */
export function truncateClock(db: WritableDatabase, run: number, elapsedMs: number): void {
  db.run('DELETE FROM run_clock WHERE run = ? AND elapsed_ms > ?', [run, elapsedMs]);
}
