/** Trials and specs for tests of the analysis. */

import type { TrialRow } from '../../../../electron/contract/sweeps.ts';
import type { SweepId } from '../../../../engine/spec/ids.ts';
import type { SearchSpace } from '../../../../engine/spec/search-space.ts';
import type { Objective } from '../../../../engine/spec/sweep-spec.ts';
import { trialTable, type TrialTable } from '../../../../renderer/sweep/analysis/trial-table.ts';

export const ACCURACY: Objective = { metric: 'accuracy', split: 'validation', direction: 'maximize', at: 'best' };
export const LOSS: Objective = { metric: 'loss', split: 'validation', direction: 'minimize', at: 'best' };
export const NAMES = { score: 'score', epochs: 'epochs', duration: 'time' };

type Parts = Partial<TrialRow>;

/** Completed, unless the parts say otherwise; without a score when that is null. */
export function row(number: number, parts: Parts = {}): TrialRow {
  const made = {
    sweep: 'abcdefghijkl' as SweepId,
    number,
    params: {},
    byHand: false,
    status: 'completed',
    score: 0.5,
    scores: [],
    epochs: 10,
    reason: null,
    runs: [],
    durationMs: 1000,
    startedAt: 0,
    endedAt: 1000,
    ended: number,
    validationRows: 100,
  };
  // Rows have gained and lost fields that no chart reads.
  return { ...made, ...parts } as unknown as TrialRow;
}

export function tableOf(space: SearchSpace, rows: readonly TrialRow[], objective: Objective = ACCURACY): TrialTable {
  return trialTable({ space, objective }, rows, NAMES);
}
