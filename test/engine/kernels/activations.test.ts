import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allKernels, expectClose, seed, size, values, Workbench } from './support.ts';
import type { Activation, Kernels } from '../../../engine/kernels/kernels.ts';

/** f and, from its output, f'; in float64, by their definitions. */
const DEFINITIONS: Record<
  Activation,
  { f: (x: number, p: number) => number; slope: (y: number, p: number) => number }
> = {
  none: { f: (x) => x, slope: () => 1 },
  relu: { f: (x) => (x > 0 ? x : 0), slope: (y) => (y > 0 ? 1 : 0) },
  'leaky-relu': { f: (x, p) => (x > 0 ? x : p * x), slope: (y, p) => (y > 0 ? 1 : p) },
  elu: { f: (x, p) => (x > 0 ? x : p * Math.expm1(x)), slope: (y, p) => (y > 0 ? 1 : y + p) },
  sigmoid: { f: (x) => 1 / (1 + Math.exp(-x)), slope: (y) => y * (1 - y) },
  tanh: { f: (x) => Math.tanh(x), slope: (y) => 1 - y * y },
  softplus: { f: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), slope: (y) => -Math.expm1(-y) },
  step: { f: (x) => (x > 0 ? 1 : 0), slope: () => 0 },
};
const KINDS = Object.keys(DEFINITIONS) as Activation[];

/** The distance between float32 neighbours at x; below the smallest normal number it no longer shrinks. */
function unitInTheLastPlace(x: number): number {
  return 2 ** (Math.floor(Math.log2(Math.max(Math.abs(x), 2 ** -126))) - 23);
}

function forward(kernels: Kernels, kind: Activation, input: ArrayLike<number>, parameter: number): ArrayLike<number> {
  const bench = new Workbench(kernels);
  const x = bench.tensor([input.length], input);
  const y = bench.tensor([input.length]);
  bench.commit();
  kernels.activationForward(kind, x, y, input.length, parameter);
  bench.check();
  return y.data;
}

describe.each(allKernels)('activations, $name', (kernels) => {
  test.each(KINDS)('%s is within 3 units in the last place everywhere', (kind) => {
    const count = 60_000;
    const input = Float32Array.from({ length: count }, (_, i) => {
      const t = i / count;
      if (i % 3 === 0) return -100 + 200 * t;
      if (i % 3 === 1) return -9 + 18 * t;
      return (t < 0.5 ? -1 : 1) * 10 ** (-7 + 8 * Math.abs(2 * t - 1));
    });
    const expected = Float64Array.from(input, (x) => DEFINITIONS[kind].f(x, 0.25));
    // A sigmoid below the smallest normal number may be 0.
    expectClose(
      forward(kernels, kind, input, 0.25),
      expected,
      (i) => 3 * unitInTheLastPlace(expected[i] ?? 0) + 2 ** -126,
    );
  });

  test.each(KINDS)('%s passes the gradient on by its output, in place too', (kind) => {
    fc.assert(
      fc.property(size(200), seed, (count, from) => {
        const y = forward(kernels, kind, values(count, from, -12, 4), 0.25);
        const dy = values(count, from + 1);
        const bench = new Workbench(kernels);
        const output = bench.tensor([count], y);
        const gradient = bench.tensor([count], dy);
        const dx = bench.tensor([count]);
        bench.commit();
        kernels.activationBackward(kind, output, gradient, dx, count, 0.25);
        const expected = Float64Array.from(dy, (value, i) => value * DEFINITIONS[kind].slope(y[i] ?? 0, 0.25));
        // Where the slope comes close to 0 as a difference, so does what is left of its digits; softplus has none.
        const relative = kind === 'softplus';
        expectClose(dx.data, expected, (i) => (relative ? 1e-6 * Math.abs(expected[i] ?? 0) : 3e-7));
        const apart = Array.from(dx.data);
        kernels.activationBackward(kind, output, gradient, gradient, count, 0.25);
        expect(Array.from(gradient.data)).toEqual(apart);
        bench.check();
      }),
      { numRuns: 30 },
    );
  });

  test('touches `count` values only', () => {
    const bench = new Workbench(kernels);
    const x = bench.tensor([40], values(40, 5));
    const y = bench.tensor([40]);
    bench.commit();
    kernels.activationForward('tanh', x, y, 19, 0);
    expect(Array.from(y.data.subarray(19))).toEqual(Array(21).fill(12345));
    expect(y.data[18]).toBeCloseTo(Math.tanh(x.data[18] ?? 0), 6);
  });

  test('lets NaN through, so that a run that diverged is noticed', () => {
    for (const kind of KINDS) {
      if (kind === 'step') continue;
      const y = forward(kernels, kind, [NaN, 1, -1, NaN, 0.5], 0.25);
      expect(Array.from(y, Number.isNaN), kind).toEqual([true, false, false, true, false]);
    }
  });

  test('softmax is e^x over its row’s sum, far from 0 too, and its backward pass y·(dy − Σ y·dy)', () => {
    fc.assert(
      fc.property(size(9), size(70), fc.constantFrom(0, 1000, -1000), seed, (rows, columns, offset, from) => {
        const input = values(rows * columns, from, -5, 5).map((x) => Math.fround(x + offset));
        const dy = values(rows * columns, from + 1);
        const bench = new Workbench(kernels);
        const x = bench.tensor([rows, columns], input);
        const y = bench.tensor([rows, columns]);
        const gradient = bench.tensor([rows, columns], dy);
        const dx = bench.tensor([rows, columns]);
        bench.commit();
        kernels.softmax(x, y, rows, columns);
        kernels.softmaxBackward(y, gradient, dx, rows, columns);
        bench.check();
        for (let r = 0; r < rows; r++) {
          const row = Array.from(input.subarray(r * columns, (r + 1) * columns));
          const max = Math.max(...row);
          const sum = row.reduce((total, value) => total + Math.exp(value - max), 0);
          const p = row.map((value) => Math.exp(value - max) / sum);
          const dot = p.reduce((total, value, j) => total + value * (dy[r * columns + j] ?? 0), 0);
          const slopes = p.map((value, j) => value * ((dy[r * columns + j] ?? 0) - dot));
          expectClose(y.data.subarray(r * columns, (r + 1) * columns), p, (j) => 1e-6 * (p[j] ?? 0) + 1e-37, 'y');
          expectClose(dx.data.subarray(r * columns, (r + 1) * columns), slopes, 1e-6, 'dx');
        }
      }),
      { numRuns: 40 },
    );
  });
});
