/** A line through the origin by least squares: y = w·x. */

export type Point = readonly [x: number, y: number];

/** J(w) = ½·mean((w·x − y)²) */
export function lineLoss(points: readonly Point[], w: number): number {
  return points.reduce((total, [x, y]) => total + (w * x - y) ** 2, 0) / (2 * points.length);
}

/** Where J is least: w = Σ x·y/Σ x² */
export function bestSlope(points: readonly Point[]): number {
  const products = points.reduce((total, [x, y]) => total + x * y, 0);
  const squares = points.reduce((total, [x]) => total + x * x, 0);
  return products / squares;
}
