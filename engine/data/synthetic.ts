/** The synthetic sets: small problems in the plane that show what a network can and cannot separate. */

import { Rng } from '../math/rng.ts';
import { BUILT_IN_DATA } from '../spec/built-in-data.ts';
import type { DataSet } from './dataset.ts';

export const SYNTHETIC_SOURCES = ['xor', 'spiral', 'moons', 'circles'] as const;
export type SyntheticSource = (typeof SYNTHETIC_SOURCES)[number];

type Point = readonly [x: number, y: number];
/** A point of class `label`, the i-th of n in its class. */
type Draw = (label: number, i: number, n: number, rng: Rng) => Point;

const DRAW: Readonly<Record<SyntheticSource, Draw>> = {
  /** Class 1 where the signs of x and y differ. A gap of 0.1 round the axes; both coordinates within ±1. */
  xor: (label, i, _n, rng) => {
    const x = (i % 2 === 0 ? 1 : -1) * (0.05 + 0.95 * rng.uniform());
    const y = (0.05 + 0.95 * rng.uniform()) * Math.sign(x) * (label === 0 ? 1 : -1);
    return [x, y];
  },
  /** Arm j: radius r from 0 to 1, angle 4j + 4r + 0.2·N(0, 1), as the spiral of "Deep Learning from Scratch 2". */
  spiral: (label, i, n, rng) => {
    const radius = i / n;
    const angle = 4 * label + 4 * radius + 0.2 * rng.normal();
    return [radius * Math.sin(angle), radius * Math.cos(angle)];
  },
  /** Half circles of radius 1, the second upside down and shifted by (1, 0.5); noise 0.1·N(0, 1). */
  moons: (label, i, n, rng) => {
    const angle = (Math.PI * i) / (n - 1);
    const x = label === 0 ? Math.cos(angle) : 1 - Math.cos(angle);
    const y = label === 0 ? Math.sin(angle) : 0.5 - Math.sin(angle);
    return [x + 0.1 * rng.normal(), y + 0.1 * rng.normal()];
  },
  /** Circles of radius 1 and 0.5; noise 0.08·N(0, 1). */
  circles: (label, i, n, rng) => {
    const angle = (2 * Math.PI * i) / n;
    const radius = label === 0 ? 1 : 0.5;
    return [radius * Math.cos(angle) + 0.08 * rng.normal(), radius * Math.sin(angle) + 0.08 * rng.normal()];
  },
};

export function isSynthetic(source: unknown): source is SyntheticSource {
  return (SYNTHETIC_SOURCES as readonly unknown[]).includes(source);
}

/** The set of a seed (a uint32): the same numbers every time, classes one after the other, equally many of each. */
export function syntheticDataSet(source: SyntheticSource, seed: number): DataSet {
  const { rows, shape, outputNames, featureNames } = BUILT_IN_DATA[source];
  const rng = Rng.stream(seed, `data:${source}`);
  const perClass = rows / shape.outputs;
  const x = new Float32Array(rows * 2);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const label = Math.floor(row / perClass);
    labels[row] = label;
    x.set(DRAW[source](label, row % perClass, perClass, rng), row * 2);
  }
  return { shape, x, rows, labels, targets: null, outputNames, featureNames, testFrom: rows, maximum: null };
}
