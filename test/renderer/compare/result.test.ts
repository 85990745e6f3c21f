import { describe, expect, it } from 'vitest';
import type { Comparison, ComparisonId } from '../../../electron/contract/comparisons.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import { lanesOf, pinnedFirst, withFlag, type Lane } from '../../../renderer/views/compare/lanes-of.ts';
import { laneFigures } from '../../../renderer/views/compare/lane-figures.ts';
import {
  laneResults,
  sortResults,
  stateOf,
  type LaneResult,
  type Measure,
  type SeedFigures,
} from '../../../renderer/views/compare/result.ts';
import { restoreViewState } from '../../../renderer/views/compare/view-settings.ts';
import { fakeId, fakeRun } from '../support/fake-runs.ts';

/** Lanes of a race with `seeds` runs each, numbered lane by lane in the order they were started: seed by seed. */
function race(names: readonly string[], seeds: number): Comparison {
  return {
    id: 'race00000001' as ComparisonId,
    name: 'race',
    kind: 'race',
    createdAt: 0,
    baseline: null,
    runs: Array.from({ length: names.length * seeds }, (_, i) => ({
      id: fakeId(i + 1),
      lane: names[i % names.length] ?? '',
      hidden: false,
      pinned: false,
    })),
  };
}
const noRow = (): undefined => undefined;

describe('the lanes of a page', () => {
  it('gather the seeds of a race, and have the colour of their place', () => {
    const lanes = lanesOf(race(['sgd', 'adam'], 3), noRow);
    expect(lanes.map(({ name, number, place, runs }) => [name, number, place, runs.length])).toEqual([
      ['sgd', 1, 1, 3],
      ['adam', 2, 2, 3],
    ]);
    expect(lanes[1]?.runs).toEqual([fakeId(2), fakeId(4), fakeId(6)]);
    expect(lanes[1]?.slot).toEqual({ colour: 2, dash: 2 });
  });

  it('are single runs in a comparison, in the colour the run has everywhere', () => {
    const comparison = { ...race(['a', 'b'], 1), kind: 'comparison' as const };
    const lanes = lanesOf(comparison, (id) => fakeRun(id === fakeId(1) ? 12 : 3, { name: 'x' }));
    expect(lanes.map(({ name, number, slot }) => [name, number, slot.colour, slot.dash])).toEqual([
      ['x', 12, 2, 3],
      ['x', 3, 3, 3],
    ]);
    const given = lanesOf(comparison, () => fakeRun(12, { color: 9 }))[0];
    expect(given?.slot).toEqual({ colour: 9, dash: 3 });
    // In a race the colour of the place tells lanes apart.
    expect(lanesOf(race(['a', 'b'], 1), () => fakeRun(12, { color: 9 }))[1]?.slot.colour).toBe(2);
  });

  it('are flagged with all their seeds', () => {
    const shown = race(['sgd', 'adam'], 2);
    const lanes = lanesOf(shown, noRow);
    const next = withFlag(shown, lanes, (lane) => ({ hidden: lane.name === 'adam' }));
    expect(next.map((run) => run.hidden)).toEqual([false, true, false, true]);
    expect(lanesOf({ ...shown, runs: next }, noRow).map((lane) => lane.hidden)).toEqual([false, true]);
    const [first, second] = lanes as [Lane, Lane];
    expect(pinnedFirst([first, { ...second, pinned: true }]).map((lane) => lane.name)).toEqual(['adam', 'sgd']);
  });
});

const lanes = (names: readonly string[], seeds = 1): Lane[] => lanesOf(race(names, seeds), noRow);

/** Figures of one seed: an accuracy of every epoch, ten steps each. */
function seed(scores: readonly number[], change: Partial<RunSummary> = {}, number = 0): SeedFigures {
  const best = Math.max(...scores);
  return {
    summary: fakeRun(1, {
      highestValidationAccuracy: Number.isFinite(best) ? best : null,
      highestAccuracyEpoch: scores.indexOf(best) + 1,
      lastValidationLoss: 0.5,
      durationMs: 2000,
      ...change,
    }),
    seed: number,
    validationRows: 359,
    curve: {
      steps: scores.map((_, i) => (i + 1) * 10),
      values: scores,
      elapsedMs: scores.map((_, i) => (i + 1) * 100),
    },
  };
}
function results(
  figures: Readonly<Record<string, readonly SeedFigures[]>>,
  change: { baseline?: string; measure?: Measure; goal?: number } = {},
) {
  const names = Object.keys(figures);
  const list = lanes(names, Math.max(...Object.values(figures).map((seeds) => seeds.length)));
  return laneResults({
    lanes: list,
    seeds: (lane) => figures[lane.name] ?? [],
    measure: change.measure ?? 'accuracy',
    goal: change.goal ?? 0.9,
    baseline: list.find((lane) => lane.name === change.baseline)?.id ?? null,
  });
}

