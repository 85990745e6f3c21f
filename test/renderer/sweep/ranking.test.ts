import { describe, expect, it } from 'vitest';
import { luckOfBest, probit, rankTrials, scoreInterval } from '../../../renderer/sweep/ranking.ts';
import { fakeTrial, sweepSpec } from './fake-trials.ts';

const { objective } = sweepSpec();
const scored = (...scores: readonly (number | null)[]) =>
  scores.map((score, number) => fakeTrial(number, { score, scores: score === null ? [] : [score] }));
const ranksOf = (...scores: readonly number[]) => {
  const ranks = rankTrials(scored(...scores), objective);
  return scores.map((_, number) => `${ranks.get(number)?.rank ?? '-'}${ranks.get(number)?.tie === true ? '=' : ''}`);
};

describe('ranks', () => {
  it('are shared by scores that lie in each other’s interval', () => {
    // On 360 rows 0.95 has the interval 0.922 to 0.968, so 0.93 ties and 0.9 does not.
    expect(ranksOf(0.93, 0.95, 0.9)).toEqual(['1=', '1=', '3']);
  });

  it('leave out what did not complete', () => {
    const rows = [
      fakeTrial(0, { score: 0.5 }),
      fakeTrial(1, { status: 'pruned', score: 0.99 }),
      fakeTrial(2, { status: 'failed', score: null }),
    ];
    expect([...rankTrials(rows, objective)]).toEqual([[0, { rank: 1, tie: false }]]);
  });

  it('of losses tie only where they are equal, the lower first', () => {
    const loss = sweepSpec({ objective: { metric: 'loss' } }).objective;
    const ranks = rankTrials(scored(0.3, 0.2, 0.2), loss);
    expect([0, 1, 2].map((n) => ranks.get(n))).toEqual([
      { rank: 3, tie: false },
      { rank: 1, tie: true },
      { rank: 1, tie: true },
    ]);
  });

  it('have no interval on the rows that were trained on', () => {
    const train = sweepSpec({ objective: { split: 'train' } }).objective;
    expect(scoreInterval(fakeTrial(0), train)).toBeNull();
    expect(scoreInterval(fakeTrial(0), objective)?.low).toBeCloseTo(0.8647, 4);
  });
});

describe('the luck of the best', () => {
  const luck = (...scores: readonly number[]) => {
    const rows = scored(...scores);
    return luckOfBest(rows, rankTrials(rows, objective), objective);
  };

  it('is pointed out for a hundred identical trials, which are one group', () => {
    const same = Array.from({ length: 100 }, () => 0.9);
    expect(new Set(ranksOf(...same))).toEqual(new Set(['1=']));
    // E[max of 100] = 2.51, √(0.9 · 0.1 / 360) = 0.0158.
    expect(luck(...same)).toEqual({ tied: 100, excess: expect.closeTo(0.0396, 3) });
  });

  it('is not for one that leads alone, nor by more than chance explains', () => {
    expect(luck(0.99, 0.8, 0.7)).toBeNull();
    // Two tie, but the better lies 1.2 standard errors above their mean: chance gives 0.56.
    expect(luck(0.93, 0.9)).toBeNull();
    expect(luck(0.905, 0.9)).not.toBeNull();
  });

  it('has no size without an interval', () => {
    const loss = sweepSpec({ objective: { metric: 'loss' } }).objective;
    const rows = scored(0.2, 0.2, 0.3);
    expect(luckOfBest(rows, rankTrials(rows, loss), loss)).toEqual({ tied: 2, excess: null });
  });
});

it('knows quantiles of the normal distribution', () => {
  expect(probit(0.975)).toBeCloseTo(1.96, 2);
  expect(probit(0.9)).toBeCloseTo(1.2816, 3);
});
