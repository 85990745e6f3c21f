/** A second copy of some tensors, in memory of its own. */

import type { FloatArray, Tensor } from '../math/tensor.ts';

export class Snapshot {
  readonly #tensors: readonly Tensor[];
  /** The copies, in the order of the tensors. */
  readonly values: readonly FloatArray[];

  /** Only after the tensors' arena was committed. */
  constructor(tensors: readonly Tensor[]) {
    this.#tensors = tensors;
    this.values = tensors.map(({ data }) => data.slice());
  }

  take(): void {
    for (let i = 0; i < this.#tensors.length; i++) this.values[i]!.set(this.#tensors[i]!.data);
  }

  putBack(): void {
    for (let i = 0; i < this.#tensors.length; i++) this.#tensors[i]!.data.set(this.values[i]!);
  }
}
