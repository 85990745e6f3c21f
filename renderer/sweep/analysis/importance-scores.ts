/** What importance is worked out from: the scores of completed trials. */

import type { TrialTable } from './trial-table.ts';

/**
 * The scores importance explains. Pruned trials are left out: their scores are those of fewer epochs. On a logarithmic
 * axis it is the logarithm of the score that varies, or the worst trial would be all there is to explain.
 */
export function importanceScores({ rows, scores, score }: TrialTable): Float64Array {
  return Float64Array.from(rows, ({ status }, place) => {
    const value = scores[place] ?? Number.NaN;
    if (status !== 'completed') return Number.NaN;
    return score.log ? Math.log(value) : value;
  });
}
