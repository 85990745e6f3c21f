import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allKernels, seed, size, values, Workbench } from './support.ts';
import type { Kernels } from '../../../engine/kernels/kernels.ts';
import { dropoutBits, dropoutThreshold } from '../../../engine/math/hash.ts';
import { RowSource } from '../../../engine/math/tensor.ts';

interface Drawn {
  readonly rows: number;
  readonly width: number;
  readonly bytes: boolean;
  readonly scaled: boolean;
  readonly shifted: boolean;
  readonly from: number;
}
const drawn: fc.Arbitrary<Drawn> = fc.record({
  rows: size(30),
  width: size(100),
  bytes: fc.boolean(),
  scaled: fc.boolean(),
  shifted: fc.boolean(),
  from: seed,
});

const SOURCE_ROWS = 20;

function sourceOf({ width, bytes, scaled, shifted, from }: Drawn): RowSource {
  const numbers = values(SOURCE_ROWS * width, from, 0, 256);
  return new RowSource(
    bytes ? Uint8Array.from(numbers) : numbers,
    width,
    scaled ? values(width, from + 1) : null,
    shifted ? values(width, from + 2) : null,
  );
}

function gather(kernels: Kernels, d: Drawn): number[] {
  const bench = new Workbench(kernels);
  const source = bench.arena.rows(sourceOf(d));
  const indices = bench.ints(Array.from(values(d.rows + 3, d.from + 3, 0, SOURCE_ROWS), Math.floor));
  const out = bench.tensor([d.rows + 1, d.width]);
  bench.commit();
  kernels.gatherRows(source, indices, 3, d.rows, out);
  bench.check();
  return Array.from(out.data);
}

describe.each(allKernels)('gathering rows, $name', (kernels) => {
  test('gives value·scale + shift, each rounded to float32: the same bits in every kernel', () => {
    fc.assert(
      fc.property(drawn, (d) => {
        const { data, scale, shift } = sourceOf(d);
        const indices = Array.from(values(d.rows + 3, d.from + 3, 0, SOURCE_ROWS), Math.floor);
        const expected = Array.from({ length: d.rows * d.width }, (_, i) => {
          const j = i % d.width;
          let value = data[(indices[3 + Math.floor(i / d.width)] ?? 0) * d.width + j] ?? 0;
          if (scale !== null) value = Math.fround(value * (scale[j] ?? 0));
          if (shift !== null) value = Math.fround(value + (shift[j] ?? 0));
          return value;
        });
        expect(gather(kernels, d)).toEqual([...expected, ...Array<number>(d.width).fill(12345)]);
      }),
      { numRuns: 60 },
    );
  });
});

test.each(allKernels)('rows announced change no result, whichever they are, $name', (kernels) => {
  const multiply = (announced: readonly number[]): number[] => {
    const bench = new Workbench(kernels);
    const source = bench.arena.rows(new RowSource(values(SOURCE_ROWS * 300, 1), 300));
    const indices = bench.ints(announced);
    const x = bench.tensor([17, 300], values(17 * 300, 2));
    const w = bench.tensor([300, 52], values(300 * 52, 3));
    const b = bench.tensor([52], values(52, 4));
    const y = bench.tensor([17, 52]);
    bench.commit();
    kernels.expectRows(source, indices, 0, announced.length);
    kernels.affineForward(x, w, b, y, 17, 'relu', 0);
    bench.check();
    return Array.from(y.data);
  };
  const expected = multiply([]);
  expect(multiply([3, 0, 19])).toEqual(expected);
  expect(multiply([-1, 2, SOURCE_ROWS, 2 ** 31 - 1, -(2 ** 31)])).toEqual(expected);
  expect(multiply(Array.from({ length: 3000 }, (_, i) => i % SOURCE_ROWS))).toEqual(expected);
});

describe.each(allKernels.filter(({ name }) => name !== 'reference'))('bad arguments, $name', (kernels) => {
  test.each([-1, SOURCE_ROWS, 2 ** 31 - 1])('row %i does not exist', (index) => {
    const bench = new Workbench(kernels);
    const source = bench.arena.rows(new RowSource(new Float32Array(SOURCE_ROWS * 5), 5));
    const indices = bench.ints([0, index]);
    const out = bench.tensor([2, 5]);
    bench.commit();
    expect(() => kernels.gatherRows(source, indices, 0, 2, out)).toThrow(
      new RangeError(`gatherRows: row ${index} of ${SOURCE_ROWS} asked for`),
    );
  });

  test('a tensor that is too small, uncommitted or of another arena is refused', () => {
    const bench = new Workbench(kernels);
    const x = bench.tensor([10]);
    const y = bench.tensor([9]);
    expect(() => kernels.activationForward('relu', x, y, 9, 0)).toThrow(/commit/);
    bench.commit();
    expect(() => kernels.activationForward('relu', x, y, 10, 0)).toThrow(/at least 10 values, got 9/);
    if (kernels.name !== 'wasm') return;
    const other = new Workbench(kernels);
    const z = other.tensor([10]);
    other.commit();
    expect(() => kernels.activationForward('relu', x, z, 9, 0)).toThrow(/one arena/);
  });

  test('a label that is no class gives NaN, and writes nowhere', () => {
    const bench = new Workbench(kernels);
    const logits = bench.tensor([1, 3], [1, 2, 3]);
    const gradient = bench.tensor([1, 3]);
    const labels = bench.ints([1_000_000]);
    const correct = bench.ints([0]);
    bench.commit();
    expect(kernels.softmaxCrossEntropy(logits, labels, gradient, correct, 1, 3, 0)).toBeNaN();
    bench.check();
  });
});

describe.each(allKernels)('dropout, $name', (kernels) => {
  test('keeps what the hash keeps, to the bit, in place too', () => {
    fc.assert(
      fc.property(
        size(300),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.nat(),
        fc.nat(),
        (count, rate, low, high) => {
          const input = values(count, low + 1, 1, 2);
          const keyLow = (low * 3) >>> 0;
          const keyHigh = (high * 5) >>> 0;
          const bench = new Workbench(kernels);
          const x = bench.tensor([count], input);
          const y = bench.tensor([count]);
          bench.commit();
          kernels.dropout(x, y, count, rate, 2, keyLow, keyHigh);
          const expected = Array.from(input, (value, i) =>
            dropoutBits(i, keyLow, keyHigh) < dropoutThreshold(rate) ? 0 : value * 2,
          );
          expect(Array.from(y.data)).toEqual(expected);
          kernels.dropout(x, x, count, rate, 2, keyLow, keyHigh);
          expect(Array.from(x.data)).toEqual(expected);
          bench.check();
        },
      ),
      { numRuns: 60 },
    );
  });
});