describe('the result of a race', () => {
  it('tells steps and time to the goal, the best score and where, and ranks with ties', () => {
    const rows = results({
      sgd: [seed([0.5, 0.8, 0.85])],
      adam: [seed([0.91, 0.97, 0.96])],
      momentum: [seed([0.8, 0.95, 0.968])],
    });
    expect(rows.map((row) => row.reached)).toEqual([null, { step: 10, elapsedMs: 100 }, { step: 20, elapsedMs: 200 }]);
    expect(rows.map((row) => [row.best?.mean, row.bestEpoch])).toEqual([
      [0.85, 3],
      [0.97, 2],
      [0.968, 3],
    ]);
    expect(rows.map((row) => row.placing)).toEqual([
      { rank: 3, tie: false },
      { rank: 1, tie: true },
      { rank: 1, tie: true },
    ]);
    expect(rows.map((row) => row.test)).toEqual([null, null, null]);
  });

  it('has no score for a lane that diverged at once, and leaves the others alone', () => {
    const broken = seed([], { status: 'diverged', bestEpoch: null, lastValidationLoss: null, lastTrainLoss: null });
    const rows = results({ good: [seed([0.97])], bad: [broken] });
    expect(rows[1]).toMatchObject({ state: 'diverged', broken: 1, best: null, reached: null, lastLoss: null });
    expect(rows.map((row) => row.placing.rank)).toEqual([1, null]);
  });

  it('measures the others against a baseline', () => {
    const rows = results({ a: [seed([0.9])], b: [seed([0.85, 0.95], { durationMs: 5000 })] }, { baseline: 'a' });
    expect(rows[0]?.delta).toBeNull();
    expect(rows[1]?.delta?.best).toBeCloseTo(0.05, 12);
    expect(rows[1]?.delta).toMatchObject({ steps: 10, time: 100, lastLoss: 0, seconds: 3 });
  });

  it('over several seeds gives means, and says by a paired test what is clear', () => {
    const seeds = (scores: readonly number[]) => scores.map((score, i) => seed([score], {}, 3 + i));
    const rows = results({
      far: seeds([0.7, 0.71, 0.69, 0.72, 0.7]),
      best: seeds([0.96, 0.97, 0.95, 0.98, 0.96]),
      near: seeds([0.96, 0.96, 0.96, 0.975, 0.955]),
    });
    expect(rows[1]?.best).toMatchObject({ count: 5 });
    expect(rows[1]?.best?.mean).toBeCloseTo(0.964, 12);
    expect(rows[1]?.test).toBeNull();
    expect(rows[0]?.test).toMatchObject({ pairs: 5, clear: true, against: 'best' });
    expect(rows[0]?.test?.difference).toBeCloseTo(-0.26, 12);
    expect(rows[2]?.test).toMatchObject({ clear: false });
    // The near lane shares the first rank: nothing tells it from the leader.
    expect(rows.map((row) => row.placing)).toEqual([
      { rank: 3, tie: false },
      { rank: 1, tie: true },
      { rank: 1, tie: true },
    ]);
  });

  it('pairs by seed, and waits until all seeds have ended', () => {
    const a = [seed([0.9], {}, 1), seed([0.8], {}, 2), seed([0.7], {}, 3)];
    // The same scores in another order: paired by seed they do not differ at all.
    const b = [seed([0.7], {}, 3), seed([0.9], {}, 1), seed([0.8], {}, 2)];
    const rows = results({ a, b });
    expect(rows.find((row) => row.test !== null)?.test).toMatchObject({ pairs: 3, difference: 0, p: 1 });
    const running = [seed([0.9], {}, 1), seed([0.8], {}, 2), seed([0.7], { status: 'running' }, 3)];
    expect(results({ a, b: running }).every((row) => row.test === null)).toBe(true);
    expect(results({ a, b: running })[1]).toMatchObject({ ended: 2, seeds: 3, state: 'running' });
  });

  it('leaves seeds out of the means that were not trained to the end', () => {
    const a = [seed([0.9], {}, 1), seed([0.8], {}, 2), seed([0.1], { status: 'stopped' }, 3)];
    const b = [seed([0.9], {}, 1), seed([0.85], {}, 2), seed([0.2], { status: 'diverged' }, 3)];
    const rows = results({ a, b });
    expect(rows.map((row) => [row.counted, row.broken, row.ended])).toEqual([
      [2, 0, 3],
      [2, 1, 3],
    ]);
    expect(rows[0]?.best?.mean).toBeCloseTo(0.85, 12);
    expect(rows.find((row) => row.test !== null)?.test?.pairs).toBe(2);
    // While none has ended, there is nothing better to show.
    const early = [seed([0.3], { status: 'running' }, 1), seed([], { status: 'queued' }, 2)];
    expect(results({ early, b })[0]).toMatchObject({ counted: 2, ended: 0, best: { mean: 0.3 } });
  });

  it('asks more of a difference from the best than of one from a baseline that was chosen before', () => {
    const seeds = (scores: readonly number[]) => scores.map((score, i) => seed([score], {}, i));
    const scores = {
      best: seeds([0.9, 0.91, 0.92]),
      one: seeds([0.85, 0.88, 0.89]),
      two: seeds([0.86, 0.87, 0.89]),
      three: seeds([0.86, 0.88, 0.88]),
    };
    const [, one] = results(scores);
    const [, against] = results(scores, { baseline: 'best' });
    expect(one?.test?.p).toBe(against?.test?.p);
    // Holm: of three comparisons, and of the six pairs that the best could have been found in.
    expect(against?.test?.adjusted).toBeLessThan(one?.test?.adjusted ?? 0);
    expect(against?.test?.adjusted).toBeLessThanOrEqual(3 * (against?.test?.p ?? 0));
  });

  it('ranks the clearly worse after all that tie with the leader', () => {
    const seeds = (scores: readonly number[]) => scores.map((score, i) => seed([score], {}, i));
    const rows = results({
      best: seeds([0.96, 0.97, 0.95, 0.98, 0.96]),
      // Worse on average than the steady one, but too unsteady to tell.
      wild: seeds([0.96, 0.3, 0.97, 0.96, 0.2]),
      steady: seeds([0.7, 0.71, 0.69, 0.72, 0.7]),
    });
    expect(rows.map((row) => row.test?.clear ?? null)).toEqual([null, false, true]);
    expect(rows.map((row) => row.placing.rank)).toEqual([1, 1, 3]);
  });

  it('is written in values, or in differences from the baseline', () => {
    const [a, b] = results(
      { a: [seed([0.9])], b: [seed([0.85, 0.95], { durationMs: 4, lastValidationLoss: 0.4 })] },
      { baseline: 'a' },
    ) as [LaneResult, LaneResult];
    expect(laneFigures(b, 'accuracy', false)).toEqual({
      steps: '20',
      time: '0.20',
      score: '95.00',
      loss: '0.4000',
      seconds: '0.00',
    });
    expect(laneFigures(b, 'accuracy', true)).toEqual({
      steps: '+10',
      time: '+0.10',
      score: '+5.00',
      loss: '−0.1000',
      seconds: '−2.00',
    });
    expect(laneFigures(a, 'accuracy', true).score).toBe('–');
    const [several] = results({ c: [seed([0.9], {}, 1), seed([0.8], {}, 2)], d: [seed([0.7]), seed([0.7])] });
    expect(several === undefined ? '' : laneFigures(several, 'accuracy', false).score).toBe('85.00 ± 7.07');
  });

  it('ranks losses from below', () => {
    // The lowest loss, not the loss of the epoch with the best accuracy.
    const loss = (best: number) => [
      seed([best + 0.2, best], { lowestValidationLoss: best, lowestLossEpoch: 2, bestValidationLoss: 1 - best }),
    ];
    const rows = results({ a: loss(0.3), b: loss(0.1) }, { measure: 'loss', goal: 0.2 });
    expect(rows.map((row) => row.placing.rank)).toEqual([2, 1]);
    expect(rows.map((row) => row.bestEpoch)).toEqual([2, 2]);
    expect(rows.map((row) => row.reached?.step ?? null)).toEqual([null, 20]);
  });

  it('is sorted with pinned lanes first and missing values last', () => {
    const rows = results({ a: [seed([0.9])], b: [seed([])], c: [seed([0.95])], d: [seed([0.92])] });
    const names = (list: ReturnType<typeof results>) => list.map((row) => row.lane.name).join('');
    expect(names(sortResults(rows, null))).toBe('abcd');
    expect(names(sortResults(rows, { column: 'best', direction: 'descending' }))).toBe('cdab');
    expect(names(sortResults(rows, { column: 'best', direction: 'ascending' }))).toBe('adcb');
    const pinned = rows.map((row) => ({ ...row, lane: { ...row.lane, pinned: row.lane.name === 'd' } }));
    expect(names(sortResults(pinned, { column: 'lane', direction: 'descending' }))).toBe('dcba');
  });

  it('shows what most needs to be known of a lane', () => {
    expect(stateOf(['completed', 'running', 'queued'])).toBe('running');
    expect(stateOf(['completed', 'diverged'])).toBe('diverged');
    expect(stateOf([])).toBe('queued');
  });
});

describe('what a person chose to see', () => {
  it('comes back, unknown choices as the usual ones', () => {
    const usual = restoreViewState(null);
    expect(usual).toEqual({
      unit: 'step',
      log: true,
      linked: true,
      differencesOnly: true,
      band: 'std',
      histograms: 'ridgeline',
    });
    expect(restoreViewState(JSON.stringify({ unit: 'time', band: 'wide', log: false }))).toEqual({
      ...usual,
      unit: 'time',
      log: false,
    });
    for (const broken of ['', '{', '[]', '3', 'null']) expect(restoreViewState(broken)).toEqual(usual);
  });
});
