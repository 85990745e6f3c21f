/** Chapter 4: losses, numerical differentiation, gradient descent, simpleNet. */

import { describe, expect, test } from 'vitest';
import { crossEntropyError, dot, squaredError } from '../../engine/lab/functions.ts';
import { descend } from '../../engine/lab/gradient-descent.ts';
import { bestSlope, lineLoss, type Point } from '../../engine/lab/least-squares.ts';
import {
  directionalDerivative,
  numericalDerivative,
  numericalGradient,
} from '../../engine/lab/numerical-differentiation.ts';
import { simpleNetGradient, simpleNetLoss } from '../../engine/lab/simple-net.ts';

/** Within the printed digits, relative. */
function near(got: number | undefined, expected: number, digits = 8): void {
  expect(Math.abs((got ?? NaN) - expected)).toBeLessThan(10 ** -digits * Math.abs(expected));
}

describe('section 4.2', () => {
  const t = [0, 0, 1, 0, 0, 0, 0, 0, 0, 0];
  const right = [0.1, 0.05, 0.6, 0.0, 0.05, 0.1, 0.0, 0.1, 0.0, 0.0];
  const wrong = [0.1, 0.05, 0.1, 0.0, 0.05, 0.1, 0.0, 0.6, 0.0, 0.0];

  test('squared error of the 10-class example', () => {
    expect(squaredError(right, t)).toBeCloseTo(0.0975, 15);
    expect(squaredError(wrong, t)).toBeCloseTo(0.5975, 15);
  });

  test('cross-entropy of the 10-class example', () => {
    expect(crossEntropyError(right, t)).toBeCloseTo(0.510825457099338, 15);
    expect(crossEntropyError(wrong, t)).toBeCloseTo(2.3025840929945458, 14);
  });
});

describe('section 4.3', () => {
  const f = (x: number): number => 0.01 * x ** 2 + 0.1 * x;

  test('numerical derivative of 0.01x² + 0.1x at 5 and 10, the true ones being 0.2 and 0.3', () => {
    expect(numericalDerivative(f, 5)).toBeCloseTo(0.1999999999990898, 15);
    expect(numericalDerivative(f, 10)).toBeCloseTo(0.2999999999986347, 15);
  });

  test('partial derivatives of x0² + x1² at (3, 4)', () => {
    expect(numericalDerivative((x0) => x0 * x0 + 4.0 ** 2, 3)).toBe(6.00000000000378);
    expect(numericalDerivative((x1) => 3.0 ** 2 + x1 * x1, 4)).toBe(7.999999999999119);
  });
});

describe('section 4.4', () => {
  const bowl = ([x0 = 0, x1 = 0]: readonly number[]): number => x0 ** 2 + x1 ** 2;

  test('gradients of x0² + x1²', () => {
    for (const [point, expected] of [
      [
        [3, 4],
        [6, 8],
      ],
      [
        [0, 2],
        [0, 4],
      ],
      [
        [3, 0],
        [6, 0],
      ],
    ] as const) {
      const got = numericalGradient(bowl, point);
      for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 9);
    }
  });

  test.each([
    ['a good rate', 0.1, [-6.11110793e-10, 8.14814391e-10]],
    ['a rate too large', 10.0, [-2.58983747e13, -1.29524862e12]],
    ['a rate too small', 1e-10, [-2.99999994, 3.99999992]],
  ] as const)('a hundred steps from (−3, 4) with %s', (_name, lr, expected) => {
    const end = descend(bowl, { start: [-3, 4], lr, steps: 100 }).at(-1)!;
    near(end[0], expected[0]);
    near(end[1], expected[1]);
  });

  test('simpleNet with the printed weights', () => {
    const w = [
      [0.47355232, 0.9977393, 0.84668094],
      [0.85557411, 0.03563661, 0.69422093],
    ];
    const x = [0.6, 0.9];
    const t = [0, 0, 1];
    const outputs = dot(x, w);
    for (const [i, value] of [1.05414809, 0.63071653, 1.1328074].entries()) expect(outputs[i]).toBeCloseTo(value, 7);
    // The weights are printed with eight digits, the loss comes from the whole ones.
    expect(Math.abs(simpleNetLoss(w, x, t) - 0.92806853663411326)).toBeLessThan(5e-7);
    const printed = [
      [0.21924763, 0.14356247, -0.36281009],
      [0.32887144, 0.2153437, -0.54421514],
    ];
    const gradient = simpleNetGradient(w, x, t);
    for (const [i, row] of printed.entries()) {
      for (const [j, value] of row.entries()) expect(gradient[i]?.[j]).toBeCloseTo(value, 6);
    }
  });
});

