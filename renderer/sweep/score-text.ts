/** A score as the page writes it: an accuracy in per cent, a loss as it is. */

import type { Objective } from '../../engine/spec/sweep-spec.ts';
import { formatLoss } from '../charts/format.ts';
import { formatPercent } from '../text/format.ts';

/** @param sign adds "%" to an accuracy */
export function scoreText(score: number | null, { metric }: Pick<Objective, 'metric'>, sign = false): string {
  if (metric === 'loss') return formatLoss(score);
  return sign && score !== null ? `${formatPercent(score)}%` : formatPercent(score);
}
