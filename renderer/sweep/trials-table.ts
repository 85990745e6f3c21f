/** The leaderboard as text for a file: one line a trial, every figure in full. */

import type { SweepDetail, TrialRow } from '../../electron/contract/sweeps.ts';
import type { SweepSpec } from '../../engine/spec/sweep-spec.ts';
import type { Placing } from '../race/wilson.ts';
import { tableCsv } from '../charts/export/csv.ts';
import { scoreInterval } from './ranking.ts';

type Ranks = ReadonlyMap<number, Placing>;

function entry(row: TrialRow, spec: SweepSpec, ranks: Ranks) {
  const interval = scoreInterval(row, spec.objective);
  return {
    trial: row.number,
    rank: ranks.get(row.number)?.rank ?? null,
    tie: ranks.get(row.number)?.tie ?? false,
    state: row.status,
    reason: row.reason?.message ?? null,
    score: row.score,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
    epochs: row.epochs,
    seconds: row.durationMs / 1000,
    byHand: row.byHand,
    runs: row.runs,
    params: row.params,
  };
}

/** A head line, then a line a trial in the order given; parameters are columns named by their paths. */
export function trialsCsv(rows: readonly TrialRow[], spec: SweepSpec, ranks: Ranks): Uint8Array<ArrayBuffer> {
  const paths = Object.keys(spec.space);
  const head = [
    'trial',
    'rank',
    'state',
    'score',
    'low_95',
    'high_95',
    'epochs',
    'seconds',
    'by_hand',
    'reason',
    ...paths,
  ];
  const lines = rows.map((row) => {
    const { trial, rank, state, score, low, high, epochs, seconds, byHand, reason, params } = entry(row, spec, ranks);
    const values = paths.map((path) => {
      const value = params[path];
      return typeof value === 'number' || typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
    });
    return [
      trial,
      rank ?? '',
      state,
      score ?? '',
      low ?? '',
      high ?? '',
      epochs,
      seconds,
      byHand ? 'yes' : 'no',
      reason ?? '',
      ...values,
    ];
  });
  return tableCsv([head, ...lines]);
}

export function trialsJson(
  rows: readonly TrialRow[],
  detail: Pick<SweepDetail, 'summary' | 'spec'>,
  ranks: Ranks,
): Uint8Array<ArrayBuffer> {
  const { summary, spec } = detail;
  const trials = rows.map((row) => entry(row, spec, ranks));
  const { id, name, status, testOpenings } = summary;
  const text = JSON.stringify({ sweep: id, name, status, testOpenings, spec, trials }, null, 2);
  return new TextEncoder().encode(`${text}\n`);
}
