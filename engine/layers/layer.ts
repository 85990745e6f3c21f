/** What a layer is: a forward and a backward step over buffers reserved once, before training starts. */

import type { Activation, Arena, Kernels } from '../kernels/kernels.ts';
import type { Tensor } from '../math/tensor.ts';
import type { Shape } from '../spec/shapes.ts';
import type { InitSpec } from '../spec/layer-spec.ts';

export type ParameterField = 'weight' | 'bias' | 'gamma' | 'beta';
export type StatisticField = 'runningMean' | 'runningVar';

/** A trained tensor and the gradient of the loss by it. */
export interface Parameter {
  readonly field: ParameterField;
  readonly value: Tensor;
  readonly gradient: Tensor;
  /** Weight decay acts on weights, not on biases nor on batch norm's gamma and beta. */
  readonly decays: boolean;
  readonly init: InitSpec;
  /** Numbers of inputs and outputs that initialisations scale by; a convolution counts channels·k·k and filters·k·k. */
  readonly fanIn: number;
  readonly fanOut: number;
}

/** A tensor that follows the data without being trained. */
export interface Statistic {
  readonly field: StatisticField;
  readonly value: Tensor;
  readonly initial: number;
}

/** Everything a layer needs to know when it is built. */
export interface LayerContext {
  readonly kernels: Kernels;
  readonly arena: Arena;
  /** Most rows a batch can have. */
  readonly capacity: number;
  /** "dropout 1": the layer's type and its number among those of its type. */
  readonly name: string;
  /** Shape of one row of the input, and the tensor it will be in: (capacity, …inputShape). */
  readonly inputShape: Shape;
  readonly outputShape: Shape;
  readonly input: Tensor;
  /** Activation to apply in the same pass, when the next layer is one (affine and conv2d only). */
  readonly epilogue: Epilogue;
  /**
   * True when a batch norm comes next (affine and conv2d only): it takes each feature's mean away, and the bias with
   * it, so the gradient by the bias is exactly 0. Computed, it is rounding noise, and optimizers that divide by the
   * gradient's size would make whole steps of it.
   */
  readonly biasCancels: boolean;
  /** The run's seed, for the masks of dropout. */
  readonly seed: number;
}

/** An activation and its setting: leaky-relu's slope, elu's alpha, else 0. */
export interface Epilogue {
  readonly activation: Activation;
  readonly parameter: number;
}
export const NO_EPILOGUE: Epilogue = { activation: 'none', parameter: 0 };

export interface Layer {
  /** Where the result of `forward` is. May be the input itself when the layer changes nothing. */
  readonly output: Tensor;
  readonly parameters: readonly Parameter[];
  readonly statistics: readonly Statistic[];
  /** How `backward` treats its two tensors: `keeps` leaves dy as dx, `in-place` may write dx over dy, `apart` may not. */
  readonly gradientFlow: 'keeps' | 'in-place' | 'apart';
  /** Computes the output of the first `rows` rows. `step` counts updates and decides dropout's mask. */
  forward(rows: number, training: boolean, step: number): void;
  /** Of layers whose training `forward` leaves `output` unfinished: fills it, for whoever wants to look at it. */
  completeOutput?(rows: number): void;
  /**
   * Needs the last `forward` to have been a training one with the same rows and step. Fills the gradients of the
   * parameters and, unless it is null, dx; dy may be overwritten.
   */
  backward(dy: Tensor, dx: Tensor | null, rows: number, step: number): void;
}
