/** The stretch of the axis that is shown after zooming or panning. Pure. */

import type { Range } from './ticks.ts';

/** Scales the range around a place that stays where it is. null: everything is shown again. */
export function zoomedBy(range: Range, factor: number, at: number, all: Range): Range | null {
  const centre = Math.min(range.max, Math.max(range.min, at));
  const wide = { min: centre - (centre - range.min) * factor, max: centre + (range.max - centre) * factor };
  if (wide.max - wide.min >= all.max - all.min) return null;
  return inside(wide, all);
}

/** Moves the range along the axis, never beyond its ends. */
export function pannedBy(range: Range, by: number, all: Range): Range {
  return inside({ min: range.min + by, max: range.max + by }, all);
}

/** True when there is something beside the range to pan to. */
export function canPan(range: Range, all: Range): boolean {
  return range.max - range.min < (all.max - all.min) * (1 - 1e-9);
}

function inside(range: Range, all: Range): Range {
  const over = Math.max(0, range.max - all.max);
  const under = Math.max(0, all.min - (range.min - over));
  return { min: range.min - over + under, max: Math.min(all.max, range.max - over + under) };
}
