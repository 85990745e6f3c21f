/** Where the step slider may stand: steps that have a stored frame, or every step when there are none. */

/** The stored step nearest to `step`; `step` itself, rounded, without stored ones. `stops` ascend. */
export function nearestStop(stops: readonly number[], step: number): number {
  const above = firstAtLeast(stops, step);
  const high = stops[above];
  const low = stops[above - 1];
  if (high === undefined) return low ?? Math.round(step);
  if (low === undefined) return high;
  return step - low < high - step ? low : high;
}

/** The stop `by` places after (or, negative, before) the one at or next to `step`, kept inside the list. */
export function stopBeside(stops: readonly number[], step: number, by: number): number {
  if (stops.length === 0) return Math.round(step) + by;
  const at = firstAtLeast(stops, step);
  const exact = stops[at] === step;
  const start = by < 0 || exact ? at : at - 1;
  const index = Math.min(stops.length - 1, Math.max(0, start + by));
  return stops[index] ?? step;
}

/** Index of the first stop that is at least `step`; the length when there is none. */
function firstAtLeast(stops: readonly number[], step: number): number {
  let low = 0;
  let high = stops.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((stops[middle] ?? Infinity) < step) low = middle + 1;
    else high = middle;
  }
  return low;
}
