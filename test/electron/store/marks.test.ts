import { describe, expect, it } from 'vitest';
import type { Comparison, ComparisonId } from '../../../electron/contract/comparisons.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import type { RunMarks } from '../../../electron/contract/runs.ts';
import { exampleSpec, newRun, RUN_A, RUN_B, started } from './run-samples.ts';
import { openStore } from './support.ts';

describe('marks', () => {
  it('change what they name and leave the rest', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    store.handle('run:mark', {
      ids: [RUN_A],
      marks: { starred: true, notes: '**good**', addTags: ['race', 'book'] },
      at: 5,
    });
    const [row] = store.handle('run:mark', { ids: [RUN_A], marks: { addTags: ['adam'], removeTags: ['race'] }, at: 6 });
    expect(row).toMatchObject({ starred: true, notes: '**good**', tags: ['adam', 'book'], archivedAt: null });
  });

  it('give a run a colour and a project, and take them back', () => {
    const store = openStore();
    const created = store.handle('run:create', newRun(RUN_A));
    expect(created).toMatchObject({ color: null, project: '' });
    const mark = (marks: RunMarks) => store.handle('run:mark', { ids: [RUN_A], marks, at: 1 })[0];
    expect(mark({ color: 7, project: 'chapter 6' })).toMatchObject({ color: 7, project: 'chapter 6' });
    expect(mark({ color: null })).toMatchObject({ color: null, project: 'chapter 6' });
    expect(unpackRows(store.handle('run:list', { trash: false }))[0]).toMatchObject({
      color: null,
      project: 'chapter 6',
    });
    expect(mark({ project: '' })?.project).toBe('');
    expect(() => mark({ color: 11 })).toThrow();
  });

  it('put runs away and bring them back, keeping the first date', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    const archive = (archived: boolean, at: number) =>
      store.handle('run:mark', { ids: [RUN_A], marks: { archived }, at })[0]?.archivedAt;
    expect([archive(true, 5), archive(true, 9), archive(false, 10)]).toEqual([5, 5, null]);
  });

  it('keep the fingerprints of the first start through a resume, which has none to tell', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    expect(store.handle('run:get', { id: RUN_A }).fingerprints).toBeNull();
    store.handle('run:append', { id: RUN_A, started: { at: 1, report: started() } });
    store.handle('run:append', { id: RUN_A, started: { at: 2, report: started({ fingerprints: null }) } });
    expect(store.handle('run:get', { id: RUN_A }).fingerprints).toEqual(started().fingerprints);
  });
});

describe('openings of the test split', () => {
  it('are counted run by run and go with their run', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    store.handle('run:create', newRun(RUN_B));
    expect(store.handle('test:openings', { id: RUN_A })).toBe(0);
    expect(store.handle('test:open', { id: RUN_A, at: 5, step: 40 })).toBe(1);
    expect(store.handle('test:open', { id: RUN_A, at: 6, step: 40 })).toBe(2);
    expect(store.handle('test:open', { id: RUN_B, at: 7, step: 10 })).toBe(1);
    expect(store.handle('run:get', { id: RUN_A }).testOpenings).toBe(2);
    store.handle('run:append', { id: RUN_A, status: 'completed' });
    store.handle('run:purge', { ids: [RUN_A] });
    expect(store.handle('test:openings', { id: RUN_B })).toBe(1);
    expect(() => store.handle('test:open', { id: RUN_A, at: 8, step: 1 })).toThrow('there is no run');
  });
});

describe('one setting of all runs', () => {
  it('gives numbers, texts and flags of the runs that have it', () => {
    const store = openStore();
    const spec = exampleSpec({ optimizer: { type: 'momentum', lr: 0.1, momentum: 0.8 } });
    store.handle('run:create', newRun(RUN_A, { spec }));
    store.handle('run:create', newRun(RUN_B));
    const read = (path: string) => {
      const { runs, values } = store.handle('setting-values:read', { path });
      return Object.fromEntries(runs.map((id, i) => [id, values[i]]));
    };
    expect(read('optimizer.momentum')).toEqual({ [RUN_A]: 0.8 });
    expect(read('optimizer.type')).toEqual({ [RUN_A]: 'momentum', [RUN_B]: 'adam' });
    expect(read('model.layers.0.units')).toEqual({ [RUN_A]: 32, [RUN_B]: 32 });
    expect(read('no.such.path')).toEqual({});
  });
});

describe('comparisons', () => {
  const race: Comparison = {
    id: 'race00000001' as ComparisonId,
    name: 'five optimizers',
    kind: 'race',
    createdAt: 10,
    baseline: RUN_B,
    runs: [
      { id: RUN_B, lane: 'adam', hidden: false, pinned: true },
      { id: RUN_A, lane: 'sgd', hidden: true, pinned: false },
    ],
  };

  it('come back as they were made, in their order', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    store.handle('run:create', newRun(RUN_B));
    expect(store.handle('comparison:create', race)).toEqual(race);
    expect(store.handle('comparison:list', null)).toEqual([race]);
    const changed = store.handle('comparison:change', { id: race.id, change: { name: 'two', baseline: null } });
    expect(changed).toEqual({ ...race, name: 'two', baseline: null });
    store.handle('comparison:delete', { id: race.id });
    expect(store.handle('comparison:list', null)).toEqual([]);
    // Taken back it has its id, its lanes and its kind again.
    expect(store.handle('comparison:create', race)).toEqual(race);
    store.handle('comparison:delete', { id: race.id });
    expect(unpackRows(store.handle('run:list', { trash: false }))).toHaveLength(2);
  });

  it('lose a run that is deleted for good, and their baseline with it', () => {
    const store = openStore();
    store.handle('run:create', newRun(RUN_A));
    store.handle('run:create', newRun(RUN_B));
    store.handle('comparison:create', race);
    store.handle('run:append', { id: RUN_B, status: 'completed' });
    store.handle('run:purge', { ids: [RUN_B] });
    expect(store.handle('comparison:get', { id: race.id })).toMatchObject({ baseline: null, runs: [{ id: RUN_A }] });
  });

  it('name what is missing', () => {
    const store = openStore();
    expect(() => store.handle('comparison:get', { id: race.id })).toThrow('there is no comparison race00000001');
    expect(() => store.handle('comparison:create', race)).toThrow('there is no run');
    expect(store.handle('comparison:list', null)).toEqual([]);
  });
});
