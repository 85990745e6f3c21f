/** Matrix products at the networks' shapes, each checked against plain loops before it is timed. */

import type { Kernels } from '../../../engine/kernels/kernels.ts';
import { mix32 } from '../../../engine/math/hash.ts';
import type { Tensor } from '../../../engine/math/tensor.ts';
import type { PRODUCTS, ProductKind } from './figures.ts';

export interface Product {
  readonly runs: Readonly<Record<ProductKind, () => void>>;
  /** Throws when a result differs from plain loops by more than rounding. */
  check(): void;
}

export function createProduct(kernels: Kernels, { rows, inputs, units }: (typeof PRODUCTS)[number]): Product {
  const arena = kernels.createArena();
  const x = arena.tensor([rows, inputs]);
  const w = arena.tensor([inputs, units]);
  const b = arena.tensor([units]);
  const y = arena.tensor([rows, units]);
  const dy = arena.tensor([rows, units]);
  const dw = arena.tensor([inputs, units]);
  const db = arena.tensor([units]);
  const dx = arena.tensor([rows, inputs]);
  arena.commit();
  for (const [n, tensor] of [x, w, dy].entries()) {
    for (let i = 0; i < tensor.size; i++) tensor.data[i] = mix32(i + 1_000_000 * n) / 4294967296 - 0.5;
  }
  const runs = {
    forward: () => kernels.affineForward(x, w, b, y, rows, 'none', 0),
    weights: () => kernels.affineBackward(x, w, dy, dw, db, null, rows),
    backward: () => kernels.affineBackward(x, w, dy, dw, db, dx, rows),
  };
  const compare = (what: string, got: Tensor, terms: number, expected: (i: number, j: number) => number): void => {
    const [height = 0, width = 0] = got.shape;
    // Terms are below 1/4, their sum's error below half a unit in the last place each.
    const allowed = (terms * terms * 2 ** -24) / 4;
    for (let i = 0; i < height; i++) {
      for (let j = 0; j < width; j++) {
        const value = got.data[i * width + j] ?? NaN;
        const error = Math.abs(value - expected(i, j));
        if (!(error <= allowed))
          throw new Error(`bench: ${kernels.description}: ${what}[${i}, ${j}] is off by ${error}`);
      }
    }
  };
  const sum = (terms: number, term: (k: number) => number): number => {
    let total = 0;
    for (let k = 0; k < terms; k++) total += term(k);
    return total;
  };
  const at = (t: Tensor, i: number, j: number): number => t.data[i * (t.shape[1] ?? 0) + j] ?? NaN;
  return {
    runs,
    check() {
      runs.forward();
      runs.backward();
      compare('y', y, inputs, (i, j) => sum(inputs, (k) => at(x, i, k) * at(w, k, j)));
      compare('dw', dw, rows, (i, j) => sum(rows, (k) => at(x, k, i) * at(dy, k, j)));
      compare('dx', dx, units, (i, j) => sum(units, (k) => at(dy, i, k) * at(w, j, k)));
    },
  };
}
