import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { absolute, allKernels, expectClose, oracle, ROUNDING, seed, values, Workbench } from './support.ts';
import type { Activation, Kernels, WindowGeometry } from '../../../engine/kernels/kernels.ts';
import { windowOutput } from '../../../engine/spec/shapes.ts';

interface Drawn {
  readonly rows: number;
  readonly channels: number;
  readonly filters: number;
  readonly height: number;
  readonly width: number;
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
  readonly from: number;
}

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });
const drawn: fc.Arbitrary<Drawn> = fc.record({
  rows: small(3),
  channels: fc.oneof(small(4), fc.constantFrom(16, 30)),
  filters: fc.oneof(small(9), fc.constantFrom(16, 17)),
  height: small(14),
  width: fc.oneof(small(14), fc.constantFrom(24, 28, 50)),
  kernel: fc.oneof(small(5), fc.constantFrom(7, 8)),
  stride: small(3),
  padding: fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: 0, max: 3 }) },
    { weight: 1, arbitrary: fc.constantFrom(16, 20) },
  ),
  from: seed,
});

/** The window made to fit, when it must. */
function geometryOf(d: Drawn, padding: number): WindowGeometry {
  const kernel = Math.min(d.kernel, d.height + 2 * padding, d.width + 2 * padding);
  const { channels, height, width, stride } = d;
  const outHeight = windowOutput(height, kernel, stride, padding);
  const outWidth = windowOutput(width, kernel, stride, padding);
  return { channels, height, width, kernel, stride, padding, outHeight, outWidth };
}

interface Convolution {
  readonly g: WindowGeometry;
  readonly rows: number;
  readonly filters: number;
  readonly x: ArrayLike<number>;
  readonly w: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly dy: ArrayLike<number>;
}

function convolutionOf(d: Drawn): Convolution {
  const g = geometryOf(d, d.padding);
  const { rows, filters, from } = d;
  return {
    g,
    rows,
    filters,
    x: values(rows * g.channels * g.height * g.width, from),
    w: values(filters * g.channels * g.kernel * g.kernel, from + 1),
    b: values(filters, from + 2),
    dy: values(rows * filters * g.outHeight * g.outWidth, from + 3),
  };
}

const magnitude = (c: Convolution): Convolution => ({
  ...c,
  x: absolute(c.x),
  w: absolute(c.w),
  b: absolute(c.b),
  dy: absolute(c.dy),
});

function convolve(kernels: Kernels, c: Convolution, activation: Activation = 'none', withInput = true) {
  const { g, rows, filters } = c;
  const bench = new Workbench(kernels);
  const x = bench.tensor([rows, g.channels, g.height, g.width], c.x);
  const w = bench.tensor([filters, g.channels, g.kernel, g.kernel], c.w);
  const b = bench.tensor([filters], c.b);
  const y = bench.tensor([rows, filters, g.outHeight, g.outWidth]);
  const dy = bench.tensor([rows, filters, g.outHeight, g.outWidth], c.dy);
  const dw = bench.tensor(w.shape);
  const db = bench.tensor([filters]);
  const dx = bench.tensor(x.shape);
  bench.commit();
  kernels.conv2dForward(g, filters, x, w, b, y, rows, activation, 0.3);
  kernels.conv2dBackward(g, filters, x, w, dy, dw, db, withInput ? dx : null, rows);
  bench.check();
  return { y: y.data, dw: dw.data, db: db.data, dx: dx.data };
}

