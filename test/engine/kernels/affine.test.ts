import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absolute, allKernels, expectClose, oracle, ROUNDING, seed, size, values, Workbench } from './support.ts';
import type { Activation, Kernels } from '../../../engine/kernels/kernels.ts';

interface Case {
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
  readonly x: ArrayLike<number>;
  readonly w: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly dy: ArrayLike<number>;
}

interface Drawn {
  readonly rows: number;
  readonly inputs: number;
  readonly units: number;
  readonly long: string;
  readonly length: number;
  readonly from: number;
}

const cases: fc.Arbitrary<Drawn> = fc.record({
  rows: size(70),
  inputs: size(70),
  units: size(110),
  // A long sum is cut into blocks: rows are summed over backward, inputs forward.
  long: fc.constantFrom('none', 'none', 'rows', 'inputs'),
  length: fc.constantFrom(255, 256, 257, 600),
  from: seed,
});

function makeCase({ rows, inputs, units, long, length, from }: Drawn): Case {
  const n = long === 'rows' ? length : rows;
  const k = long === 'inputs' ? length : inputs;
  return {
    rows: n,
    inputs: k,
    units,
    x: values(n * k, from),
    w: values(k * units, from + 1),
    b: values(units, from + 2),
    dy: values(n * units, from + 3),
  };
}

function forward(kernels: Kernels, c: Case, activation: Activation = 'none', parameter = 0): ArrayLike<number> {
  const bench = new Workbench(kernels);
  const x = bench.tensor([c.rows, c.inputs], c.x);
  const w = bench.tensor([c.inputs, c.units], c.w);
  const b = bench.tensor([c.units], c.b);
  const y = bench.tensor([c.rows, c.units]);
  bench.commit();
  kernels.affineForward(x, w, b, y, c.rows, activation, parameter);
  bench.check();
  return y.data;
}

function backward(kernels: Kernels, c: Case, withInput = true) {
  const bench = new Workbench(kernels);
  const x = bench.tensor([c.rows, c.inputs], c.x);
  const w = bench.tensor([c.inputs, c.units], c.w);
  const dy = bench.tensor([c.rows, c.units], c.dy);
  const dw = bench.tensor([c.inputs, c.units]);
  const db = bench.tensor([c.units]);
  const dx = bench.tensor([c.rows, c.inputs]);
  bench.commit();
  kernels.affineBackward(x, w, dy, dw, db, withInput ? dx : null, c.rows);
  bench.check();
  return { dw: dw.data, db: db.data, dx: dx.data };
}

/** The sums of the terms' sizes: what the error of a sum is measured by. */
const magnitude = (c: Case): Case => ({
  ...c,
  x: absolute(c.x),
  w: absolute(c.w),
  b: absolute(c.b),
  dy: absolute(c.dy),
});

describe.each(allKernels)('affine, $name', (kernels) => {
  test('forward is x·w + b for any shape', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const c = makeCase(drawn);
        const sizes = forward(oracle, magnitude(c));
        expectClose(forward(kernels, c), forward(oracle, c), (i) => (c.inputs + 2) * ROUNDING * (sizes[i] ?? 0));
      }),
      { numRuns: 60 },
    );
  });

  test('backward gives xᵀ·dy, the column sums and dy·wᵀ for any shape', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const c = makeCase(drawn);
        const got = backward(kernels, c);
        const expected = backward(oracle, c);
        const sizes = backward(oracle, magnitude(c));
        expectClose(got.dw, expected.dw, (i) => (c.rows + 2) * ROUNDING * (sizes.dw[i] ?? 0), 'dw');
        expectClose(got.db, expected.db, (i) => (c.rows + 2) * ROUNDING * (sizes.db[i] ?? 0), 'db');
        expectClose(got.dx, expected.dx, (i) => (c.units + 2) * ROUNDING * (sizes.dx[i] ?? 0), 'dx');
      }),
      { numRuns: 60 },
    );
  });

  test('a null dx is skipped, the rest stays the same to the bit', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const c = makeCase(drawn);
        const whole = backward(kernels, c);
        const first = backward(kernels, c, false);
        expect(first.dw).toEqual(whole.dw);
        expect(first.db).toEqual(whole.db);
        expect(first.dx.every((value) => value === 12345)).toBe(true);
      }),
      { numRuns: 10 },
    );
  });

  test('an activation in the call equals the separate call to the bit', () => {
    const kinds: Activation[] = ['none', 'relu', 'leaky-relu', 'elu', 'sigmoid', 'tanh', 'softplus', 'step'];
    fc.assert(
      fc.property(cases, fc.constantFrom(...kinds), (drawn, kind) => {
        const c = makeCase(drawn);
        const separate = new Workbench(kernels);
        const y = separate.tensor([c.rows, c.units], forward(kernels, c));
        separate.commit();
        // The reference rounds once where activation and sum are one expression; the compiled kernels promise the bits.
        kernels.activationForward(kind, y, y, c.rows * c.units, 0.3);
        const fused = forward(kernels, c, kind, 0.3);
        if (kernels.name === 'reference') expectClose(fused, y.data, (i) => 1e-6 * (1 + Math.abs(y.data[i] ?? 0)));
        else expect(fused).toEqual(y.data);
      }),
      { numRuns: 30 },
    );
  });

  test('a row does not depend on the rows beside it', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const c = makeCase(drawn);
        const all = Array.from(forward(kernels, c));
        const alone = forward(kernels, { ...c, rows: 1, x: Array.from(c.x).slice(0, c.inputs) });
        expect(Array.from(alone)).toEqual(all.slice(0, c.units));
      }),
      { numRuns: 20 },
    );
  });

  test('the same call gives the same bits', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const c = makeCase(drawn);
        expect(forward(kernels, c)).toEqual(forward(kernels, c));
        expect(backward(kernels, c)).toEqual(backward(kernels, c));
      }),
      { numRuns: 10 },
    );
  });
});
