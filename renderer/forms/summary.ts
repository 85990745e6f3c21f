/** What a draft amounts to: rows of each split, batches, steps, bytes. Pure. */

import type { RunSpec } from '../../engine/spec/run-spec.ts';

export interface SplitCounts {
  readonly train: number;
  readonly validation: number;
  readonly test: number;
}

/**
 * Rows of each split as the engine cuts them, up to the rounding of stratified splits: `exact` is false where a
 * split by class may move a row.
 */
export function splitCounts(rows: number, testRows: number, data: RunSpec['data']): SplitCounts {
  const test = testRows > 0 ? testRows : Math.round(rows * (data.test ?? 0.2));
  const available = rows - test;
  const kept = data.limit === null ? available : Math.min(data.limit, available);
  const validation = Math.round(kept * data.validation);
  return { train: kept - validation, validation, test };
}

/** Batches of an epoch, and the rows of the last one when it is smaller. */
export function batchCounts(trainRows: number, batchSize: number): { batches: number; last: number | null } {
  const batches = Math.max(1, Math.ceil(trainRows / batchSize));
  const last = trainRows - (batches - 1) * batchSize;
  return { batches, last: last < batchSize && batches > 1 ? last : null };
}

/** Steps of the whole run. */
export function totalSteps(spec: RunSpec, batches: number): number {
  return spec.training.steps ?? (spec.training.epochs ?? 1) * batches;
}
