/** Races and comparisons with real runs. */

import { describe, expect, it } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { Comparisons } from '../../../electron/main/services/comparisons.ts';
import { irisSweep, SweepStudio } from '../sweeps/support.ts';
import { irisSpec, TestStudio } from './studio.ts';

const lane = (name: string, changes: Record<string, unknown> = {}) => ({ name, spec: irisSpec(changes) });
const race = (lanes: ReturnType<typeof lane>[], seeds: number) => ({ name: 'a race', lanes, seeds });

describe('a race', () => {
  it.each([
    ['data', { data: { source: { file: 'none.csv', target: 'kind' } } }, 'lanes.1.data'],
    ['last seed', { seed: 2 ** 32 - 1 }, 'lanes.1.seed'],
  ])('begins no run when a lane cannot have its %s', async (_what, changes, path) => {
    const studio = new TestStudio();
    const comparisons = new Comparisons(studio.store, studio.runs);
    const starting = comparisons.race(race([lane('one'), lane('two', changes)], 2), { baseFolder: studio.folder });
    const error: unknown = await starting.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StudioFailure);
    const { message, issues } = (error as StudioFailure).error;
    expect(message).toMatch(/^two: /);
    expect(issues?.every((issue) => issue.path.startsWith(path)) ?? true).toBe(true);
    expect(await studio.runs.list({ trash: false })).toEqual([]);
    expect(await comparisons.list()).toEqual([]);
  });

  it('keeps the runs that have begun when another one cannot', async () => {
    let created = 0;
    const studio = new TestStudio({
      storeOf: (store) => ({
        call(type, args) {
          if (type !== 'run:create' || ++created < 3) return store.call(type, args);
          return Promise.reject(new StudioFailure({ code: 'disk_full', message: 'the disk is full' }));
        },
      }),
    });
    const comparisons = new Comparisons(studio.store, studio.runs);
    const starting = comparisons.race(race([lane('one'), lane('two')], 2), { baseFolder: studio.folder });
    await expect(starting).rejects.toMatchObject({
      error: {
        code: 'disk_full',
        message: 'the disk is full; 2 of 4 runs have begun and are kept as the race a race',
      },
    });
    const [kept] = await comparisons.list();
    expect(kept).toMatchObject({ name: 'a race', kind: 'race', runs: [{ lane: 'one' }, { lane: 'two' }] });
  });
});

describe('a comparison', () => {
  it('comes back with the runs of trials that were in it', async () => {
    const studio = new SweepStudio({ workers: 1 });
    const comparisons = new Comparisons(studio.store, studio.runs);
    const { trials } = await studio.searched(irisSweep({ trials: 2 }), 1);
    const runs = trials.flatMap((trial) => trial.runs);
    expect(runs).toHaveLength(2);
    const made = await comparisons.create('two trials', runs);
    await comparisons.change(made.id, { baseline: runs[1] ?? null });
    const changed = await comparisons.get(made.id);
    await comparisons.delete(made.id);
    expect(await comparisons.restore(changed)).toEqual(changed);
    expect(changed.baseline).toBe(runs[1]);
  });
});
