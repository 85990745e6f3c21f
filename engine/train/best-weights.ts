/** The weights of the best epoch so far, beside those in training. */

import type { FloatArray } from '../math/tensor.ts';
import type { Model } from './model.ts';
import { Snapshot } from './snapshot.ts';
import type { BestEpoch, WeightSet } from './trainer-types.ts';
import { readWeights } from './weights.ts';

export class BestWeights {
  readonly #model: Model;
  readonly #copy: Snapshot;
  /** null until an epoch has been judged. */
  epoch: BestEpoch | null = null;

  /** Only after the model's arena was committed. */
  constructor(model: Model) {
    this.#model = model;
    this.#copy = new Snapshot(model.states.map(({ tensor }) => tensor));
  }

  /** The copies, in the order of the model's states; of no meaning while `epoch` is null. */
  get values(): readonly FloatArray[] {
    return this.#copy.values;
  }

  take(epoch: BestEpoch): void {
    this.#copy.take();
    this.epoch = epoch;
  }

  /** Runs the action with these weights in the model, and puts the last ones back whatever happens. */
  during<T>(action: () => T): T {
    if (this.epoch === null) return action();
    const tensors = this.#model.states.map(({ tensor }) => tensor);
    const last = new Snapshot(tensors);
    for (const [i, { data }] of tensors.entries()) data.set(this.values[i]!);
    try {
      return action();
    } finally {
      last.putBack();
    }
  }

  /** Copies of these weights, or of the last ones when no epoch was the best. */
  read(): WeightSet {
    if (this.epoch === null) return readWeights(this.#model);
    return this.#model.states.map(({ name, tensor }, i) => {
      return { name, shape: tensor.shape, data: Float32Array.from(this.values[i]!) };
    });
  }
}
