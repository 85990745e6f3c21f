/** The sums an epoch's training score is the mean of. */

import type { Score } from './trainer-types.ts';

/** Weighted by rows: the last batch of an epoch may be smaller. */
export class EpochSums {
  #loss = 0;
  #right = 0;
  #rows = 0;

  /** A batch: its mean loss, rows classified right, rows. */
  add(loss: number, right: number, rows: number): void {
    this.#loss += loss * rows;
    this.#right += right;
    this.#rows += rows;
  }

  score(): Score {
    return { loss: this.#loss / this.#rows, accuracy: this.#right / this.#rows };
  }

  clear(): void {
    this.restore({ loss: 0, right: 0, rows: 0 });
  }

  /** For the checkpoint. */
  state(): { readonly loss: number; readonly right: number; readonly rows: number } {
    return { loss: this.#loss, right: this.#right, rows: this.#rows };
  }

  restore({ loss, right, rows }: ReturnType<EpochSums['state']>): void {
    this.#loss = loss;
    this.#right = right;
    this.#rows = rows;
  }
}
