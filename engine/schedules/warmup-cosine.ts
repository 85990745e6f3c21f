import type { Schedule } from './schedule.ts';

/**
 * A straight warm-up, then half a cosine down to `min` (Goyal et al. 2017; Loshchilov & Hutter 2017, one cycle).
 *   t < warmup: lr(t) = lr·(t + 1)/warmup
 *   else        lr(t) = min + (lr − min)/2·(1 + cos(π·(t − warmup)/max(1, total − warmup)))
 */
export function warmupCosineSchedule(lr: number, warmup: number, min: number, total: number): Schedule {
  const length = Math.max(1, total - warmup);
  return (t) =>
    t < warmup ? (lr * (t + 1)) / warmup : min + ((lr - min) / 2) * (1 + Math.cos((Math.PI * (t - warmup)) / length));
}
