/** Chapter 5: computation graphs, forwards, backwards, and backwards to a wanted result. */

import { describe, expect, test } from 'vitest';
import { add, backward, log, multiply, sqrt, square, variable, type Node } from '../../engine/lab/computation-graph.ts';
import { solveForTarget } from '../../engine/lab/solve-for-target.ts';

describe('section 5.4: apples and oranges', () => {
  test('two apples alone: 220, and 2.2, 110 and 200 backwards', () => {
    const [apple, count, tax] = [variable(100), variable(2), variable(1.1)];
    const price = multiply(multiply(apple, count), tax);
    backward(price);
    expect(price.value).toBeCloseTo(220, 10);
    for (const [node, slope] of [
      [apple, 2.2],
      [count, 110],
      [tax, 200],
    ] as const) {
      expect(node.gradient).toBeCloseTo(slope, 10);
    }
  });

  test('two apples and three oranges: 715, and 2.2, 110, 3.3, 165 and 650 backwards', () => {
    const [apple, apples, orange, oranges, tax] = [100, 2, 150, 3, 1.1].map(variable) as [Node, Node, Node, Node, Node];
    const price = multiply(add(multiply(apple, apples), multiply(orange, oranges)), tax);
    backward(price);
    expect(price.value).toBeCloseTo(715, 10);
    const slopes = [
      [apple, 2.2],
      [apples, 110],
      [orange, 3.3],
      [oranges, 165],
      [tax, 650],
    ] as const;
    for (const [node, slope] of slopes) expect(node.gradient).toBeCloseTo(slope, 10);
  });

  test('a value used twice gets the sum of both ways', () => {
    const x = variable(3);
    const y = add(multiply(x, x), x);
    backward(y);
    expect([y.value, x.gradient]).toEqual([12, 7]);
  });
});

describe('z = (2w + 3b)(2b + 1) from w = 3, b = 4, solved for 150', () => {
  function graph() {
    const [w, b] = [variable(3), variable(4)];
    const x = add(multiply(variable(2), w), multiply(variable(3), b));
    const y = add(multiply(variable(2), b), variable(1));
    return { w, b, z: multiply(x, y) };
  }
  const options = { target: 150, tolerance: 1e-5 };
  const rounded = (values: readonly number[]): string[] => values.map((value) => value.toFixed(6));

  test('forwards 162, backwards 18 by w and 63 by b', () => {
    const { w, b, z } = graph();
    backward(z);
    expect([z.value, w.gradient, b.gradient]).toEqual([162, 18, 63]);
  });

  test('by b alone, with the first slope kept', () => {
    const { b, z } = graph();
    const rounds = solveForTarget(z, [b], { ...options, slopes: 'once' });
    expect(rounded(rounds.flatMap(({ values }) => values)).slice(0, 4)).toEqual([
      '4.000000',
      '3.809524',
      '3.806068',
      '3.805942',
    ]);
    expect(rounded(rounds.map(({ result }) => result)).slice(0, 4)).toEqual([
      '162.000000',
      '150.217687',
      '150.007970',
      '150.000294',
    ]);
    expect(b.value.toFixed(6)).toBe('3.805937');
  });

  test('by b alone, with a fresh slope each round', () => {
    const { b, z } = graph();
    const rounds = solveForTarget(z, [b], options);
    expect(rounded(rounds.map(({ result }) => result))).toEqual([
      '162.000000',
      '150.217687',
      '150.000077',
      '150.000000',
    ]);
    expect(b.value.toFixed(6)).toBe('3.805937');
  });

  test('by w and b, each taking back half, with the first slopes kept', () => {
    const { w, b, z } = graph();
    const rounds = solveForTarget(z, [w, b], { ...options, slopes: 'once' });
    expect(rounds.slice(0, 3).map(({ values, result }) => rounded([...values, result]))).toEqual([
      ['3.000000', '4.000000', '162.000000'],
      ['2.666667', '3.904762', '150.181406'],
      ['2.661628', '3.903322', '150.005526'],
    ]);
    expect(Math.abs(z.value - 150)).toBeLessThan(1e-5);
    expect(rounded([w.value, b.value])).toEqual(['2.661469', '3.903277']);
  });

  test('by w and b with fresh slopes', () => {
    const { w, b, z } = graph();
    const rounds = solveForTarget(z, [w, b], options);
    expect(rounded(rounds.map(({ result }) => result))).toEqual([
      '162.000000',
      '150.181406',
      '150.000044',
      '150.000000',
    ]);
    expect(rounded([w.value, b.value])).toEqual(['2.661517', '3.903263']);
  });
});

describe('c = √ln x² from x = 2, solved for 2.13', () => {
  test('the table of x, a = x², b = ln a and c, round by round', () => {
    const x = variable(2);
    const c = sqrt(log(square(x)));
    const rounds = solveForTarget(c, [x], { target: 2.13, tolerance: 1e-6 });
    const table = rounds.slice(0, 5).map(({ values: [value = NaN], result }) => {
      return [value, value ** 2, Math.log(value ** 2), result];
    });
    // The fifth x is printed as 9.665; with the printed step of 0.360 from 9.295 it is 9.656.
    const printed = [
      [2, 4, 1.386, 1.177],
      [4.243, 18.005, 2.891, 1.7],
      [7.344, 53.934, 3.988, 1.997],
      [9.295, 86.404, 4.459, 2.112],
      [9.656, 93.233, 4.535, 2.129],
    ];
    for (const [round, row] of printed.entries()) {
      for (const [i, value] of row.entries()) expect(Math.abs(table[round]![i]! - value)).toBeLessThan(0.005);
    }
  });

  test('five steps come within 1e-6', () => {
    const x = variable(2);
    const rounds = solveForTarget(sqrt(log(square(x))), [x], { target: 2.13, tolerance: 1e-6 });
    expect(rounds).toHaveLength(6);
    expect(x.value).toBeCloseTo(Math.exp(2.13 ** 2 / 2), 4);
  });
});
