import { describe, expect, test } from 'vitest';
import { initialize } from '../../../engine/init/initialize.ts';
import { Rng } from '../../../engine/math/rng.ts';
import type { InitSpec } from '../../../engine/spec/layer-spec.ts';

function draw(spec: InitSpec, size = 40_000, fanIn = 50, fanOut = 30): Float32Array {
  const values = new Float32Array(size);
  initialize(values, spec, fanIn, fanOut, Rng.stream(1, 'init'));
  return values;
}
const std = (values: Float32Array): number => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe('initial values', () => {
  test.each<[InitSpec, number]>([
    ['xavier', 1 / Math.sqrt(50)],
    ['he', Math.sqrt(2 / 50)],
    ['glorot', Math.sqrt(2 / 80)],
    [{ normal: 0.01 }, 0.01],
  ])('%j has its standard deviation and mean 0', (spec, expected) => {
    const values = draw(spec);
    expect(Math.abs(std(values) / expected - 1)).toBeLessThan(0.02);
    expect(Math.abs(values.reduce((sum, v) => sum + v, 0) / values.length)).toBeLessThan(expected / 40);
  });

  test('zeros and constant fill', () => {
    expect(new Set(draw('zeros', 10))).toEqual(new Set([0]));
    expect(new Set(draw({ constant: 0.1 }, 10))).toEqual(new Set([Math.fround(0.1)]));
  });

  test('two initialisations of one stream differ by their scale only', () => {
    const he = draw('he', 100);
    const xavier = draw('xavier', 100);
    for (const [i, value] of he.entries()) expect(value / xavier[i]!).toBeCloseTo(Math.SQRT2, 5);
  });

  test('float64 memory gets the same float32 values', () => {
    const wide = new Float64Array(20);
    initialize(wide, 'he', 50, 30, Rng.stream(1, 'init'));
    expect(Array.from(wide)).toEqual(Array.from(draw('he', 20)));
  });
});
