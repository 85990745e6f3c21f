import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allKernels, expectClose, oracle, seed, size, values, Workbench } from './support.ts';
import type { Kernels } from '../../../engine/kernels/kernels.ts';

interface Drawn {
  readonly rows: number;
  readonly channels: number;
  readonly spatial: number;
  readonly mean: number;
  readonly from: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.oneof(
  fc.record({
    rows: fc.oneof(size(40), fc.constantFrom(127, 128, 129, 300)),
    channels: size(70),
    spatial: fc.constant(1),
    mean: fc.constantFrom(0, 3),
    from: seed,
  }),
  fc.record({ rows: size(9), channels: size(9), spatial: size(70), mean: fc.constantFrom(0, 3), from: seed }),
);

function run(kernels: Kernels, d: Drawn, withInput = true) {
  const { rows, channels, spatial, mean, from } = d;
  const count = rows * channels * spatial;
  const bench = new Workbench(kernels);
  const x = bench.tensor([rows, channels, spatial], values(count, from, mean - 2, mean + 2));
  const gamma = bench.tensor([channels], values(channels, from + 1, 0.5, 1.5));
  const beta = bench.tensor([channels], values(channels, from + 2));
  const dy = bench.tensor([rows, channels, spatial], values(count, from + 3));
  const y = bench.tensor([count]);
  const inferred = bench.tensor([count]);
  const normalized = bench.tensor([count]);
  const dx = bench.tensor([count]);
  const inverseStd = bench.tensor([channels]);
  const runningMean = bench.tensor([channels], values(channels, from + 4));
  const runningVar = bench.tensor([channels], values(channels, from + 5, 0.5, 1.5));
  const dgamma = bench.tensor([channels]);
  const dbeta = bench.tensor([channels]);
  bench.commit();
  // The running statistics as they are before the batch is added to them.
  kernels.batchNormInfer(x, gamma, beta, inferred, runningMean, runningVar, rows, channels, spatial, 1e-5);
  kernels.batchNormTrain(
    x,
    gamma,
    beta,
    y,
    normalized,
    inverseStd,
    runningMean,
    runningVar,
    rows,
    channels,
    spatial,
    0.9,
    1e-5,
  );
  kernels.batchNormBackward(
    dy,
    gamma,
    normalized,
    inverseStd,
    dgamma,
    dbeta,
    withInput ? dx : null,
    rows,
    channels,
    spatial,
  );
  bench.check();
  const data = { inferred, y, normalized, inverseStd, runningMean, runningVar, dgamma, dbeta, dx };
  return Object.fromEntries(Object.entries(data).map(([name, tensor]) => [name, Array.from(tensor.data)])) as Record<
    keyof typeof data,
    number[]
  >;
}

describe.each(allKernels)('batch normalisation, $name', (kernels) => {
  test('training, inference and backward for any rows, channels and places', () => {
    fc.assert(
      fc.property(
        drawn.filter(({ rows, spatial }) => rows * spatial > 3),
        (d) => {
          const got = run(kernels, d);
          const expected = run(oracle, d);
          const n = d.rows * d.spatial;
          for (const name of ['inferred', 'y', 'normalized', 'inverseStd', 'runningMean', 'runningVar'] as const) {
            expectClose(got[name], expected[name], 2e-5, name);
          }
          // Sums of n terms below 1, times x̂; dx also divides by the standard deviation.
          expectClose(got.dbeta, expected.dbeta, 1e-6 * n, 'dbeta');
          expectClose(got.dgamma, expected.dgamma, 1e-5 * n, 'dgamma');
          const scale = Math.max(...expected.inverseStd, 1);
          expectClose(got.dx, expected.dx, 5e-5 * scale, 'dx');
        },
      ),
      { numRuns: 80 },
    );
  });

  test('a batch of one row is its own mean: y is beta', () => {
    const d: Drawn = { rows: 1, channels: 19, spatial: 1, mean: 3, from: 11 };
    const got = run(kernels, d);
    expect(got.y).toEqual(Array.from(values(19, 13)));
    expectClose(got.inverseStd, Array<number>(19).fill(1 / Math.sqrt(1e-5)), 1e-4);
  });

  test('a null dx changes nothing else; the same call gives the same bits', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const whole = run(kernels, d);
        expect(run(kernels, d)).toEqual(whole);
        expect(run(kernels, d, false)).toEqual({ ...whole, dx: whole.dx.map(() => 12345) });
      }),
      { numRuns: 15 },
    );
  });
});
