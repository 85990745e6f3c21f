import { describe, expect, it } from 'vitest';
import { RUN_FIELDS } from '../../../../renderer/query/fields.ts';
import { parseQueryOn } from '../../../../renderer/query/parse.ts';
import { keepOrder, nextSort, searchRuns, sortRuns } from '../../../../renderer/views/runs/run-order.ts';
import { fakeId, fakeRun } from '../../support/fake-runs.ts';

const name = (status: string): string => ({ completed: '已完成', running: '训练中' })[status] ?? status;
const numbers = (rows: readonly { number: number }[]): number[] => rows.map((row) => row.number);

describe('sorting', () => {
  const rows = [
    fakeRun(1, { name: 'run 10', highestValidationAccuracy: 0.9, lr: 0.1 }),
    fakeRun(2, { name: 'Run 9', highestValidationAccuracy: null, lr: 0.01 }),
    fakeRun(3, { name: 'adam', highestValidationAccuracy: 0.97, lr: 1e-6 }),
    fakeRun(4, { name: 'zeta', highestValidationAccuracy: 0.9, lr: 0.1 }),
  ];

  it('is newest first by itself', () => expect(numbers(sortRuns(rows, null))).toEqual([4, 3, 2, 1]));

  it('puts the best first, equal ones newest first and missing ones last, both ways', () => {
    expect(numbers(sortRuns(rows, { column: 'accuracy', direction: 'descending' }))).toEqual([3, 4, 1, 2]);
    expect(numbers(sortRuns(rows, { column: 'accuracy', direction: 'ascending' }))).toEqual([4, 1, 3, 2]);
  });

  it('reads numbers in names as numbers and does not mind capitals', () => {
    expect(numbers(sortRuns(rows, { column: 'name', direction: 'ascending' }))).toEqual([3, 2, 1, 4]);
  });

  it('keeps live runs on top whatever the order', () => {
    const live = [
      ...rows,
      fakeRun(5, { status: 'running', highestValidationAccuracy: 0.1 }),
      fakeRun(6, { status: 'queued' }),
    ];
    expect(numbers(sortRuns(live, { column: 'accuracy', direction: 'descending' })).slice(0, 2)).toEqual([6, 5]);
  });

  it('orders ten thousand rows without changing the list it was given', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => fakeRun(i + 1, { lr: (i * 7919) % 1000 }));
    const sorted = sortRuns(many, { column: 'lr', direction: 'ascending' });
    expect(sorted).toHaveLength(10_000);
    expect(sorted.every((row, i) => i === 0 || (sorted[i - 1]?.lr ?? 0) <= row.lr)).toBe(true);
    expect(many[0]?.number).toBe(1);
  });

  it('turns round on the second click and goes back on the third', () => {
    const first = nextSort(null, 'accuracy');
    const second = nextSort(first, 'accuracy');
    expect(first).toEqual({ column: 'accuracy', direction: 'descending' });
    expect(second).toEqual({ column: 'accuracy', direction: 'ascending' });
    expect(nextSort(second, 'accuracy')).toBeNull();
    expect(nextSort(second, 'name')).toEqual({ column: 'name', direction: 'ascending' });
  });
});

describe('searching', () => {
  const rows = [
    fakeRun(1, { name: 'book net', data: 'digits', optimizer: 'sgd', model: '64-50-10' }),
    fakeRun(2, { name: 'cnn', data: 'fashion-mnist', optimizer: 'adam', model: '784-c8-10', status: 'running' }),
    fakeRun(12, { name: 'cnn', data: 'digits', optimizer: 'adam', model: '64-c8-10' }),
  ];
  it.each([
    ['', [1, 2, 12]],
    ['CNN adam', [2, 12]],
    ['adam digits', [12]],
    ['64-50', [1]],
    ['#12', [12]],
    ['running', [2]],
    ['训练中', [2]],
    ['nothing', []],
  ])('%j', (query, found) => expect(numbers(searchRuns(rows, parseQueryOn(query, RUN_FIELDS), name))).toEqual(found));

  it('sees a row again after it was renamed', () => {
    const [row] = rows;
    if (row === undefined) throw new Error('no row');
    expect(searchRuns([row], parseQueryOn('renamed', RUN_FIELDS), name)).toHaveLength(0);
    expect(searchRuns([{ ...row, name: 'renamed' }], parseQueryOn('renamed', RUN_FIELDS), name)).toHaveLength(1);
  });
});

describe('an order that is being read', () => {
  it('stays, new rows come first and gone ones leave', () => {
    const [a, b, c, d] = [1, 2, 3, 4].map(fakeId);
    if (!a || !b || !c || !d) throw new Error('ids');
    expect(keepOrder([a, b, c], [c, d, a])).toEqual([d, a, c]);
    expect(keepOrder([], [a, b])).toEqual([a, b]);
  });
});
