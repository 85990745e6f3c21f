/** Importance against functions whose shares of variance are known in closed form. */

import { describe, expect, it } from 'vitest';
import { Rng } from '../../../../engine/math/rng.ts';
import type { SearchSpace, TrialParams } from '../../../../engine/spec/search-space.ts';
import { valueAt } from '../../../../engine/spec/search-space.ts';
import { importanceOf, MOST_TRIALS, type Importance } from '../../../../engine/sweep/analysis/fanova.ts';
import { featuresOf } from '../../../../engine/sweep/analysis/features.ts';

const UNIT = { type: 'uniform', min: 0, max: 1 } as const;

interface Sample {
  readonly space: SearchSpace;
  readonly trials: readonly { readonly params: TrialParams }[];
}

/** Random trials; `score` may draw noise. */
function sample(space: SearchSpace, count: number, keep: (params: TrialParams) => TrialParams = (params) => params) {
  const rng = Rng.stream(11, 'fanova test');
  const trials = Array.from({ length: count }, () => {
    const drawn = Object.entries(space).map(([path, distribution]) => [path, valueAt(distribution, rng.uniform())]);
    return { params: keep(Object.fromEntries(drawn) as TrialParams) };
  });
  return { space, trials };
}

function importance({ space, trials }: Sample, score: (params: TrialParams) => number, seed = 1): Importance {
  const scores = Float64Array.from(trials, ({ params }) => score(params));
  const result = importanceOf(featuresOf(space, trials), scores, { seed });
  if (!result.ok) throw new Error(`no importance: ${result.reason}`);
  return result.importance;
}

const means = ({ parameters }: Importance): number[] => parameters.map(({ mean }) => mean);

/** Every share within `most` of the truth. */
function expectShares(found: Importance, truth: readonly number[], most: number): void {
  means(found).forEach((mean, i) => expect(Math.abs(mean - (truth[i] ?? 0)), `parameter ${i}`).toBeLessThan(most));
}

