/** Races and comparisons with real runs. */

import { describe, expect, it } from 'vitest';
import { Comparisons } from '../../../electron/main/services/comparisons.ts';
import { irisSweep, SweepStudio } from '../sweeps/support.ts';

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
