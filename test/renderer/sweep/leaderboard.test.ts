import { describe, expect, it } from 'vitest';
import type { TrialRow } from '../../../electron/contract/sweeps.ts';
import {
  keepItems,
  leaderItems,
  nextLeaderSort,
  type LeaderItem,
  type LeaderOptions,
} from '../../../renderer/sweep/leaderboard.ts';
import { fakeTrial, sweepSpec } from './fake-trials.ts';

const { objective } = sweepSpec();
const plain: LeaderOptions = { objective, sort: null, group: null, pinned: new Set() };
const items = (rows: readonly TrialRow[], options: Partial<LeaderOptions> = {}) =>
  leaderItems(rows, { ...plain, ...options }).map((item) =>
    item.kind === 'trial' ? item.number : `${String(item.value)} ${item.count} ${item.best ?? '-'}`,
  );
const rows = [
  fakeTrial(0, { score: 0.8 }),
  fakeTrial(1, { score: 0.9 }),
  fakeTrial(2, { status: 'pruned', score: 0.95 }),
  fakeTrial(3, { status: 'failed', score: null }),
  fakeTrial(4, { status: 'running', score: null }),
  fakeTrial(5, { score: 0.85 }),
];

describe('the order', () => {
  it('is running, completed by score, pruned, failed', () => {
    expect(items(rows)).toEqual([4, 1, 5, 0, 2, 3]);
  });

  it('turns round where less is better', () => {
    const loss = sweepSpec({ objective: { metric: 'loss' } }).objective;
    expect(items(rows, { objective: loss })).toEqual([4, 0, 5, 1, 2, 3]);
  });

  it('by a column takes all that ended together, missing values last', () => {
    const sort = { column: 'score', direction: 'descending' } as const;
    expect(items(rows, { sort })).toEqual([4, 2, 1, 5, 0, 3]);
    const conditional = [...rows, fakeTrial(6, { params: { 'optimizer.type': 'sgd' } })];
    const byRate = { column: 'optimizer.lr', direction: 'descending' } as const;
    expect(items(conditional, { sort: byRate })).toEqual([4, 5, 3, 2, 1, 0, 6]);
  });

  it('has pinned trials right below the running ones', () => {
    expect(items(rows, { pinned: new Set([3, 0]) })).toEqual([4, 0, 3, 1, 5, 2]);
  });

  it('groups by a parameter, the group with the best score first', () => {
    expect(items(rows, { group: 'optimizer.type' })).toEqual([4, 'adam 3 0.9', 1, 5, 3, 'sgd 2 0.8', 0, 2]);
  });
});

it('comes back to the ranks at the third press on a head', () => {
  const first = nextLeaderSort(null, 'score', objective);
  const second = nextLeaderSort(first, 'score', objective);
  expect([first, second, nextLeaderSort(second, 'score', objective)]).toEqual([
    { column: 'score', direction: 'descending' },
    { column: 'score', direction: 'ascending' },
    null,
  ]);
  expect(nextLeaderSort(first, 'rank', objective)).toBeNull();
});

it('keeps the places while somebody reads: new running ones first, new ended ones last, gone ones leave', () => {
  const list = (...numbers: number[]): LeaderItem[] => numbers.map((number) => ({ kind: 'trial', number }));
  const kept = keepItems(list(1, 2, 3), list(9, 3, 8, 2), (number) => number === 9);
  expect(kept).toEqual(list(9, 2, 3, 8));
});
