import { describe, expect, it } from 'vitest';
import type { SweepSummary, TrialReport, TrialRow } from '../../../electron/contract/sweeps.ts';
import { completionsOn } from '../../../renderer/query/complete.ts';
import { queryTestOn } from '../../../renderer/query/evaluate.ts';
import { parseQueryOn } from '../../../renderer/query/parse.ts';
import { epochsOf, progressCells, savedShare, timeLeft } from '../../../renderer/sweep/progress.ts';
import { rangeMarks } from '../../../renderer/sweep/range-marks.ts';
import { rankTrials } from '../../../renderer/sweep/ranking.ts';
import { nextRound } from '../../../renderer/sweep/rounds.ts';
import { placeOn, scoreScale } from '../../../renderer/sweep/score-scale.ts';
import { trialFields, trialText } from '../../../renderer/sweep/trial-query.ts';
import { trialsCsv, trialsJson } from '../../../renderer/sweep/trials-table.ts';
import { leaderLayout, paramColumn } from '../../../renderer/views/sweep/leader-columns.ts';
import { fakeTrial, sweepSpec } from './fake-trials.ts';

const spec = sweepSpec();
const report = (trial: number, epoch: number, repeat = 0): TrialReport => ({
  sweep: fakeTrial(0).sweep,
  trial,
  repeat,
  epoch,
  value: 0.5,
});

describe('progress', () => {
  const summary = (change: Partial<SweepSummary>): SweepSummary =>
    ({
      status: 'running',
      trials: 10,
      elapsedMs: 60_000,
      counts: { queued: 0, running: 1, interrupted: 0, completed: 1, pruned: 1, failed: 0 },
      ...change,
    }) as SweepSummary;

  it('goes on at the pace so far, half a trial being half a trial', () => {
    const rows = [fakeTrial(0), fakeTrial(1), fakeTrial(2, { status: 'running', epochs: 0 })];
    // Two and a half in a minute: seven and a half to go.
    expect(timeLeft(summary({}), rows, new Map([[2, report(2, 5)]]), spec)).toBeCloseTo(180_000, 6);
    expect(timeLeft(summary({ status: 'paused' }), rows, new Map(), spec)).toBeNull();
  });

  it('counts the epochs of repeats that are done', () => {
    const two = sweepSpec({ seedsPerTrial: 2 });
    const row = fakeTrial(0, { status: 'running', epochs: 0, epochsPlanned: 20 });
    expect(epochsOf(row, report(0, 3, 1), two)).toBe(13);
    expect(epochsOf(row, undefined, two)).toBe(0);
  });

  it('knows what pruning saved', () => {
    const rows = [
      fakeTrial(0),
      fakeTrial(1, { status: 'pruned', epochs: 2 }),
      fakeTrial(2, { status: 'failed', epochs: 1 }),
    ];
    expect(savedShare(rows)).toBeCloseTo(0.4, 12);
    expect(savedShare(rows.slice(0, 1))).toBeNull();
  });

  it('is a cell a trial, or a stretch a state where there are too many', () => {
    const rows = [fakeTrial(0), fakeTrial(1, { status: 'pruned' }), fakeTrial(2, { status: 'failed' })];
    expect(progressCells(rows, 4).map((cell) => cell.state)).toEqual(['done', 'pruned', 'failed', 'waiting']);
    expect(progressCells(rows, 1000)).toEqual([
      { state: 'done', count: 1 },
      { state: 'pruned', count: 1 },
      { state: 'failed', count: 1 },
      { state: 'waiting', count: 997 },
    ]);
  });
});

describe('a query on trials', () => {
  const rows = [
    fakeTrial(0, { score: 0.97, params: { 'optimizer.lr': 0.001, 'optimizer.type': 'adam' } }),
    fakeTrial(1, { score: 0.6, params: { 'optimizer.lr': 0.1, 'optimizer.type': 'sgd' } }),
    fakeTrial(2, {
      status: 'pruned',
      score: 0.5,
      params: { 'optimizer.type': 'sgd' },
      reason: { code: 'median', message: 'below median at epoch 3', values: {} },
    }),
  ];
  const found = (text: string): number[] => {
    const query = parseQueryOn(text, trialFields(spec));
    return rows.filter(queryTestOn(query, (status) => `is ${status}`, trialText)).map((row) => row.number);
  };

  it('asks by parameter, score, state and words', () => {
    expect(found('lr<0.01')).toEqual([0]);
    expect(found('optimizer:sgd score>=60%')).toEqual([1]);
    expect(found('-status:pruned')).toEqual([0, 1]);
    expect(found('median')).toEqual([2]);
    expect(found('#1')).toEqual([1]);
  });

  it('matches nothing while a field is misspelt, and says which was meant', () => {
    const query = parseQueryOn('scor>0.9', trialFields(spec));
    expect(query.problems).toMatchObject([{ kind: 'field', suggestion: 'score' }]);
    expect(found('scor>0.9')).toEqual([]);
  });

  it('offers what the sweep varies and the values it has', () => {
    const labels = completionsOn('opt', 3, rows, trialFields(spec)).map((one) => one.label);
    expect(labels).toEqual(['optimizer:']);
    const values = completionsOn('optimizer:', 10, rows, trialFields(spec)).map((one) => [one.label, one.count]);
    expect(values).toEqual([
      ['optimizer:sgd', 2],
      ['optimizer:adam', 1],
    ]);
  });
});

