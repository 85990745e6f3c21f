/** The kernels compiled from native/kernels.c as JavaScript sees them: functions without parameters and a block. */

import type { IntTensor, Tensor } from '../../math/tensor.ts';
import type { Activation } from '../kernels.ts';

/** The functions of kernels.c, by their names there. */
export const KERNEL_FUNCTIONS = [
  'gather_bytes',
  'gather_floats',
  'expect_rows',
  'affine_forward',
  'affine_backward',
  'activation_forward',
  'activation_backward',
  'conv2d_forward',
  'conv2d_backward',
  'conv2d_max_pool_forward',
  'conv2d_max_pool_backward',
  'max_pool_forward',
  'max_pool_backward',
  'avg_pool_forward',
  'avg_pool_backward',
  'batch_norm_train',
  'batch_norm_infer',
  'batch_norm_backward',
  'dropout',
  'softmax',
  'softmax_backward',
  'softmax_cross_entropy',
  'elementwise_loss',
  'add_scaled',
  'scale',
  'sum_squares',
  'sgd',
  'momentum',
  'nesterov',
  'adagrad',
  'rmsprop',
  'adam',
] as const;
export type KernelFunctions = Readonly<Record<(typeof KERNEL_FUNCTIONS)[number], () => void>>;

/** Room for the arguments of any kernel, as in native/kernels.h. */
export const BLOCK_LENGTH = 32;

/** Kernels ready to run: the functions and the block they read. `identity` is what their tensors carry as `memory`. */
export interface KernelModule {
  readonly run: KernelFunctions;
  readonly block: Float64Array;
  readonly identity: object | null;
}

/** The kernels for the memory a tensor lies in. Throws for a tensor of other kernels. */
export type ModuleOf = (memory: object | null) => KernelModule;

/** The order of `enum activation` in ../native/activations.h. */
export const ACTIVATIONS: Readonly<Record<Activation, number>> = {
  none: 0,
  relu: 1,
  'leaky-relu': 2,
  elu: 3,
  sigmoid: 4,
  tanh: 5,
  softplus: 6,
  step: 7,
};

/** Where a tensor lies. Throws when it has fewer than `size` values, was never placed or lies in another memory. */
export function at(tensor: Tensor | IntTensor, size: number, module: KernelModule): number {
  if (tensor.size < size)
    throw new RangeError(`kernel: expected a tensor of at least ${size} values, got ${tensor.size}`);
  if (tensor.pointer === 0) throw new Error('kernel: tensor used before its arena was committed');
  if (tensor.memory !== module.identity) throw new Error('kernel: the tensors of one call must come from one arena');
  return tensor.pointer;
}

export function orNull(tensor: Tensor | null, size: number, module: KernelModule): number {
  return tensor === null ? 0 : at(tensor, size, module);
}
