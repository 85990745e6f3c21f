/** Compares the losses of steps trained again with those logged the first time. */

import type { LoggedLosses, LossComparison, LossDifference } from '../spec/loss-comparison.ts';

/** Steps come in order; those before or after the logged ones are not looked at. Allocates only for a difference. */
export class LossCheck {
  readonly #logged: LoggedLosses;
  #steps = 0;
  #identical = 0;
  #difference: LossDifference | null = null;

  constructor(logged: LoggedLosses) {
    this.#logged = logged;
  }

  get done(): boolean {
    return this.#steps === this.#logged.losses.length;
  }

  get result(): LossComparison {
    return { steps: this.#steps, identical: this.#identical, difference: this.#difference };
  }

  /** Training ended before the last logged step, though it once got there: that is a difference as well. */
  breakOff(): void {
    if (this.done) return;
    const logged = this.#logged.losses[this.#steps]!;
    this.#difference ??= { step: this.#logged.from + this.#steps, logged, now: NaN };
  }

  step(step: number, loss: number): void {
    if (step !== this.#logged.from + this.#steps || this.done) return;
    const logged = this.#logged.losses[this.#steps]!;
    const now = Math.fround(loss);
    this.#steps++;
    if (Object.is(logged, now)) this.#identical++;
    else this.#difference ??= { step, logged, now };
  }
}
