import { describe, expect, it } from 'vitest';
import { SYNTHETIC_SOURCES, syntheticDataSet } from '../../../engine/data/synthetic.ts';
import { BUILT_IN_DATA } from '../../../engine/spec/built-in-data.ts';

describe('syntheticDataSet', () => {
  it.each(SYNTHETIC_SOURCES)('%s: the same seed gives the same numbers, another seed others', (source) => {
    const set = syntheticDataSet(source, 3);
    expect(set.x).toEqual(syntheticDataSet(source, 3).x);
    expect(set.x).not.toEqual(syntheticDataSet(source, 4).x);
    expect(set.x.every(Number.isFinite)).toBe(true);
    expect(set.rows).toBe(BUILT_IN_DATA[source].rows);
    expect(set.shape).toEqual(BUILT_IN_DATA[source].shape);
  });

  it.each(SYNTHETIC_SOURCES)('%s: has equally many rows of each class', (source) => {
    const { labels, rows, shape } = syntheticDataSet(source, 0);
    for (let c = 0; c < shape.outputs; c++) {
      expect(labels?.filter((label) => label === c).length).toBe(rows / shape.outputs);
    }
  });

  it('xor: class 1 is where the signs differ, all four quadrants are equally full', () => {
    const { x, labels, rows } = syntheticDataSet('xor', 0);
    const quadrants = [0, 0, 0, 0];
    for (let row = 0; row < rows; row++) {
      const [a = 0, b = 0] = x.subarray(row * 2, row * 2 + 2);
      expect(labels?.[row]).toBe(a > 0 === b > 0 ? 0 : 1);
      const quadrant = (a > 0 ? 1 : 0) + (b > 0 ? 2 : 0);
      quadrants[quadrant] = (quadrants[quadrant] ?? 0) + 1;
    }
    expect(quadrants).toEqual([100, 100, 100, 100]);
  });

  it('circles: radius tells the classes apart', () => {
    const { x, labels, rows } = syntheticDataSet('circles', 0);
    const radii = [0, 0];
    for (let row = 0; row < rows; row++) {
      const label = labels?.[row] ?? 0;
      radii[label] = (radii[label] ?? 0) + Math.hypot(x[row * 2] ?? 0, x[row * 2 + 1] ?? 0) / (rows / 2);
    }
    expect(radii[0]).toBeCloseTo(1, 1);
    expect(radii[1]).toBeCloseTo(0.5, 1);
  });
});
