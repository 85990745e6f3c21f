/** Importance on a thread of its own: a forest of ten thousand trials would hold up several frames. */

import type { Feature } from '../../../engine/sweep/analysis/features.ts';
import { importanceOf, type ImportanceResult } from '../../../engine/sweep/analysis/fanova.ts';

export interface ImportanceRequest {
  readonly id: number;
  readonly features: readonly Feature[];
  /** NaN for trials that are left out. */
  readonly scores: Float64Array;
  /** uint32 */
  readonly seed: number;
}
export interface ImportanceAnswer {
  readonly id: number;
  readonly result: ImportanceResult;
}

interface WorkerSide {
  onmessage: ((event: { readonly data: ImportanceRequest }) => void) | null;
  postMessage(answer: ImportanceAnswer): void;
}
const side = globalThis as unknown as WorkerSide;
side.onmessage = ({ data: { id, features, scores, seed } }) => {
  side.postMessage({ id, result: importanceOf(features, scores, { seed }) });
};