describe('gradient and directional derivative', () => {
  test('5 − x² − 2y² at (1.5, −1): the gradient is (−3, 4), its norm 5', () => {
    const gradient = numericalGradient(([x = 0, y = 0]) => 5 - x ** 2 - 2 * y ** 2, [1.5, -1]);
    expect(gradient[0]).toBeCloseTo(-3, 8);
    expect(gradient[1]).toBeCloseTo(4, 8);
    expect(Math.hypot(...gradient)).toBeCloseTo(5, 8);
    expect(directionalDerivative(gradient, gradient)).toBeCloseTo(5, 8);
  });

  test('ln(x² + y² + z²) at (1, 1, 1) along (2, 2, 1): 10/9', () => {
    const gradient = numericalGradient(([x = 0, y = 0, z = 0]) => Math.log(x ** 2 + y ** 2 + z ** 2), [1, 1, 1]);
    const slope = directionalDerivative(gradient, [2, 2, 1]);
    expect(slope).toBeCloseTo(10 / 9, 8);
    expect(slope.toFixed(3)).toBe('1.111');
  });
});

describe('gradient descent on one and two variables', () => {
  test('J = x² from 1.2 with rate 0.3: three updates to J < 0.01, four to 1e-3', () => {
    const path = descend(([x = 0]) => x * x, { start: [1.2], lr: 0.3, steps: 4, gradient: ([x = 0]) => [2 * x] });
    const losses = path.map(([x = 0]) => x * x);
    expect(losses.findIndex((loss) => loss < 0.01)).toBe(3);
    expect(losses.findIndex((loss) => loss < 1e-3)).toBe(4);
    for (const [i, x] of [1.2, 0.48, 0.192, 0.0768, 0.03072].entries()) expect(path[i]?.[0]).toBeCloseTo(x, 12);
  });

  test('J = x² + sin² y from (3, 1) with rate 0.1', () => {
    const loss = ([x = 0, y = 0]: readonly number[]): number => x ** 2 + Math.sin(y) ** 2;
    const gradient = ([x = 0, y = 0]: readonly number[]): number[] => [2 * x, 2 * Math.sin(y) * Math.cos(y)];
    const losses = descend(loss, { start: [3, 1], lr: 0.1, steps: 16, gradient }).map(loss);
    for (const [updates, value] of [
      [0, 9.708073],
      [1, 6.382415],
      [15, 0.015166],
      [16, 0.009711],
    ] as const) {
      expect(losses[updates]).toBeCloseTo(value, 6);
    }
  });
});

describe('least squares', () => {
  const points: readonly Point[] = [
    [3, 1],
    [4, 2],
    [6, 3],
    [5, 2.5],
    [1, 1],
    [4, 2],
    [3, 2],
    [4, 2],
    [3.5, 1.5],
    [4.5, 3],
    [2.5, 1.3],
  ];

  test('y = w·x by numerical gradient finds what the closed form says', () => {
    const start = { start: [0], lr: 0.02, steps: 200 };
    const w = descend(([slope = 0]) => lineLoss(points, slope), start).at(-1)?.[0] ?? NaN;
    // By hand Σxy = 86.5 and Σx² = 166.75.
    expect(bestSlope(points)).toBeCloseTo(86.5 / 166.75, 12);
    expect(w).toBeCloseTo(bestSlope(points), 9);
    expect(lineLoss(points, w)).toBeLessThan(lineLoss(points, w + 0.001));
    expect(lineLoss(points, w)).toBeLessThan(lineLoss(points, w - 0.001));
  });
});
