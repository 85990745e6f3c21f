/** The norms of the last gradients, for telling how a run came to diverge. */

const KEPT = 32;

export class GradientTrend {
  readonly #norms = new Float64Array(KEPT);
  #count = 0;

  push(norm: number): void {
    this.#norms[this.#count % KEPT] = norm;
    this.#count++;
  }

  /** Oldest first. */
  values(): number[] {
    const kept = Math.min(this.#count, KEPT);
    return Array.from({ length: kept }, (_, i) => this.#norms[(this.#count - kept + i) % KEPT]!);
  }

  restore(values: readonly number[]): void {
    this.#count = 0;
    for (const value of values) this.push(value);
  }
}
