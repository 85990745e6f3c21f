/** What a loss is to the trainer: targets in, the sum over the batch and the gradient of its mean out. */

import type { Arena, Kernels } from '../kernels/kernels.ts';
import type { IntTensor, Tensor } from '../math/tensor.ts';

/** Everything a loss needs to know when it is built. */
export interface LossContext {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly capacity: number;
  /** The network's outputs, (capacity, columns). */
  readonly outputs: Tensor;
  readonly columns: number;
  /** True when the data gives class labels, false for real targets. */
  readonly classes: boolean;
}

/** How raw network outputs become what people read: probabilities, or the outputs as they are. */
export type Presentation = 'softmax' | 'sigmoid' | 'none';

export interface Loss {
  /** Class of each row of the batch, filled by the trainer; null when the data has real targets. */
  readonly labels: IntTensor | null;
  /** Targets, (capacity, columns), filled by the trainer from real targets; null for the losses that need labels only. */
  readonly targets: Tensor | null;
  readonly presentation: Presentation;
  /** With a single output, the raw value above which a row counts as class 1. */
  readonly threshold: number;
  /**
   * The sum of the loss over the first `rows` rows. `gradient`, unless null, receives the gradient of the mean over
   * rows by the outputs. Sets `correct`.
   */
  evaluate(rows: number, gradient: Tensor | null): number;
  /** Rows the last `evaluate` found classified right; NaN with real targets. */
  correct(): number;
}
