/** Decisions of the pruners on replayed curves, against decisions worked out by hand. */

import { describe, expect, it } from 'vitest';
import type { SweepSpecInput } from '../../../engine/spec/sweep-spec.ts';
import { bracketSizes, hyperbandRungs } from '../../../engine/sweep/hyperband.ts';
import { nextDecision, pruneDecision } from '../../../engine/sweep/pruner.ts';
import { newSweep } from '../../../engine/sweep/stored-sweep.ts';
import type { TrialStatus } from '../../../engine/spec/sweep-status.ts';
import { newTrial, type Trial } from '../../../engine/sweep/trial.ts';
import { Simulation } from './simulation.ts';
import { sweepOf } from './support.ts';

const trial = (number: number, curve: readonly number[], status: TrialStatus = 'completed'): Trial => ({
  ...newTrial(number, number, {}),
  status,
  reports: [curve],
});
type Pruner = NonNullable<SweepSpecInput['pruner']>;
const specOf = (pruner: Pruner, metric: 'accuracy' | 'loss' = 'accuracy') =>
  sweepOf({ pruner, objective: { metric, at: 'last' }, epochsPerTrial: 27 });

describe('median', () => {
  // Running averages at epoch 2: 0.3, 0.5, 0.7, so the median is 0.5; at epoch 3: 0.4, 0.6, 0.7.
  const others = [trial(0, [0.2, 0.4, 0.6]), trial(1, [0.4, 0.6, 0.8]), trial(2, [0.7, 0.7, 0.7])];
  const spec = specOf({ type: 'median', startupTrials: 3 });
  const decide = (curve: readonly number[], history: readonly Trial[] = others, by = spec): string | null => {
    const own = trial(history.length, curve, 'running');
    return pruneDecision(by, own, [...history, own])?.message ?? null;
  };

  it('prunes what is strictly below the median of the running averages', () => {
    expect(decide([0.1, 0.45])).toBe('below median at epoch 2: 0.45 < 0.5');
    expect(decide([0.1, 0.5])).toBeNull();
    expect(decide([0.1, 0.51])).toBeNull();
    expect(decide([0.1, 0.1, 0.59])).toBe('below median at epoch 3: 0.59 < 0.6');
  });

  it('goes by the best value so far, not by the last', () => {
    expect(decide([0.6, 0.1])).toBeNull();
  });

  it('turns round for a loss', () => {
    const loss = specOf({ type: 'median', startupTrials: 3 }, 'loss');
    expect(decide([0.9, 0.55], others, loss)).toBe('above median at epoch 2: 0.55 > 0.5');
    expect(decide([0.9, 0.45], others, loss)).toBeNull();
  });

  it('takes the mean of the two middle averages of an even number', () => {
    // Averages at epoch 1: 0.2, 0.4, 0.7, 0.9.
    const four = [...others, trial(3, [0.9, 0.9])];
    expect(decide([0.54], four)).toBe('below median at epoch 1: 0.54 < 0.55');
    expect(decide([0.55], four)).toBeNull();
  });

  it('will not prune with too few completed trials, in the warm-up, between its epochs, or an exempt trial', () => {
    expect(decide([0.1, 0.1], others.slice(0, 2))).toBeNull();
    expect(decide([0.1, 0.1], [...others.slice(0, 2), { ...others[2]!, status: 'pruned' }])).toBeNull();
    // Only two got as far as epoch 4.
    expect(decide([0.1, 0.1, 0.1, 0.1], [...others, trial(3, [1, 1, 1, 1]), trial(4, [1, 1, 1, 1])])).toBeNull();
    const late = specOf({ type: 'median', startupTrials: 3, warmupEpochs: 2 });
    expect(decide([0.1, 0.1], others, late)).toBeNull();
    expect(decide([0.1, 0.1, 0.1], others, late)).not.toBeNull();
    const rare = specOf({ type: 'median', startupTrials: 3, warmupEpochs: 0, every: 2 });
    expect(decide([0.1, 0.1], others, rare)).toBeNull();
    expect(decide([0.1, 0.1, 0.1], others, rare)).not.toBeNull();
    const own = { ...trial(3, [0.1, 0.1], 'running'), exempt: true };
    expect(pruneDecision(spec, own, [...others, own])).toBeNull();
  });

  it('prunes what never was a number, and does not count it among the others', () => {
    expect(decide([NaN, NaN])).toBe('below median at epoch 2: NaN < 0.5');
    expect(decide([0.1, 0.45], [...others.slice(0, 2), trial(2, [NaN, NaN])])).toBeNull();
  });
});

