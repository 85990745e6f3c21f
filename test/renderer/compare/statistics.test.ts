import { describe, expect, it } from 'vitest';
import { bandCurve, spread } from '../../../renderer/race/bands.ts';
import { holm, pairedTTest } from '../../../renderer/race/paired-t.ts';
import { incompleteBeta, twoSidedP, twoSidedQuantile } from '../../../renderer/race/student-t.ts';
import { placings, tied, wilsonInterval } from '../../../renderer/race/wilson.ts';

describe("Student's t distribution", () => {
  it('has the quantiles of the printed tables', () => {
    // Two-sided 5 % and 1 % points.
    for (const [freedom, five, one] of [
      [1, 12.706, 63.657],
      [2, 4.303, 9.925],
      [4, 2.776, 4.604],
      [9, 2.262, 3.25],
      [30, 2.042, 2.75],
      [120, 1.98, 2.617],
    ] as const) {
      expect(twoSidedQuantile(0.05, freedom)).toBeCloseTo(five, 3);
      expect(twoSidedQuantile(0.01, freedom)).toBeCloseTo(one, 3);
    }
  });

  it('agrees with closed forms', () => {
    // One degree of freedom is the Cauchy distribution, two have P = 1 − t / √(2 + t²).
    for (const t of [0, 0.1, 0.5, 1, 2, 10, 1000]) {
      expect(twoSidedP(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
      expect(twoSidedP(t, 2)).toBeCloseTo(1 - t / Math.sqrt(2 + t * t), 12);
    }
    expect(twoSidedP(Infinity, 4)).toBe(0);
    // I_x(1, 1) = x and I_x(2, 2) = x²(3 − 2x).
    expect(incompleteBeta(0.3, 1, 1)).toBeCloseTo(0.3, 14);
    expect(incompleteBeta(0.3, 2, 2)).toBeCloseTo(0.09 * 2.4, 14);
    expect(incompleteBeta(0, 2, 3)).toBe(0);
    expect(incompleteBeta(1, 2, 3)).toBe(1);
  });
});

describe('the paired t-test', () => {
  it("gives Student's own result on the sleep data of 1908", () => {
    // Hours of sleep gained under two drugs by ten patients (Biometrika 6, page 20): t = −4.0621, 9 d.f., p = 0.002833.
    const first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const test = pairedTTest(first, second, 1e-9);
    expect(test).toMatchObject({ pairs: 10, freedom: 9 });
    expect(test?.difference).toBeCloseTo(-1.58, 10);
    expect(test?.t).toBeCloseTo(-4.0621, 4);
    expect(test?.p).toBeCloseTo(0.002833, 6);
    expect(test?.low).toBeCloseTo(-2.4598858, 6);
    expect(test?.high).toBeCloseTo(-0.7001142, 6);
    // The other way round only the signs change.
    const back = pairedTTest(second, first, 1e-9);
    expect(back?.t).toBeCloseTo(4.0621, 4);
    expect(back?.p).toBe(test?.p);
  });

  it('leaves out pairs that are not finite, and needs two', () => {
    expect(pairedTTest([1, Number.NaN, 3], [0, 1, 1], 1e-9)).toMatchObject({ pairs: 2, difference: 1.5 });
    expect(pairedTTest([1], [0], 1e-9)).toBeNull();
    expect(pairedTTest([], [], 1e-9)).toBeNull();
  });

  it('takes differences without any spread for no surer than their rounding', () => {
    expect(pairedTTest([1, 2, 3], [1, 2, 3], 1e-9)).toMatchObject({ difference: 0, t: 0, p: 1 });
    // Two seeds, both better by one row of 24: that happens by chance.
    const row = 1 / 24;
    const test = pairedTTest([0.5 + row, 0.75 + row], [0.5, 0.75], row);
    expect(test?.t).toBeCloseTo(Math.sqrt(12), 10);
    expect(test?.p).toBeGreaterThan(0.1);
    expect(test?.low).toBeLessThan(0);
    // Better by twelve rows under each of five seeds it does not.
    const half = Array.from({ length: 5 }, () => 0.25);
    expect(
      pairedTTest(
        half.map((value) => value + 12 * row),
        half,
        row,
      )?.p,
    ).toBeLessThan(1e-4);
  });

  it("adjusts several p-values by Holm's method", () => {
    // R: p.adjust(c(0.01, 0.02, 0.03, 0.005), "holm")
    holm([0.01, 0.02, 0.03, 0.005]).forEach((p, i) => expect(p).toBeCloseTo([0.03, 0.04, 0.04, 0.02][i] ?? 0, 12));
    expect(holm([0.6, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe("Wilson's interval", () => {
  it('gives the published examples', () => {
    // R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17, 1998, table I.
    for (const [hits, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(hits / n, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
    expect(wilsonInterval(1, 20)).toMatchObject({ high: 1 });
  });

  it('ties scores that lie in each other’s interval', () => {
    const score = (hits: number, samples = 359) => ({ value: hits / 359, samples });
    expect(tied(score(350), score(349))).toBe(true);
    expect(tied(score(350), score(338))).toBe(false);
    // Many rows decide what few cannot.
    expect(tied(score(350, 359_000), score(349, 359_000))).toBe(false);
    expect(tied({ value: 0.3, samples: null }, { value: 0.31, samples: null })).toBe(false);
    expect(tied({ value: 0.3, samples: null }, { value: 0.3, samples: null })).toBe(true);
    expect(tied({ value: null, samples: 10 }, { value: null, samples: 10 })).toBe(false);
  });

  it('shares ranks and counts on after them', () => {
    // The five optimizers of the design's race: only SGD is apart.
    const scores = [0.9415, 0.9721, 0.9721, 0.9749, 0.9721].map((value) => ({ value, samples: 359 }));
    expect(placings(scores, 'higher').map(({ rank }) => rank)).toEqual([5, 1, 1, 1, 1]);
    expect(placings(scores, 'higher').map(({ tie }) => tie)).toEqual([false, true, true, true, true]);
    const groups = [0.5, 0.99, 0.49, 0.985].map((value) => ({ value, samples: 359 }));
    expect(placings(groups, 'higher').map(({ rank }) => rank)).toEqual([3, 1, 3, 1]);
    const losses = [0.3, 0.1, null, 0.1, 0.2].map((value) => ({ value, samples: null }));
    expect(placings(losses, 'lower').map(({ rank }) => rank)).toEqual([4, 1, null, 1, 3]);
  });
});

describe('bands over seeds', () => {
  const values = [2, 4, 4, 4, 5, 5, 7, 9];

  it('have the spread asked for', () => {
    expect(spread(values, 'std')).toMatchObject({ count: 8, mean: 5 });
    expect(spread(values, 'std')?.std).toBeCloseTo(2.13809, 5);
    expect(spread(values, 'std')?.high).toBeCloseTo(5 + 2.13809, 5);
    expect(spread(values, 'error')?.high).toBeCloseTo(5 + 2.13809 / Math.sqrt(8), 5);
    // t with 7 degrees of freedom is 2.3646.
    expect(spread(values, 'interval')?.high).toBeCloseTo(5 + (2.3646 * 2.13809) / Math.sqrt(8), 3);
    expect(spread(values, 'range')).toMatchObject({ low: 2, high: 9 });
    expect(spread([3], 'interval')).toEqual({ count: 1, mean: 3, std: 0, low: 3, high: 3 });
    expect(spread([Number.NaN], 'std')).toBeNull();
    expect(spread([1, Number.NaN, 3], 'range')).toMatchObject({ count: 2, mean: 2 });
  });

  it('are taken at the same steps, over the seeds that got there', () => {
    const curve = (values: number[], every = 1) => ({
      steps: values.map((_, i) => i * every),
      values,
      elapsedMs: values.map((_, i) => i * 10),
    });
    const band = bandCurve([curve([1, 2, 3, 4]), curve([3, 4])], 'range');
    expect([...band.steps]).toEqual([0, 1, 2, 3]);
    expect([...band.mean]).toEqual([2, 3, 3, 4]);
    expect([...band.low]).toEqual([1, 2, 3, 4]);
    expect([...band.high]).toEqual([3, 4, 3, 4]);
    expect([...band.elapsedMs]).toEqual([0, 10, 20, 30]);
    // Steps of one seed alone count for that seed alone.
    const sparse = bandCurve([curve([1, 1, 1, 1, 1]), curve([5, 5], 2)], 'std');
    expect([...sparse.mean]).toEqual([3, 1, 3, 1, 1]);
    expect(bandCurve([], 'std').steps).toHaveLength(0);
  });
});