describe('the table in a file', () => {
  const rows: TrialRow[] = [
    fakeTrial(0, { score: 0.1 + 0.2 }),
    fakeTrial(1, {
      status: 'failed',
      score: null,
      params: { 'optimizer.type': 'sgd' },
      reason: { code: 'error', message: 'said "no", twice', values: {} },
    }),
  ];
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

  it('as CSV has every figure in full and what is missing empty', () => {
    const lines = text(trialsCsv(rows, spec, rankTrials(rows, spec.objective)))
      .trimEnd()
      .split('\n');
    expect(lines[0]).toBe(
      'trial,rank,state,score,low_95,high_95,epochs,seconds,by_hand,reason,optimizer.lr,optimizer.type',
    );
    expect(lines[1]).toMatch(/^0,1,completed,0\.30000000000000004,0\.25\d+,0\.34\d+,10,1,no,,0\.01,sgd$/);
    expect(lines[2]).toBe('1,,failed,,,,10,1.001,no,"said ""no"", twice",,sgd');
  });

  it('as JSON names the sweep, its spec and how often the test split was opened', () => {
    const summary = { id: 'abc', name: 'n', status: 'completed', testOpenings: 2 } as unknown as SweepSummary;
    const read = JSON.parse(text(trialsJson(rows, { summary, spec }, rankTrials(rows, spec.objective)))) as {
      testOpenings: number;
      spec: unknown;
      trials: { trial: number; rank: number | null; score: number | null }[];
    };
    expect(read.testOpenings).toBe(2);
    expect(read.spec).toEqual(JSON.parse(JSON.stringify(spec)));
    expect(read.trials.map(({ trial, rank, score }) => [trial, rank, score])).toEqual([
      [0, 1, 0.1 + 0.2],
      [1, null, null],
    ]);
  });
});

describe('the scale of the intervals', () => {
  it('is round, and leaves the worse half at its end', () => {
    const scale = scoreScale([0.1, 0.1, 0.1, 0.62, 0.7, 0.77], spec.objective);
    expect(scale).toEqual({ low: 0.5, high: 0.8 });
    expect([0.1, 0.65, 0.9].map((value) => placeOn(scale!, value))).toEqual([0, expect.closeTo(0.5, 12), 1]);
    expect(scoreScale([], spec.objective)).toBeNull();
  });

  it('of losses puts the best inside', () => {
    const loss = sweepSpec({ objective: { metric: 'loss' } }).objective;
    const scale = scoreScale([0.2, 0.4, 9], loss);
    expect(scale!.low).toBeLessThan(0.2);
    expect(scale!.high).toBeLessThan(9);
  });
});

describe('the picture of a range', () => {
  it('crowds towards each power of ten on a log range', () => {
    const marks = rangeMarks({ type: 'log-uniform', min: 0.01, max: 1 });
    expect(marks.filter((mark) => mark.large).map((mark) => mark.position)).toEqual([0, expect.closeTo(0.5, 9), 1]);
    const gaps = marks.slice(1).map((mark, i) => mark.position - (marks[i]?.position ?? 0));
    expect(gaps[0]).toBeGreaterThan((gaps[7] ?? 0) * 3);
  });

  it('is one dot a value of a choice, one mark a whole number', () => {
    expect(rangeMarks({ type: 'choice', values: ['a', 'b', 'c'] })).toHaveLength(3);
    expect(rangeMarks({ type: 'int', min: 16, max: 96, step: 16 })).toHaveLength(6);
  });
});

it('drops epochs and time where the parameters need the room', () => {
  const params = Array.from({ length: 3 }, (_, i) => ({ path: `p${i}`, name: `p${i}`, kind: 'figure' as const }));
  expect(leaderLayout(params, 520)).toMatchObject({ epochs: false, time: false, digits: 2 });
  expect(leaderLayout(params, 900)).toMatchObject({ epochs: true, time: true, digits: 3 });
  expect(leaderLayout(params, 300).least).toBeGreaterThan(440);
});

describe('the next round of a narrowing search', () => {
  const narrow = sweepSpec({ sampler: { type: 'narrow', rounds: 2 }, trials: 4, enqueue: [] });
  const ranges = [narrow.space, narrow.space];
  const trials = (count: number, byHand = false) => Array.from({ length: count }, (_, i) => fakeTrial(i, { byHand }));

  it('is the first one not begun whose ranges are known', () => {
    expect(nextRound(narrow, ranges, trials(2))).toBe(1);
    expect(nextRound(narrow, ranges.slice(0, 1), trials(2))).toBeNull();
    expect(nextRound(narrow, ranges, trials(3))).toBeNull();
    expect(nextRound(narrow, ranges.slice(0, 1), [])).toBe(0);
  });

  it('does not count suggestions, and is none for other samplers', () => {
    expect(nextRound(narrow, ranges.slice(0, 1), trials(3, true))).toBe(0);
    expect(nextRound(spec, ranges, [])).toBeNull();
  });
});

it('gives a column the room its values need', () => {
  const column = (path: string, distribution: Parameters<typeof paramColumn>[2]) =>
    paramColumn(path, path, distribution);
  expect(column('lr', { type: 'log-uniform', min: 1e-4, max: 1 }).kind).toBe('figure');
  expect(column('units', { type: 'int', min: 1, max: 9, step: 1 }).kind).toBe('whole');
  expect(column('batchSize', { type: 'choice', values: [16, 32] })).toMatchObject({ kind: 'whole', name: 'batch' });
  expect(column('lr', { type: 'choice', values: [0.1, 0.01] }).kind).toBe('figure');
  expect(column('init', { type: 'choice', values: ['he', 1] }).kind).toBe('text');
});
