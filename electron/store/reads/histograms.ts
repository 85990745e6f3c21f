/** Histogram frames of a run, all layers of one kind. */

import type { HistogramFrame, HistogramKind } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { float32Column, uint32Column } from '../blob.ts';
import type { ReadableDatabase } from '../database.ts';
import { runNumber } from './runs.ts';

interface FrameRow {
  readonly layer: number;
  readonly layer_name: string;
  readonly edges: Buffer;
  readonly step: number;
  readonly counts: Buffer;
  readonly below: number;
  readonly above: number;
  readonly non_finite: number;
  readonly mean: number | null;
  readonly std: number | null;
}

export interface HistogramRequest {
  readonly id: RunId;
  readonly kind: HistogramKind;
  readonly maxSteps: number | null;
}

/** By step, then by layer. `maxSteps` thins evenly and always keeps the first and the last step. */
export function readHistograms(db: ReadableDatabase, { id, kind, maxSteps }: HistogramRequest): HistogramFrame[] {
  const run = runNumber(db, id);
  const steps = db.all<{ step: number }>(
    `SELECT DISTINCT step FROM histogram_frame JOIN histogram_series ON histogram_series.id = series
     WHERE run = ? AND kind = ? ORDER BY step`,
    [run, kind],
  );
  const kept = new Set(
    thin(
      steps.map(({ step }) => step),
      maxSteps,
    ),
  );
  const rows = db.all<FrameRow>(
    `SELECT layer, layer_name, edges, step, counts, below, above, non_finite, mean, std
     FROM histogram_frame JOIN histogram_series ON histogram_series.id = series
     WHERE run = ? AND kind = ? ORDER BY step, layer, series`,
    [run, kind],
  );
  return rows.filter(({ step }) => kept.has(step)).map((row) => toFrame(row, id, kind));
}

function toFrame(row: FrameRow, runId: RunId, kind: HistogramKind): HistogramFrame {
  return {
    runId,
    kind,
    layer: row.layer,
    layerName: row.layer_name,
    step: row.step,
    edges: float32Column(row.edges),
    counts: uint32Column(row.counts),
    below: row.below,
    above: row.above,
    nonFinite: row.non_finite,
    mean: row.mean ?? Number.NaN,
    std: row.std ?? Number.NaN,
  };
}

/** At most `max` of the items, evenly spread, the first and the last among them. */
export function thin<T>(items: readonly T[], max: number | null): T[] {
  if (max === null || items.length <= max) return [...items];
  return Array.from({ length: max }, (_, i) => items[Math.round((i * (items.length - 1)) / (max - 1))] as T);
}
