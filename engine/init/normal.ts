import type { Rng } from '../math/rng.ts';

/** w ~ N(0, std²), book section 6.2. */
export function normal(rng: Rng, std: number): number {
  return std * rng.normal();
}
