import { describe, expect, test } from 'vitest';
import { createSchedule } from '../../../engine/schedules/create-schedule.ts';
import { scheduleSchema } from '../../../engine/spec/layer-spec.ts';

const rates = (spec: object, lr: number, total: number): number[] => {
  const schedule = createSchedule(scheduleSchema.parse(spec), lr, total);
  return Array.from({ length: total }, (_, t) => schedule(t));
};
const close = (got: number[], expected: number[]): void => {
  expect(got).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(got[i]).toBeCloseTo(value, 12);
};

describe('schedules', () => {
  test('constant', () => {
    expect(rates({ type: 'constant' }, 0.3, 3)).toEqual([0.3, 0.3, 0.3]);
  });

  test('exponential: lr·γ^t', () => {
    close(rates({ type: 'exponential', gamma: 0.5 }, 8, 4), [8, 4, 2, 1]);
  });

  test('step: lr·γ^⌊t/every⌋', () => {
    close(rates({ type: 'step', gamma: 0.1, every: 2 }, 1, 5), [1, 1, 0.1, 0.1, 0.01]);
  });

  test('warm-up with cosine: full rate at the end of the warm-up, half-way between lr and min in the middle', () => {
    close(rates({ type: 'warmup-cosine', warmup: 2, min: 0.2 }, 1, 6), [
      0.5,
      1,
      1,
      0.2 + 0.4 * (1 + Math.SQRT1_2),
      0.6,
      0.2 + 0.4 * (1 - Math.SQRT1_2),
    ]);
  });

  test('warm-up longer than the run never divides by nothing', () => {
    close(rates({ type: 'warmup-cosine', warmup: 10 }, 1, 3), [0.1, 0.2, 0.3]);
    close(rates({ type: 'warmup-cosine', warmup: 0 }, 1, 1), [1]);
  });

  test('one-cycle: maxLr/25 first, maxLr at the peak, first/10000 last', () => {
    const got = rates({ type: 'one-cycle', maxLr: 1, pctStart: 0.5 }, 99, 10);
    expect(got[0]).toBeCloseTo(0.04, 12);
    expect(got[4]).toBeCloseTo(1, 12);
    expect(got[2]).toBeCloseTo(0.52, 12);
    expect(got[9]).toBeCloseTo(0.04 / 1e4, 12);
    expect(got.every((lr) => lr > 0 && lr <= 1)).toBe(true);
  });

  test.each([
    [0, 5],
    [1, 5],
    [0.3, 1],
    [0.3, 2],
  ])('one-cycle with pctStart %d over %d steps stays finite', (pctStart, total) => {
    const got = rates({ type: 'one-cycle', maxLr: 1, pctStart }, 1, total);
    expect(got.every((lr) => Number.isFinite(lr) && lr > 0 && lr <= 1)).toBe(true);
  });
});