describe('asha', () => {
  const spec = specOf({ type: 'asha', minEpochs: 1, reduction: 3 });

  it('has its rungs at minEpochs · η^k and none at the last epoch', () => {
    const rungs = (from: number): number | null => nextDecision(spec, trial(0, []), from);
    expect([0, 1, 2, 3, 8, 9, 26].map(rungs)).toEqual([1, 3, 3, 9, 9, null, null]);
  });

  /** Nine trials, one after another; their values at epochs 1, 3 and 9. */
  const CURVES = [
    [0.5, 0.6, 0.7],
    [0.4, 0.5, 0.6],
    [0.6, 0.55, 0.5],
    [0.45, 0.9, 0.9],
    [0.55, 0.9, 0.9],
    [0.7, 0.8, 0.9],
    [0.58, 0.7, 0.8],
    [0.1, 0.9, 0.9],
    [0.65, 0.81, 0.85],
  ];
  const at = (curve: readonly number[], epoch: number): number => curve[epoch < 3 ? 0 : epoch < 9 ? 1 : 2]!;

  it('decides on replayed curves as worked out by hand', () => {
    const sweep = new Simulation(newSweep({ ...spec, trials: 9 }, 1), (_params, number) => ({
      curve: Array.from({ length: 27 }, (_, i) => at(CURVES[number]!, i + 1)),
    }));
    sweep.send({ type: 'go' }).run();
    // Rung 1, places max(1, ⌊n/3⌋):
    //   0: 0.5 alone goes on.  1: 0.4, one of 2, is worse than 0.5.  2: 0.6 is the best of 3.
    //   3: 0.45, one place of 4.  4: 0.55, one of 5.  5: 0.7, best of 6 (2 places).
    //   6: 0.58 of 7, 2 places (0.7, 0.6).  7: 0.1 of 8.  8: 0.65 of 9, 3 places: second.
    // Rung 3: 0: 0.6 alone.  2: 0.55, one place of 2.  5: 0.8, best of 3 (1 place).  8: 0.81, best of 4.
    // Rung 9: 0: 0.7 alone.  5: 0.9, best of 2.  8: 0.85 of 3, one place: 0.9 is better.
    const ends = sweep.state.trials.map(({ status, reports }) => `${status} ${reports[0]!.length}`);
    expect(ends).toEqual([
      'completed 27',
      'pruned 1',
      'pruned 3',
      'pruned 1',
      'pruned 1',
      'completed 27',
      'pruned 1',
      'pruned 1',
      'pruned 9',
    ]);
    expect(sweep.state.trials[1]?.reason).toMatchObject({
      code: 'rung',
      message: 'not among the best 1 of 2 after epoch 1: 0.4, needed 0.5',
    });
    expect(sweep.state.trials[8]?.reason?.message).toBe('not among the best 1 of 3 after epoch 9: 0.85, needed 0.9');
  });

  it('prunes nobody for being the later of equal ones', () => {
    const equal = Array.from({ length: 9 }, (_, i) => trial(i, [0.5], 'running'));
    for (const own of equal) expect(pruneDecision(spec, own, equal)).toBeNull();
  });

  it('goes by the best value so far when the score does', () => {
    const best = sweepOf({ pruner: { type: 'asha' }, objective: { at: 'best' }, epochsPerTrial: 27 });
    const trials = [trial(0, [0.5, 0.5, 0.5], 'running'), trial(1, [0.9, 0.1, 0.1], 'running')];
    expect(pruneDecision(best, trials[1]!, trials)).toBeNull();
    expect(pruneDecision(spec, trials[1]!, trials)?.code).toBe('rung');
  });

  it('compares within a bracket only', () => {
    const two = specOf({ type: 'asha', minEpochs: 1, reduction: 3, brackets: 2 });
    expect([0, 1, 2, 3].map((number) => nextDecision(two, trial(number, []), 0))).toEqual([1, 3, 1, 3]);
    const trials = [trial(0, [0.9, 0.9, 0.9]), trial(1, [0.1, 0.1, 0.1], 'running')];
    expect(pruneDecision(two, trials[1]!, trials)).toBeNull();
  });
});

