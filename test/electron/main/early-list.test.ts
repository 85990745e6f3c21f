import { expect, test } from 'vitest';
import type { RunId } from '../../../engine/spec/ids.ts';
import { EarlyList, type ListQuery } from '../../../electron/main/services/early-list.ts';
import { fakeRuns, type FakeRuns } from './fake-runs.ts';

/** Counts how often the rows are read; each reading is another object. */
function counted(): { readonly runs: FakeRuns; readonly asked: ListQuery[]; readonly list: EarlyList } {
  const asked: ListQuery[] = [];
  const runs: FakeRuns = {
    ...fakeRuns(),
    listPacked: (query) => {
      asked.push(query);
      return Promise.resolve({ count: asked.length, columns: {} as never });
    },
  };
  return { runs, asked, list: new EarlyList(runs) };
}
const kept = { trash: false };

test('the first question gets what was read before it, every other one what is there now', async () => {
  const { asked, list } = counted();
  expect(asked).toEqual([kept]);
  expect((await list.read({ trash: true })).count).toBe(2);
  expect((await list.read(kept)).count).toBe(1);
  expect((await list.read(kept)).count).toBe(3);
  expect(asked).toEqual([kept, { trash: true }, kept]);
});

test('rows that have changed since are read again', async () => {
  const { runs, list } = counted();
  runs.emit('purged', 'aaaaaaaaaaaa' as RunId);
  expect((await list.read(kept)).count).toBe(2);
});

test('rows that could not be read early are read when asked for', async () => {
  let asked = 0;
  const runs: FakeRuns = {
    ...fakeRuns(),
    listPacked: () => {
      asked++;
      return asked === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve({ count: 7, columns: {} as never });
    },
  };
  const list = new EarlyList(runs);
  await Promise.resolve();
  expect((await list.read(kept)).count).toBe(7);
});
