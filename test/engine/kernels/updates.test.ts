import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allKernels, expectClose, oracle, seed, size, values, Workbench } from './support.ts';
import type { Kernels } from '../../../engine/kernels/kernels.ts';
import type { Tensor } from '../../../engine/math/tensor.ts';

type Update = (kernels: Kernels, w: Tensor, g: Tensor, m: Tensor, v: Tensor) => void;

const UPDATES: Record<string, Update> = {
  addScaled: (kernels, w, g) => kernels.addScaled(w, g, 0.03),
  scale: (kernels, w) => kernels.scale(w, 0.37),
  sgd: (kernels, w, g) => kernels.sgd(w, g, 0.1),
  momentum: (kernels, w, g, m) => kernels.momentum(w, g, m, 0.1, 0.9),
  nesterov: (kernels, w, g, m) => kernels.nesterov(w, g, m, 0.1, 0.9),
  adagrad: (kernels, w, g, _, v) => kernels.adagrad(w, g, v, 0.1, 1e-7),
  rmsprop: (kernels, w, g, _, v) => kernels.rmsprop(w, g, v, 0.1, 0.99, 1e-7),
  adam: (kernels, w, g, m, v) => kernels.adam(w, g, m, v, 0.01, 0.9, 0.999, 1e-8, 1 - 0.9 ** 3, 1 - 0.999 ** 3, 0),
  adamw: (kernels, w, g, m, v) => kernels.adam(w, g, m, v, 0.01, 0.9, 0.999, 1e-8, 1 - 0.9, 1 - 0.999, 0.01 * 0.05),
};

function apply(kernels: Kernels, update: Update, count: number, from: number) {
  const bench = new Workbench(kernels);
  const w = bench.tensor([count], values(count, from));
  const g = bench.tensor([count], values(count, from + 1));
  const m = bench.tensor([count], values(count, from + 2));
  const v = bench.tensor([count], values(count, from + 3, 0.001, 1));
  bench.commit();
  for (let step = 0; step < 3; step++) update(kernels, w, g, m, v);
  bench.check();
  return { w: Array.from(w.data), g: Array.from(g.data), m: Array.from(m.data), v: Array.from(v.data) };
}

describe.each(allKernels)('updates, $name', (kernels) => {
  test.each(Object.entries(UPDATES))('%s, three times, for any size', (_, update) => {
    fc.assert(
      fc.property(size(200), seed, (count, from) => {
        const got = apply(kernels, update, count, from);
        const expected = apply(oracle, update, count, from);
        expectClose(got.w, expected.w, 2e-6, 'w');
        expectClose(got.g, expected.g, 0, 'g');
        expectClose(got.m, expected.m, 2e-6, 'm');
        expectClose(got.v, expected.v, 2e-6, 'v');
        expect(apply(kernels, update, count, from)).toEqual(got);
      }),
      { numRuns: 20 },
    );
  });

  test('sumSquares adds in float64', () => {
    fc.assert(
      fc.property(size(500), seed, (count, from) => {
        const data = values(count, from);
        data[0] = 3000;
        const bench = new Workbench(kernels);
        const t = bench.tensor([count], data);
        bench.commit();
        const expected = Array.from(data).reduce((sum, x) => sum + x * x, 0);
        expect(Math.abs(kernels.sumSquares(t) - expected)).toBeLessThan(1e-12 * expected);
      }),
      { numRuns: 30 },
    );
  });

  test('sumSquares is not finite when one value is not', () => {
    for (const bad of [NaN, Infinity, -Infinity]) {
      for (const place of [0, 7, 40]) {
        const data = values(41, 3);
        data[place] = bad;
        const bench = new Workbench(kernels);
        const t = bench.tensor([41], data);
        bench.commit();
        expect(Number.isFinite(kernels.sumSquares(t))).toBe(false);
      }
    }
  });
});
