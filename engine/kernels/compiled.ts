/**
 * The kernels compiled from native/kernels.c, WebAssembly and native alike: a call writes its arguments into a block
 * of float64 in the order kernels.c reads them and runs a function without parameters. Sizes are checked on the way,
 * because C would not notice.
 */

import { activationCalls } from './compiled/activations.ts';
import { affineCalls } from './compiled/affine.ts';
import { batchNormCalls } from './compiled/batch-norm.ts';
import { lossCalls } from './compiled/losses.ts';
import type { ModuleOf } from './compiled/module.ts';
import { updateCalls } from './compiled/updates.ts';
import { windowCalls } from './compiled/windows.ts';
import type { Arena, KernelName, Kernels } from './kernels.ts';

export interface CompiledKernelsOptions {
  readonly name: KernelName;
  readonly description: string;
  readonly createArena: () => Arena;
  readonly moduleOf: ModuleOf;
}

export function createCompiledKernels({ name, description, createArena, moduleOf }: CompiledKernelsOptions): Kernels {
  return {
    name,
    dtype: 'float32',
    description,
    createArena,
    ...affineCalls(moduleOf),
    ...activationCalls(moduleOf),
    ...windowCalls(moduleOf),
    ...batchNormCalls(moduleOf),
    ...lossCalls(moduleOf),
    ...updateCalls(moduleOf),
  };
}
