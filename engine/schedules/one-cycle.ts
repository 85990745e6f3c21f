import type { Schedule } from './schedule.ts';

/**
 * Smith & Topin 2018, with cosine in both phases: up from maxLr/divFactor to maxLr over the first `pctStart` of the
 * steps, then down to maxLr/divFactor/finalDivFactor, reached with the last step. The optimizer's own lr is not used.
 *   peak = pctStart·total − 1, blend(a, b, p) = b + (a − b)/2·(1 + cos(π·p))
 *   t <= peak: lr(t) = blend(first, maxLr, t/peak)
 *   else       lr(t) = blend(maxLr, last, (t − peak)/(total − 1 − peak))
 */
export function oneCycleSchedule(
  maxLr: number,
  pctStart: number,
  divFactor: number,
  finalDivFactor: number,
  total: number,
): Schedule {
  const first = maxLr / divFactor;
  const last = first / finalDivFactor;
  const peak = Math.max(0, pctStart * total - 1);
  const blend = (a: number, b: number, p: number): number => b + ((a - b) / 2) * (1 + Math.cos(Math.PI * p));
  return (t) => {
    if (t <= peak && peak > 0) return blend(first, maxLr, t / peak);
    const down = total - 1 - peak;
    return down > 0 ? blend(maxLr, last, (t - peak) / down) : maxLr;
  };
}
