/** Decides which epoch is the best and when to stop. Decides only: keeping weights is the trainer's business. */

import type { RunSpec } from '../spec/run-spec.ts';
import type { Score } from './trainer-types.ts';

type EarlyStopping = RunSpec['training']['earlyStopping'];

export interface StopState {
  /** Value of the best epoch, null before the first. */
  readonly best: number | null;
  /** Value that the patience is counted against. */
  readonly reference: number | null;
  /** Epochs since `reference` was beaten. */
  readonly waited: number;
}

export interface Verdict {
  readonly best: boolean;
  readonly stop: boolean;
}

/**
 * The best epoch is the first with the best validation figure: that of early stopping when it is on, else accuracy
 * for classification and loss for regression. NaN is never better. Stops when `patience` epochs in a row bring no
 * improvement of more than `minChange`.
 */
export class StopPolicy {
  readonly #metric: 'validationLoss' | 'validationAccuracy';
  readonly #early: EarlyStopping;
  #best: number | null = null;
  #reference: number | null = null;
  #waited = 0;

  constructor(early: EarlyStopping, classification: boolean) {
    this.#early = early;
    this.#metric = early?.metric ?? (classification ? 'validationAccuracy' : 'validationLoss');
  }

  judge(validation: Score): Verdict {
    // Larger is better from here on.
    const value = this.#metric === 'validationAccuracy' ? validation.accuracy : -validation.loss;
    const best = Number.isFinite(value) && (this.#best === null || value > this.#best);
    if (best) this.#best = value;
    const improved =
      Number.isFinite(value) && (this.#reference === null || value > this.#reference + (this.#early?.minChange ?? 0));
    if (improved) {
      this.#reference = value;
      this.#waited = 0;
    } else {
      this.#waited++;
    }
    return { best, stop: this.#early !== null && this.#waited >= this.#early.patience };
  }

  state(): StopState {
    return { best: this.#best, reference: this.#reference, waited: this.#waited };
  }

  restore(state: StopState): void {
    this.#best = state.best;
    this.#reference = state.reference;
    this.#waited = state.waited;
  }
}