describe.each(allKernels)('convolution, $name', (kernels) => {
  test('forward and backward for any channels, stride, padding and size', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const c = convolutionOf(d);
        const { g } = c;
        const got = convolve(kernels, c);
        const expected = convolve(oracle, c);
        const sizes = convolve(oracle, magnitude(c));
        const taps = g.channels * g.kernel * g.kernel;
        const outputs = c.rows * g.outHeight * g.outWidth;
        const within = (terms: number, size: ArrayLike<number>) => (i: number) =>
          (terms + 4) * ROUNDING * (size[i] ?? 0);
        expectClose(got.y, expected.y, within(taps, sizes.y), 'y');
        expectClose(got.dw, expected.dw, within(outputs, sizes.dw), 'dw');
        expectClose(got.db, expected.db, within(outputs, sizes.db), 'db');
        expectClose(got.dx, expected.dx, within(c.filters * g.kernel * g.kernel, sizes.dx), 'dx');
      }),
      { numRuns: 80 },
    );
  });

  test('an activation in the call equals the separate call to the bit; null dx changes nothing else', () => {
    fc.assert(
      fc.property(drawn, fc.constantFrom<Activation>('relu', 'sigmoid', 'elu'), (d, kind) => {
        const c = convolutionOf(d);
        const plain = convolve(kernels, c);
        const fused = convolve(kernels, c, kind, false);
        expect(fused.dw).toEqual(plain.dw);
        expect(fused.db).toEqual(plain.db);
        expect(fused.dx.every((value) => value === 12345)).toBe(true);
        const bench = new Workbench(kernels);
        const y = bench.tensor([plain.y.length], plain.y);
        bench.commit();
        kernels.activationForward(kind, y, y, y.size, 0.3);
        // The reference rounds once where activation and sum are one expression; the compiled kernels promise the bits.
        if (kernels.name === 'reference') expectClose(fused.y, y.data, (i) => 1e-6 * (1 + Math.abs(y.data[i] ?? 0)));
        else expect(fused.y).toEqual(y.data);
      }),
      { numRuns: 25 },
    );
  });

  test('the same call gives the same bits', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const c = convolutionOf(d);
        expect(convolve(kernels, c)).toEqual(convolve(kernels, c));
      }),
      { numRuns: 10 },
    );
  });
});

function pool(kernels: Kernels, kind: 'max' | 'avg', d: Drawn, input: ArrayLike<number>) {
  const g = geometryOf(d, 0);
  const outputs = d.rows * g.channels * g.outHeight * g.outWidth;
  const bench = new Workbench(kernels);
  const x = bench.tensor([d.rows, g.channels, g.height, g.width], input);
  const y = bench.tensor([outputs]);
  const argmax = bench.ints(new Int32Array(outputs));
  const dy = bench.tensor([outputs], values(outputs, d.from + 7));
  const dx = bench.tensor(x.shape);
  bench.commit();
  if (kind === 'max') {
    kernels.maxPoolForward(g, x, y, argmax, d.rows);
    kernels.maxPoolBackward(g, argmax, dy, dx, d.rows);
  } else {
    kernels.avgPoolForward(g, x, y, d.rows);
    kernels.avgPoolBackward(g, dy, dx, d.rows);
  }
  bench.check();
  return { y: Array.from(y.data), argmax: Array.from(argmax.data), dx: Array.from(dx.data) };
}

describe.each(allKernels)('pooling, $name', (kernels) => {
  const inputOf = (d: Drawn): Float32Array => values(d.rows * d.channels * d.height * d.width, d.from);

  test('max pooling takes the largest value, the first of equals, and sends the gradient back there', () => {
    fc.assert(
      fc.property(drawn, fc.boolean(), (d, ties) => {
        const input = ties ? inputOf(d).map((x) => Math.round(2 * x)) : inputOf(d);
        const got = pool(kernels, 'max', d, input);
        const expected = pool(oracle, 'max', d, input);
        expect(got.y).toEqual(expected.y);
        expect(got.argmax).toEqual(expected.argmax);
        // Where windows overlap, a place may get up to kernel² gradients.
        expectClose(got.dx, expected.dx, d.kernel ** 2 * 2 * ROUNDING);
      }),
      { numRuns: 60 },
    );
  });

  test('a NaN under the window wins', () => {
    const d: Drawn = {
      rows: 1,
      channels: 1,
      filters: 1,
      height: 4,
      width: 36,
      kernel: 2,
      stride: 2,
      padding: 0,
      from: 3,
    };
    for (const place of [0, 1, 36, 37, 35]) {
      const input = inputOf(d);
      input[place] = NaN;
      const got = pool(kernels, 'max', d, input);
      expect(got.y.filter(Number.isNaN)).toHaveLength(1);
      expect(got.argmax.filter((at) => at === place)).toHaveLength(1);
    }
  });

  test('average pooling is the mean, and shares the gradient out', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const got = pool(kernels, 'avg', d, inputOf(d));
        const expected = pool(oracle, 'avg', d, inputOf(d));
        expectClose(got.y, expected.y, (d.kernel ** 2 + 2) * ROUNDING, 'y');
        expectClose(got.dx, expected.dx, (d.kernel ** 2 + 2) * ROUNDING, 'dx');
      }),
      { numRuns: 40 },
    );
  });
});

