/** What an optimizer is to the trainer: state tensors beside the parameters and one update of them all. */

import type { Parameter } from '../layers/layer.ts';
import type { Arena, Kernels } from '../kernels/kernels.ts';
import type { Tensor } from '../math/tensor.ts';

/** A state tensor, of the shape of the parameter it belongs to. All start at 0. */
export interface Slot {
  /** Position of the parameter among the model's parameters. */
  readonly parameter: number;
  readonly name: 'velocity' | 'squares' | 'mean' | 'variance';
  readonly value: Tensor;
}

export interface OptimizerContext {
  readonly kernels: Kernels;
  readonly arena: Arena;
  readonly parameters: readonly Parameter[];
}

export interface Optimizer {
  readonly slots: readonly Slot[];
  /** Changes every parameter by its gradient. `t` is the number of updates done before, so 0 the first time. */
  update(lr: number, t: number): void;
}

/** One state tensor for each parameter. */
export function reserveSlots(context: OptimizerContext, name: Slot['name']): Slot[] {
  return context.parameters.map((p, parameter) => ({ parameter, name, value: context.arena.tensor(p.value.shape) }));
}
