import { describe, expect, test } from 'vitest';
import { Rng } from '../../../engine/math/rng.ts';

describe('Rng', () => {
  test('matches xoshiro128** 1.1 from the state 1, 2, 3, 4', () => {
    // Worked by hand from the published recurrence: rotl(2·5, 7)·9 = 11520, then from the next state 0, and so on.
    const rng = Rng.restore([1, 2, 3, 4]);
    expect([rng.bits(), rng.bits(), rng.bits()]).toEqual([11520, 0, 5927040]);
  });

  test('streams depend on the seed and the name, and on nothing else', () => {
    const draw = (seed: number, name: string): number[] => {
      const rng = Rng.stream(seed, name);
      return [rng.bits(), rng.bits(), rng.bits(), rng.bits()];
    };
    expect(draw(1, 'batches')).toEqual(draw(1, 'batches'));
    expect(draw(1, 'batches')).not.toEqual(draw(2, 'batches'));
    expect(draw(1, 'batches')).not.toEqual(draw(1, 'init'));
    expect(draw(0, '')).not.toEqual(draw(1, ''));
  });

  test('a restored state continues the stream, normal draws included', () => {
    const rng = Rng.stream(7, 'x');
    rng.normal();
    const saved = JSON.parse(JSON.stringify(rng.state())) as number[];
    const next = [rng.normal(), rng.uniform(), rng.int(10), rng.bits()];
    const again = Rng.restore(saved);
    expect([again.normal(), again.uniform(), again.int(10), again.bits()]).toEqual(next);
  });

  test.each([[[0, 0, 0, 0]], [[1, 2, 3]], [[1, 2, 3, -1]], [[1, 2, 3, 0.5]], [[1, 2, 3, 2 ** 32]]])(
    'refuses %j as a state',
    (state) => {
      expect(() => Rng.restore(state)).toThrow(RangeError);
    },
  );

  test('uniform stays in [0, 1) with the mean and variance of the distribution', () => {
    const rng = Rng.stream(3, 'uniform');
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < 100_000; i++) {
      const u = rng.uniform();
      expect(u >= 0 && u < 1).toBe(true);
      sum += u;
      squares += u * u;
    }
    expect(sum / 1e5).toBeCloseTo(0.5, 2);
    expect(squares / 1e5 - (sum / 1e5) ** 2).toBeCloseTo(1 / 12, 2);
  });

  test('int is uniform for a number that does not divide 2^32', () => {
    const rng = Rng.stream(4, 'int');
    const counts = new Array<number>(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[rng.int(7)]!++;
    const chiSquare = counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(22.46); // 0.1 % point of chi-square with 6 degrees of freedom
    expect(() => rng.int(0)).toThrow(RangeError);
    expect(rng.int(1)).toBe(0);
  });

  test.each([1, 7, 60_000, 1_500_000_000])('ints gives what calls of int(%d) give, and goes on from there', (n) => {
    const one = Rng.stream(6, 'ints');
    const many = Rng.stream(6, 'ints');
    const drawn = new Int32Array(104);
    many.ints(n, drawn, 2, 100);
    const expected = Int32Array.from({ length: 104 }, (_, i) => (i < 2 || i >= 102 ? 0 : one.int(n)));
    expect(drawn).toEqual(expected);
    expect(many.state()).toEqual(one.state());
    expect(() => many.ints(0, drawn, 0, 1)).toThrow(RangeError);
    expect(() => many.ints(2 ** 31 + 1, drawn, 0, 1)).toThrow('from 1 to 2^31');
  });

  test('normal has the moments of the standard normal', () => {
    const rng = Rng.stream(5, 'normal');
    let m1 = 0;
    let m2 = 0;
    let m4 = 0;
    const n = 200_000;
    for (let i = 0; i < n; i++) {
      const z = rng.normal();
      m1 += z / n;
      m2 += (z * z) / n;
      m4 += z ** 4 / n;
    }
    expect(Math.abs(m1)).toBeLessThan(0.01);
    expect(Math.abs(m2 - 1)).toBeLessThan(0.02);
    expect(Math.abs(m4 - 3)).toBeLessThan(0.15);
  });

  test('shuffle gives every permutation of three about as often', () => {
    const rng = Rng.stream(6, 'shuffle');
    const counts = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const items = Int32Array.of(0, 1, 2);
      rng.shuffle(items);
      counts.set(items.join(''), (counts.get(items.join('')) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.52); // 0.1 % point, 5 degrees of freedom
  });
});
