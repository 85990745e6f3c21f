/** Ranks of trials: which cannot be told apart, and whether the best one may be no more than lucky. Pure. */

import type { TrialRow } from '../../electron/contract/sweeps.ts';
import type { Objective } from '../../engine/spec/sweep-spec.ts';
import { placings, wilsonInterval, type Interval, type Placing, type Score } from '../race/wilson.ts';

/**
 * The interval of a score at 95 % (Wilson), by the rows of the validation split. null for a loss, and for an accuracy
 * on the training rows, which are no sample the network has not seen.
 */
export function scoreInterval(row: TrialRow, { metric, split }: Objective): Interval | null {
  const samples = samplesOf(row, { metric, split });
  return row.score === null || samples === null ? null : wilsonInterval(row.score, samples);
}

function samplesOf(row: TrialRow, { metric, split }: Pick<Objective, 'metric' | 'split'>): number | null {
  return metric === 'accuracy' && split === 'validation' && row.validationRows > 0 ? row.validationRows : null;
}

const UNRANKED: Placing = { rank: null, tie: false };

/** Ranks of completed trials by number; ties share one. Pruned and failed trials have none. */
export function rankTrials(rows: readonly TrialRow[], objective: Objective): ReadonlyMap<number, Placing> {
  const ranked = rows.filter((row) => row.status === 'completed' && row.score !== null);
  const scores = ranked.map((row): Score => ({ value: row.score, samples: samplesOf(row, objective) }));
  const places = placings(scores, objective.direction === 'maximize' ? 'higher' : 'lower');
  return new Map(ranked.map((row, i) => [row.number, places[i] ?? UNRANKED]));
}

export interface Luck {
  /** Trials that tie for the first rank. */
  readonly tied: number;
  /** By how much the best of so many equal trials lies above them by chance alone; null for a score without interval. */
  readonly excess: number | null;
}

/**
 * Whether the lead of the best trial is no more than what chance explains: the best of k trials of the same true
 * accuracy p lies E[max of k standard normals] · √(p(1 − p)/n) above their mean (n rows). null when it leads by more,
 * or alone. E[max] by Blom's approximation, Φ⁻¹((k − 3/8) / (k + 1/4)) (G. Blom, Statistical Estimates and Transformed
 * Beta-Variables, 1958).
 */
export function luckOfBest(
  rows: readonly TrialRow[],
  ranks: ReadonlyMap<number, Placing>,
  objective: Objective,
): Luck | null {
  const first = rows.filter((row) => ranks.get(row.number)?.rank === 1);
  const scores = first.flatMap((row) => row.score ?? []);
  const tied = scores.length;
  if (tied < 2) return null;
  const samples = first[0] === undefined ? null : samplesOf(first[0], objective);
  if (samples === null) return { tied, excess: null };
  const mean = scores.reduce((sum, score) => sum + score, 0) / tied;
  const excess = probit((tied - 0.375) / (tied + 0.25)) * Math.sqrt((mean * (1 - mean)) / samples);
  return Math.max(...scores) - mean <= excess ? { tied, excess } : null;
}

/**
 * Φ⁻¹, the quantile of the standard normal distribution, for p above 1/2 to about 4.5e-4 (Abramowitz and Stegun,
 * Handbook of Mathematical Functions, 26.2.23).
 */
export function probit(p: number): number {
  const t = Math.sqrt(-2 * Math.log(1 - p));
  const above = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const below = 1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t;
  return t - above / below;
}
