/** Joins stretches of curves, so that a quick run does not travel in crumbs. */

import type { MetricChunk } from './metric.ts';

/** One chunk a series, in the order the series first appear. The chunks of a series must follow each other in time. */
export function mergeChunks(chunks: readonly MetricChunk[]): MetricChunk[] {
  const series = new Map<string, MetricChunk[]>();
  for (const chunk of chunks) {
    const key = `${chunk.runId} ${chunk.metric} ${chunk.split}`;
    const parts = series.get(key);
    if (parts === undefined) series.set(key, [chunk]);
    else parts.push(chunk);
  }
  return Array.from(series.values(), join);
}

function join(parts: readonly MetricChunk[]): MetricChunk {
  const first = parts[0] as MetricChunk;
  if (parts.length === 1) return first;
  const size = parts.reduce((sum, { steps }) => sum + steps.length, 0);
  const steps = new Int32Array(size);
  const values = new Float32Array(size);
  let at = 0;
  for (const part of parts) {
    steps.set(part.steps, at);
    values.set(part.values, at);
    at += part.steps.length;
  }
  return { ...first, steps, values, endMs: (parts.at(-1) as MetricChunk).endMs };
}
