/** How often a page whose process died is loaded again. */

/** A page that dies more often than this within the time stays away. */
const RELOADS = { most: 3, withinMs: 60_000 } as const;

/** Counts the reloads of the last minute. */
export class ReloadPolicy {
  #times: number[] = [];

  /** True, and counted, when one more reload is allowed at `now` (milliseconds). */
  mayReload(now: number): boolean {
    this.#times = this.#times.filter((time) => now - time < RELOADS.withinMs);
    if (this.#times.length >= RELOADS.most) return false;
    this.#times.push(now);
    return true;
  }
}