describe('hyperband', () => {
  const pruner = { type: 'hyperband', minEpochs: 1, reduction: 3 } as const;

  it('has the brackets of the paper’s example: R = 81, η = 3', () => {
    expect(bracketSizes(pruner, 81)).toEqual([81, 34, 15, 8, 5]);
    const rungsOf = (number: number): number[] => {
      const { epochAt } = hyperbandRungs(pruner, 81, number);
      return Array.from({ length: 9 }, (_, i) => epochAt(i)).filter(Number.isFinite);
    };
    expect(rungsOf(0)).toEqual([1, 3, 9, 27]);
    expect(rungsOf(80)).toEqual([1, 3, 9, 27]);
    expect(rungsOf(81)).toEqual([3, 9, 27]);
    expect(rungsOf(115)).toEqual([9, 27]);
    expect(rungsOf(130)).toEqual([27]);
    expect(rungsOf(138)).toEqual([]);
    expect(rungsOf(143)).toEqual([1, 3, 9, 27]);
  });

  it('halves within a bracket', () => {
    const spec = specOf(pruner);
    // R = 27: brackets of 27, 12, 6 and 4 trials.
    const bracket0 = [trial(0, [0.9], 'running'), trial(1, [0.1], 'running')];
    expect(pruneDecision(spec, bracket0[1]!, bracket0)?.message).toBe(
      'not among the best 1 of 2 after epoch 1: 0.1, needed 0.9',
    );
    const [first, other] = [trial(0, [0.9, 0.9, 0.9], 'running'), trial(27, [0.1, 0.1, 0.1], 'running')];
    expect(pruneDecision(spec, other, [first, other])).toBeNull();
    expect(nextDecision(spec, trial(45, []), 0)).toBeNull();
  });
});

describe('threshold', () => {
  const spec = specOf({ type: 'threshold', below: 0.3, above: 0.95, warmupEpochs: 1 });
  const decide = (curve: readonly number[]): string | null => {
    const own = trial(0, curve, 'running');
    return pruneDecision(spec, own, [own])?.message ?? null;
  };

  it('prunes beyond the lines, from the end of the warm-up on', () => {
    expect(decide([0.1])).toBeNull();
    expect(decide([0.1, 0.29])).toBe('below the threshold at epoch 2: 0.29 < 0.3');
    expect(decide([0.1, 0.3])).toBeNull();
    expect(decide([0.1, 0.96])).toBe('above the threshold at epoch 2: 0.96 > 0.95');
    expect(decide([0.5, NaN])).toBe('not a finite number at epoch 2: NaN');
  });
});

describe('none', () => {
  it('never decides', () => {
    const spec = specOf({ type: 'none' });
    expect(nextDecision(spec, trial(0, []), 0)).toBeNull();
    const own = trial(0, [0], 'running');
    expect(pruneDecision(spec, own, [own, trial(1, [1])])).toBeNull();
  });
});