describe('importance', () => {
  // x uniform in [0, 1] has variance 1/12, so a + 2b + 4c has shares 1/21, 4/21, 16/21.
  const additive = { a: UNIT, b: UNIT, c: UNIT, nothing: UNIT };
  const slopes = (p: TrialParams): number => Number(p.a) + 2 * Number(p.b) + 4 * Number(p.c);
  const truth = [1 / 21, 4 / 21, 16 / 21, 0];

  it('gives an additive function its shares, the closer the more trials there are', () => {
    expectShares(importance(sample(additive, 1000), slopes), truth, 0.025);
    expectShares(importance(sample(additive, 100), slopes), truth, 0.1);
  });

  it('says that few trials are less certain', () => {
    const few = importance(sample(additive, 30), slopes);
    const many = importance(sample(additive, 1000), slopes);
    expect(few.parameters[2]?.spread).toBeGreaterThan(3 * (many.parameters[2]?.spread ?? 1));
    expect(few.explained).toBeLessThan(many.explained);
    expect(many.explained).toBeGreaterThan(0.97);
  });

  it('gives a step the whole variance, exactly', () => {
    const found = importance(sample({ a: UNIT, b: UNIT }, 200), (p) => (Number(p.a) < 0.5 ? 0 : 1));
    expect(found.parameters).toEqual([
      { mean: expect.closeTo(1, 10) as number, spread: expect.closeTo(0, 10) as number },
      { mean: expect.closeTo(0, 10) as number, spread: expect.closeTo(0, 10) as number },
    ]);
    expect(found.rest.mean).toBeCloseTo(0, 10);
  });

  it('finds nothing but interaction in a product of centred factors', () => {
    const found = importance(sample({ a: UNIT, b: UNIT }, 600), (p) => (Number(p.a) - 0.5) * (Number(p.b) - 0.5));
    expectShares(found, [0, 0], 0.05);
    expect(found.rest.mean).toBeGreaterThan(0.9);
  });

  // Values 0, 0, 1, 3 have variance 1.5, 2x has 1/3: shares 9/11 and 2/11.
  it('measures choices', () => {
    const space: SearchSpace = { kind: { type: 'choice', values: ['a', 'b', 'c', { d: 1 }] }, x: UNIT };
    const height = (value: unknown): number => (value === 'c' ? 1 : typeof value === 'object' ? 3 : 0);
    const found = importance(sample(space, 500), (p) => height(p.kind) + 2 * Number(p.x));
    expectShares(found, [9 / 11, 2 / 11], 0.01);
  });

  it('measures logarithmic ranges by their logarithm and whole numbers by their steps', () => {
    const space: SearchSpace = {
      lr: { type: 'log-uniform', min: 1e-6, max: 1e-2 },
      // 0, 10, 20, 30: variance 125.
      units: { type: 'int', min: 0, max: 30, step: 10 },
    };
    // log10 lr is uniform over 4 decades: variance 16/12; ten times that is a little more than a tenth of 125.
    const found = importance(sample(space, 1000), (p) => Math.sqrt(10) * Math.log10(Number(p.lr)) + Number(p.units));
    const [lr, units] = [160 / 12, 125];
    expectShares(found, [lr / (lr + units), units / (lr + units)], 0.02);
  });

  /**
   * y = x where the choice is "on", else 1/2. Over the whole space a(x) = 1/4 + x/2, so V(x) = (1/4)(1/12), and
   * V = (1/2)(1/12): a half. The choice alone moves nothing; the other half is interaction.
   */
  it('takes a conditional parameter as constant where it does not exist', () => {
    const space: SearchSpace = {
      choice: { type: 'choice', values: ['on', 'off'] },
      x: { ...UNIT, when: { path: 'choice', in: ['on'] } },
    };
    const keep = (p: TrialParams): TrialParams => (p.choice === 'on' ? p : { choice: 'off' });
    const found = importance(sample(space, 1000, keep), (p) => (p.choice === 'on' ? Number(p.x) : 0.5));
    expectShares(found, [0, 0.5], 0.01);
    expect(found.rest.mean).toBeCloseTo(0.5, 2);
  });

  it('ranks the one parameter that matters first among ten, noise or not', () => {
    const space = Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`p${i}`, UNIT]));
    const noise = Rng.stream(3, 'noise');
    const found = importance(sample(space, 60), (p) => Math.sin(3 * Number(p.p6)) + 0.2 * noise.normal());
    const shares = means(found);
    expect(shares.indexOf(Math.max(...shares))).toBe(6);
    expect(shares[6]).toBeGreaterThan(0.5);
  });

  it('knows nothing of pure noise, and says so', () => {
    const noise = Rng.stream(4, 'noise');
    const found = importance(sample(additive, 200), () => noise.normal());
    expect(found.explained).toBeLessThan(0.1);
  });

  it('is the same for the same seed', () => {
    const trials = sample(additive, 50);
    expect(importance(trials, slopes, 7)).toEqual(importance(trials, slopes, 7));
    expect(importance(trials, slopes, 7)).not.toEqual(importance(trials, slopes, 8));
  });

  it('leaves trials without a score out and counts the others', () => {
    const few = sample(additive, 20);
    const features = featuresOf(few.space, few.trials);
    const scores = Float64Array.from(few.trials, ({ params }, i) => (i < 9 ? slopes(params) : Number.NaN));
    expect(importanceOf(features, scores, { seed: 1 })).toEqual({ ok: false, reason: 'too-few', trials: 9 });
    scores[19] = 1;
    expect(importanceOf(features, scores, { seed: 1 })).toMatchObject({ ok: true, importance: { trials: 10 } });
    expect(importanceOf(features, scores.fill(0.5), { seed: 1 })).toEqual({
      ok: false,
      reason: 'constant',
      trials: 20,
    });
  });

  it('rests on a sample of very many trials', () => {
    const found = importance(sample({ a: UNIT }, MOST_TRIALS + 500), (p) => Number(p.a));
    expect(found.trials).toBe(MOST_TRIALS);
    expect(found.parameters[0]?.mean).toBeCloseTo(1, 6);
  });
});