describe.each(allKernels)('convolution with max pooling, $name', (kernels) => {
  /** The three operations at once, keeping the convolution's output or not, or one after the other. */
  function run(set: Kernels, d: Drawn, activation: Activation, how: 'kept' | 'not kept' | 'apart') {
    const c = convolutionOf(d);
    const { g, rows, filters } = c;
    const kernel = Math.min(2 + (d.from % 2), g.outHeight, g.outWidth);
    const stride = 1 + (d.from % 3);
    const pool: WindowGeometry = {
      channels: filters,
      height: g.outHeight,
      width: g.outWidth,
      kernel,
      stride,
      padding: 0,
      outHeight: windowOutput(g.outHeight, kernel, stride, 0),
      outWidth: windowOutput(g.outWidth, kernel, stride, 0),
    };
    const kept = rows * filters * pool.outHeight * pool.outWidth;
    const bench = new Workbench(set);
    const x = bench.tensor([rows, g.channels, g.height, g.width], c.x);
    const w = bench.tensor([filters, g.channels, g.kernel, g.kernel], c.w);
    const b = bench.tensor([filters], c.b);
    const y = bench.tensor([rows, filters, g.outHeight, g.outWidth]);
    const dy = bench.tensor(y.shape);
    const pooled = bench.tensor([kept]);
    const argmax = bench.ints(new Int32Array(kept));
    const dPooled = bench.tensor([kept], values(kept, d.from + 9));
    const dw = bench.tensor(w.shape);
    const db = bench.tensor([filters]);
    const dx = bench.tensor(x.shape);
    bench.commit();
    let output: number[];
    if (how !== 'apart') {
      const keeps = how === 'kept';
      set.conv2dMaxPoolForward(g, filters, x, w, b, y, pool, pooled, argmax, rows, activation, 0.3, keeps);
      output = Array.from(y.data);
      set.conv2dMaxPoolBackward(g, filters, x, w, y, pool, pooled, argmax, dPooled, dw, db, dx, rows, activation, 0.3);
    } else {
      set.conv2dForward(g, filters, x, w, b, y, rows, activation, 0.3);
      set.maxPoolForward(pool, y, pooled, argmax, rows);
      output = Array.from(y.data);
      set.maxPoolBackward(pool, argmax, dPooled, dy, rows);
      set.activationBackward(activation, y, dy, dy, y.size, 0.3);
      set.conv2dBackward(g, filters, x, w, dy, dw, db, dx, rows);
    }
    bench.check();
    const gradients = { dw: Array.from(dw.data), db: Array.from(db.data), dx: Array.from(dx.data) };
    return { y: output, pooled: Array.from(pooled.data), argmax: Array.from(argmax.data), gradients };
  }

  function compare(d: Drawn, kind: Activation): void {
    const kept = run(kernels, d, kind, 'kept');
    const notKept = run(kernels, d, kind, 'not kept');
    const apart = run(kernels, d, kind, 'apart');
    expect(kept.y).toEqual(apart.y);
    expect(kept.pooled).toEqual(apart.pooled);
    expect(kept.argmax).toEqual(apart.argmax);
    expect({ ...notKept, y: null }).toEqual({ ...kept, y: null });
    // Other sums of the same terms, and slopes before or after the gradients of overlapping windows are added.
    for (const name of ['dw', 'db', 'dx'] as const) {
      const expected = apart.gradients[name];
      const largest = Math.max(...expected.map(Math.abs));
      expectClose(kept.gradients[name], expected, 1e-5 * (1 + largest), name);
    }
  }

  test('gives what the separate calls give', () => {
    fc.assert(fc.property(drawn, fc.constantFrom<Activation>('none', 'relu', 'tanh', 'leaky-relu'), compare), {
      numRuns: 50,
    });
  });

  // Many channels, lines of the window longer than a vector, padding wider than the image's edge, many rows of windows.
  test.each<[string, Partial<Drawn>]>([
    ['channels that are taken in turns', { channels: 23, height: 9, width: 9, kernel: 3, padding: 1 }],
    ['a large window', { channels: 2, height: 21, width: 24, kernel: 11, padding: 5 }],
    ['a window of nine', { channels: 1, height: 30, width: 31, kernel: 9, padding: 4 }],
    ['a wide image', { channels: 1, height: 12, width: 500, kernel: 5, padding: 2 }],
    ['a stride', { channels: 3, height: 33, width: 33, kernel: 3, stride: 2, padding: 1 }],
  ])('%s', (_what, part) => {
    for (const from of [1, 2, 3, 4, 5, 6]) {
      const d: Drawn = {
        rows: 2,
        channels: 1,
        filters: 3,
        height: 1,
        width: 1,
        kernel: 1,
        stride: 1,
        padding: 0,
        from,
      };
      compare({ ...d, ...part }, 'relu');
    }
  });
});
