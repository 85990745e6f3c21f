/** Trees small enough to grow by hand. */

import { describe, expect, it } from 'vitest';
import { growTree, type Column } from '../../../../engine/sweep/analysis/tree.ts';

const ones = (count: number): Uint16Array => new Uint16Array(count).fill(1);

describe('growTree', () => {
  // Distinct positions 0.1, 0.2, 0.6, 0.9. Scores 0, 0 | 6, 9: the first cut is between 0.2 and 0.6.
  const interval: Column = {
    kind: 'interval',
    ranks: Int32Array.of(0, 1, 2, 3),
    edges: Float64Array.of(0, 0.15, 0.4, 0.75, 1),
    order: Int32Array.of(0, 1, 2, 3),
    categories: 0,
  };
  const scores = Float64Array.of(0, 0, 6, 9);

  it('cuts where most squared error goes, and stops at the smallest leaf', () => {
    const { leaves, predict } = growTree({ columns: [interval], scores, weights: ones(4), minLeaf: 2 });
    expect(leaves).toEqual([
      { value: 0, sides: [{ from: 0, to: 2 }] },
      { value: 7.5, sides: [{ from: 2, to: 4 }] },
    ]);
    expect([0, 1, 2, 3].map(predict)).toEqual([0, 0, 7.5, 7.5]);
  });

  it('counts a row as often as the sample holds it, and predicts for rows outside of it', () => {
    const weights = Uint16Array.of(1, 1, 3, 0);
    const { leaves, predict } = growTree({ columns: [interval], scores, weights, minLeaf: 1 });
    // Rows of rank 2 and 3 are one leaf: between 0.2 and 0.6 there is one edge to cut at.
    expect(leaves.map(({ value }) => value)).toEqual([0, 6]);
    expect(predict(3)).toBe(6);
  });

  it('does not cut what is constant', () => {
    const flat = new Float64Array(4).fill(0.1);
    expect(growTree({ columns: [interval], scores: flat, weights: ones(4), minLeaf: 1 }).leaves).toHaveLength(1);
  });

  it('groups categories by their means, whatever their order', () => {
    const choice: Column = {
      kind: 'categories',
      ranks: Int32Array.of(0, 1, 2, 3),
      edges: new Float64Array(),
      order: Int32Array.of(0, 1, 2, 3),
      categories: 5,
    };
    const mixed = Float64Array.of(5, 0, 5, 0);
    const { leaves } = growTree({ columns: [choice], scores: mixed, weights: ones(4), minLeaf: 2 });
    // Category 4 was never seen: it goes with the larger side, the first of equal ones.
    expect(leaves).toEqual([
      { value: 0, sides: [Uint8Array.of(0, 1, 0, 1, 1)] },
      { value: 5, sides: [Uint8Array.of(1, 0, 1, 0, 0)] },
    ]);
  });
});
