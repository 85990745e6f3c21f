/** Why a trial ended early, in the person's language. */

import { spoken } from '../text/spoken.ts';
import type { TrialRow } from '../../electron/contract/sweeps.ts';
import type { Objective } from '../../engine/spec/sweep-spec.ts';
import { formatCount } from '../text/format.ts';
import { scoreText } from './score-text.ts';

/** Values that are counts, not figures of the objective. */
const COUNTS = new Set(['epoch', 'trials', 'places', 'bracket']);

/** Short, for a cell: "worse than median, ep. 6". Empty for a trial without a reason. */
export function reasonText(
  row: TrialRow,
  objective: Objective,
  t: (key: string, values: Record<string, unknown>) => string,
  te: (key: string) => boolean,
): string {
  const { reason } = row;
  if (reason === null) return '';
  const key = `sweep.reason.${reason.code}`;
  if (!te(key)) return spoken(reason);
  const values = Object.entries({ epoch: row.epochs, ...reason.values }).map(([name, value]) => [
    name,
    COUNTS.has(name) ? formatCount(value) : scoreText(value, objective, true),
  ]);
  return t(key, Object.fromEntries(values));
}
