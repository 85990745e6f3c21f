/** Comparing arrays of numbers, with a message that says where they part. */

/** |got − expected| <= tolerance·(|expected| + floor); the reference runs use a floor of 0.01. */
export interface Tolerance {
  readonly relative: number;
  readonly floor: number;
}

/** null when every pair is close, else the worst one in words. Lengths must agree; NaN is close to nothing. */
export function difference(got: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): string | null {
  if (got.length !== expected.length) return `expected ${expected.length} values, got ${got.length}`;
  let worst = 1;
  let message: string | null = null;
  for (let i = 0; i < expected.length; i++) {
    const allowed = tolerance.relative * (Math.abs(expected[i]!) + tolerance.floor);
    const ratio = Math.abs(got[i]! - expected[i]!) / allowed;
    if (!(ratio <= worst)) {
      worst = ratio;
      message = `at ${i}: expected ${expected[i]}, got ${got[i]} (${ratio.toPrecision(3)} times the tolerance)`;
      if (Number.isNaN(ratio)) return message;
    }
  }
  return message;
}
