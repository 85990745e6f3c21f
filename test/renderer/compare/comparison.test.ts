import { createPinia, setActivePinia } from 'pinia';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { effectScope, nextTick, type EffectScope } from 'vue';
import type { Comparison, ComparisonChange, ComparisonId } from '../../../electron/contract/comparisons.ts';
import { useComparisonsStore } from '../../../renderer/stores/comparisons.ts';
import { useNoticesStore } from '../../../renderer/stores/notices.ts';
import { useUndoStore } from '../../../renderer/stores/undo.ts';
import { useComparison, type ComparisonPage } from '../../../renderer/views/compare/use-comparison.ts';
import { fakeId } from '../support/fake-runs.ts';

const ID = fakeId(90) as string as ComparisonId;
const run = (number: number) => ({ id: fakeId(number), lane: null, hidden: false, pinned: false });

/** The comparison as the database holds it. */
let kept: Comparison;
let refuses: boolean;
let scope: EffectScope;

beforeEach(() => {
  setActivePinia(createPinia());
  kept = { id: ID, name: 'rates', kind: 'comparison', createdAt: 1, runs: [1, 2, 3].map(run), baseline: null };
  refuses = false;
  const invoke = (channel: string, argument: { change: ComparisonChange }): Promise<unknown> => {
    if (channel === 'comparison:change' && refuses) {
      return Promise.resolve({ ok: false, error: { code: 'internal', message: 'the disk is full' } });
    }
    if (channel === 'comparison:change') kept = { ...kept, ...argument.change } as Comparison;
    return Promise.resolve({ ok: true, value: kept });
  };
  Object.assign(globalThis, { window: { studio: { invoke } } });
  scope = effectScope();
});
afterEach(() => scope.stop());

async function open(): Promise<ComparisonPage> {
  scope.stop();
  scope = effectScope();
  const page = scope.run(() => useComparison(ID)) as ComparisonPage;
  await page.load();
  return page;
}
const settled = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await nextTick();
};
const shown = (page: ComparisonPage): readonly string[] => page.lanes.value.map((lane) => lane.id);

test('a change undone on a page that was opened again shows there and stays undone', async () => {
  const first = await open();
  const [lane] = first.lanes.value;
  if (lane === undefined) throw new Error('no lane');
  first.leave(lane);
  await settled();
  expect(kept.runs).toHaveLength(2);

  const again = await open();
  expect(shown(again)).toEqual([fakeId(2), fakeId(3)]);
  await useUndoStore().undo();
  expect(shown(again)).toEqual([fakeId(1), fakeId(2), fakeId(3)]);
  const [back] = again.lanes.value;
  if (back !== undefined) again.togglePin(back);
  await settled();
  expect(kept.runs.map((one) => [one.id, one.pinned])).toEqual([
    [fakeId(1), true],
    [fakeId(2), false],
    [fakeId(3), false],
  ]);
});

test('changes that follow each other all show, whichever answer comes first', async () => {
  const page = await open();
  const names: string[] = [];
  const renamed = [page.rename('a'), page.rename('b')];
  names.push(page.comparison.value?.name ?? '');
  await renamed[0];
  names.push(page.comparison.value?.name ?? '');
  await renamed[1];
  expect([...names, kept.name]).toEqual(['b', 'b', 'b']);
});

test('a change that could not be saved is taken back and told', async () => {
  const page = await open();
  refuses = true;
  const renaming = page.rename('other');
  expect(page.comparison.value?.name).toBe('other');
  await renaming;
  expect(page.comparison.value?.name).toBe('rates');
  expect(useNoticesStore().toasts[0]?.message).toContain('the disk is full');
  expect(useComparisonsStore().list).toEqual([kept]);
});
