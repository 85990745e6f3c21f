/** The kernels this machine can run: every engine test that matters runs over all of them. */

import { loadAllKernels } from '../../electron/workers/load-kernels.ts';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { createReferenceKernels } from '../../engine/kernels/reference.ts';

export interface AvailableKernels {
  readonly name: string;
  readonly kernels: Kernels;
}

export const KERNELS: readonly AvailableKernels[] = [createReferenceKernels('float64'), ...loadAllKernels()].map(
  (kernels) => ({ name: kernels.name, kernels }),
);
