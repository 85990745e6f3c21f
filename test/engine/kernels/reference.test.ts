/** The reference kernels' memory; what they compute is checked by the shared suite and by hand in test/engine/layers. */

import { describe, expect, test } from 'vitest';
import { createReferenceKernels } from '../../../engine/kernels/reference.ts';
import { RowSource } from '../../../engine/math/tensor.ts';

describe.each(['float32', 'float64'] as const)('%s', (dtype) => {
  const kernels = createReferenceKernels(dtype);

  test('tensors have no memory before commit, and nothing can be reserved after it', () => {
    const arena = kernels.createArena();
    const tensor = arena.tensor([2, 3]);
    const ints = arena.ints(5);
    expect(() => tensor.data).toThrow(/before its arena was committed/);
    arena.commit();
    expect(tensor.data).toBeInstanceOf(dtype === 'float32' ? Float32Array : Float64Array);
    expect([tensor.data.length, ints.data.length]).toEqual([6, 5]);
    expect(arena.byteLength).toBe(6 * (dtype === 'float32' ? 4 : 8) + 5 * 4);
    expect(() => arena.tensor([1])).toThrow(/after commit/);
    expect(() => arena.commit()).toThrow(/after commit/);
    expect(() => kernels.createArena().tensor([1.5])).toThrow(RangeError);
  });

  test('rows are scaled and shifted in float32, product first, in any precision', () => {
    const arena = kernels.createArena();
    const scale = Float32Array.of(1 / 255, 0.1);
    const shift = Float32Array.of(-0.3, 7);
    const source = arena.rows(new RowSource(Uint8Array.of(3, 5, 250, 17), 2, scale, shift));
    const out = arena.tensor([2, 2]);
    const indices = arena.ints(3);
    arena.commit();
    indices.data.set([0, 1, 0]);
    kernels.gatherRows(source, indices, 1, 2, out);
    const expected = [250, 17, 3, 5].map((byte, i) => {
      return Math.fround(Math.fround(byte * scale[i % 2]!) + shift[i % 2]!);
    });
    expect(Array.from(out.data)).toEqual(expected);
  });
});
