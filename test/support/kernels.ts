/** The kernels this machine can run: every engine test that matters runs over all of them. */

import type { Kernels } from '../../engine/kernels/kernels.ts';
import { createReferenceKernels } from '../../engine/kernels/reference.ts';

export interface AvailableKernels {
  readonly name: string;
  readonly kernels: Kernels;
}

export const KERNELS: readonly AvailableKernels[] = [
  createReferenceKernels('float32'),
  createReferenceKernels('float64'),
].map((kernels) => ({ name: kernels.name, kernels }));
