/**
 * Small data sets finish hundreds of epochs a second, each with a histogram of every tensor: far more than can be
 * looked at, and enough to choke a page. The live feed passes on a bounded number of steps; the store has all of them.
 */

import type { HistogramFrame } from '../../../engine/spec/histogram.ts';
import type { RunId } from '../../../engine/spec/ids.ts';

/** Steps a run may send at once after a quiet time: enough for the many early ones. */
const BURST = 40;
/** Steps a run earns with every frame of the feed. */
const PER_FRAME = 2;

export class HistogramThinning {
  readonly #budgets = new Map<RunId, number>();

  /** Of all frames that wait, those of evenly spaced steps within each run's budget, the newest step always. */
  take(frames: readonly HistogramFrame[]): HistogramFrame[] {
    const steps = new Map<RunId, Set<number>>();
    for (const { runId, step } of frames) {
      const known = steps.get(runId) ?? new Set<number>();
      known.add(step);
      steps.set(runId, known);
    }
    const kept = new Map<RunId, ReadonlySet<number>>();
    for (const [id, known] of steps)
      kept.set(
        id,
        this.#choose(
          id,
          [...known].sort((a, b) => a - b),
        ),
      );
    for (const [id, budget] of this.#budgets) {
      if (budget + PER_FRAME >= BURST) this.#budgets.delete(id);
      else this.#budgets.set(id, budget + PER_FRAME);
    }
    return frames.filter(({ runId, step }) => kept.get(runId)?.has(step) === true);
  }

  #choose(id: RunId, steps: readonly number[]): ReadonlySet<number> {
    const budget = this.#budgets.get(id) ?? BURST;
    const count = Math.min(steps.length, Math.max(1, budget));
    this.#budgets.set(id, budget - count);
    const last = steps.length - 1;
    // From the newest backwards, so that one step is the newest and many include the oldest.
    const stride = count === 1 ? 0 : last / (count - 1);
    return new Set(Array.from({ length: count }, (_, i) => steps[Math.round(last - i * stride)] ?? 0));
  }
}
