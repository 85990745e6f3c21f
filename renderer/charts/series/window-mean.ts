/**
 * The mean of the newest values of a curve, as a window moves over it. Sums are only ever added to, never taken from:
 * after a spike has left the window nothing of it remains, and a constant's mean is that constant.
 */
export class WindowMean {
  #values: ArrayLike<number> = [];
  /** The window holds the points [head, next); of those before `turned` the sums to `turned` are kept. */
  #head = 0;
  #turned = 0;
  #next = 0;
  #sums = new Float64Array(64);
  #counts = new Int32Array(64);
  #newSum = 0;
  #newCount = 0;

  /** Where the points are: those taken in before, and more after them. */
  readFrom(values: ArrayLike<number>): void {
    this.#values = values;
  }

  /** Takes the next point in. Values that are not finite do not count. */
  push(): void {
    const value = this.#values[this.#next] ?? Number.NaN;
    this.#next++;
    if (!Number.isFinite(value)) return;
    this.#newSum += value;
    this.#newCount++;
  }

  /** Lets go of the oldest points, up to `index`. */
  dropBefore(index: number): void {
    while (this.#head < index) {
      if (this.#head === this.#turned) this.#turn();
      this.#head++;
    }
  }

  /** NaN when no point of the window counts. */
  get mean(): number {
    const at = this.#head < this.#turned ? this.#turned - 1 - this.#head : -1;
    const sum = this.#newSum + (at < 0 ? 0 : (this.#sums[at] ?? 0));
    const count = this.#newCount + (at < 0 ? 0 : (this.#counts[at] ?? 0));
    return count === 0 ? Number.NaN : sum / count;
  }

  /** Sums up the newer points from the last one back, so that each of them can be the oldest. */
  #turn(): void {
    const size = this.#next - this.#head;
    if (size > this.#sums.length) {
      this.#sums = new Float64Array(2 * size);
      this.#counts = new Int32Array(2 * size);
    }
    let sum = 0;
    let count = 0;
    for (let i = 0; i < size; i++) {
      const value = this.#values[this.#next - 1 - i] ?? Number.NaN;
      if (Number.isFinite(value)) {
        sum += value;
        count++;
      }
      this.#sums[i] = sum;
      this.#counts[i] = count;
    }
    this.#turned = this.#next;
    this.#newSum = 0;
    this.#newCount = 0;
  }
}
