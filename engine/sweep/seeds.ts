/** Where a sweep's random numbers come from: every one is a function of the sweep's seed and the trial's place alone. */

import { mix32 } from '../math/hash.ts';
import { Rng } from '../math/rng.ts';

/** Seed of a trial's run: a hash of the sweep's seed, the trial's number and the repeat, a uint32. */
export function runSeed(sweepSeed: number, trial: number, repeat: number): number {
  return mix32((mix32((mix32(sweepSeed) ^ trial) >>> 0) + Math.imul(repeat + 1, 0x9e3779b9)) >>> 0);
}

/**
 * A generator for one purpose ("optimizer.lr", say) at one place of the sampler's sequence. No state is carried from
 * trial to trial, so nothing has to be saved, and a parameter added to the space leaves the draws of the others alone.
 */
export function drawing(sweepSeed: number, place: number, purpose: string): Rng {
  return Rng.stream(mix32((mix32(sweepSeed) + place) >>> 0), `sweep ${purpose}`);
}
