import { expect, test } from 'vitest';
import { canPan, pannedBy, zoomedBy } from '../../../renderer/charts/zoom-range.ts';

const all = { min: 0, max: 100 };

test('what is pointed at stays where it is', () => {
  expect(zoomedBy(all, 0.5, 20, all)).toEqual({ min: 10, max: 60 });
  expect(zoomedBy({ min: 10, max: 60 }, 0.5, 60, all)).toEqual({ min: 35, max: 60 });
});

test('zooming out stops at the ends, and at the end shows everything', () => {
  expect(zoomedBy({ min: 0, max: 20 }, 2, 10, all)).toEqual({ min: 0, max: 40 });
  expect(zoomedBy({ min: 80, max: 100 }, 2, 90, all)).toEqual({ min: 60, max: 100 });
  expect(zoomedBy({ min: 20, max: 80 }, 2, 50, all)).toBeNull();
});

test('panning keeps the width and stops at the ends', () => {
  expect(pannedBy({ min: 20, max: 40 }, 15, all)).toEqual({ min: 35, max: 55 });
  expect(pannedBy({ min: 20, max: 40 }, 1000, all)).toEqual({ min: 80, max: 100 });
  expect(pannedBy({ min: 20, max: 40 }, -1000, all)).toEqual({ min: 0, max: 20 });
  expect(canPan({ min: 0, max: 99 }, all)).toBe(true);
  expect(canPan(all, all)).toBe(false);
});
