/** What the kernel tests share: every set of kernels that loads here, tensors with guards around them, tolerances. */

import * as fc from 'fast-check';
import { loadAllKernels } from '../../../electron/workers/load-kernels.ts';
import type { Arena, Kernels } from '../../../engine/kernels/kernels.ts';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import type { IntTensor, Tensor } from '../../../engine/math/tensor.ts';

/** Float32 kernels, slowest first: reference, wasm, and the native ones this CPU has. */
export const allKernels: readonly Kernels[] = loadAllKernels();
/** The kernels compiled from C. */
export const compiledKernels: readonly Kernels[] = allKernels.filter(({ name }) => name !== 'reference');
export const oracle: Kernels = createReferenceKernels('float64');

/** Half a unit in the last place of 1: the largest relative error of one rounding to float32. */
export const ROUNDING = 2 ** -24;

/** Sizes around the tiles' and vectors' edges: 4, 6, 8, 12, 16, 48 and their sums. */
const EDGES = [
  1, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 23, 24, 25, 31, 32, 33, 47, 48, 49, 50, 63, 64, 65, 96, 97,
];
export const size = (max: number): fc.Arbitrary<number> =>
  fc.oneof(fc.integer({ min: 1, max }), fc.constantFrom(...EDGES.filter((n) => n <= max)));
export const seed = fc.integer({ min: 1, max: 2 ** 30 });

/** A small generator of test values; float32 numbers in [low, high). */
export function values(count: number, from: number, low = -1, high = 1): Float32Array {
  let state = from;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return low + ((high - low) * (state >>> 8)) / 2 ** 24;
  });
}

/** NaN, so that a kernel that lets what lies beyond a tensor into its sums is found out too. */
const GUARD = NaN;
const GUARD_SIZE = 16;

/** An arena whose tensors have guards behind them. `check` throws when a kernel wrote where it must not. */
export class Workbench {
  readonly kernels: Kernels;
  readonly #arena: Arena;
  readonly #guards: Tensor[] = [];
  readonly #fills: (() => void)[] = [];

  constructor(kernels: Kernels) {
    this.kernels = kernels;
    this.#arena = kernels.createArena();
  }

  /** A tensor of the given shape, holding `data`, or a number that no test expects. */
  tensor(shape: readonly number[], data: ArrayLike<number> | null = null): Tensor {
    const tensor = this.#arena.tensor(shape);
    const guard = this.#arena.tensor([GUARD_SIZE]);
    this.#guards.push(guard);
    this.#fills.push(() => {
      if (data === null) tensor.data.fill(12345);
      else tensor.data.set(data);
      guard.data.fill(GUARD);
    });
    return tensor;
  }

  ints(data: ArrayLike<number>): IntTensor {
    const tensor = this.#arena.ints(data.length);
    this.#fills.push(() => tensor.data.set(data));
    return tensor;
  }

  get arena(): Arena {
    return this.#arena;
  }

  commit(): this {
    this.#arena.commit();
    for (const fill of this.#fills) fill();
    return this;
  }

  check(): void {
    for (const tensor of this.#guards) {
      if (!tensor.data.every(Number.isNaN)) throw new Error('a kernel wrote past its tensor');
    }
  }
}

/** |got − expected| <= tolerance everywhere; `tolerance` may be one number or one a value. Names the first that is not. */
export function expectClose(
  got: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number | ((i: number) => number),
  what = 'value',
): void {
  if (got.length !== expected.length) throw new Error(`${what}: ${got.length} values, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const a = got[i] ?? NaN;
    const b = expected[i] ?? NaN;
    const allowed = typeof tolerance === 'number' ? tolerance : tolerance(i);
    if (Object.is(a, b) || Math.abs(a - b) <= allowed) continue;
    throw new Error(`${what} ${i}: got ${a}, expected ${b} within ${allowed}`);
  }
}

export function absolute(data: ArrayLike<number>): Float64Array {
  return Float64Array.from(data, Math.abs);
}
