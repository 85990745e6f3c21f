/** The native kernels: native/kernels.c as a Node-API addon, handed in by whoever may load files. */

import { createCompiledArena } from './arena.ts';
import { createCompiledKernels } from './compiled.ts';
import { BLOCK_LENGTH, type KernelFunctions, type KernelModule } from './compiled/module.ts';
import type { Kernels } from './kernels.ts';

export type NativeLevel = 'avx2' | 'avx512' | 'neon';

/** What native/addon.c exports. */
export interface NativeAddon {
  /** The instruction sets this CPU and this build share, best last. */
  readonly levels: readonly NativeLevel[];
  /** The address of a typed array's first byte. */
  addressOf(view: ArrayBufferView): number;
  /** Advises the system to keep a long stretch of memory in large pages; changes nothing but speed. */
  useLargePages(view: Uint8Array | Float32Array): void;
  /** The kernels of one instruction set, reading their arguments from `block`. Throws for a level not in `levels`. */
  bind(level: NativeLevel, block: Float64Array): KernelFunctions;
}

const LEVEL_TITLES: Readonly<Record<NativeLevel, string>> = { avx2: 'AVX2', avx512: 'AVX-512', neon: 'NEON' };
const ALIGNMENT = 64;

/** `compiler` is for the run card: "clang 19.1.7". */
export function createNativeKernels(addon: NativeAddon, level: NativeLevel, compiler: string): Kernels {
  const block = new Float64Array(BLOCK_LENGTH);
  const module: KernelModule = { run: addon.bind(level, block), block, identity: null };
  return createCompiledKernels({
    name: `native-${level}`,
    description: `native ${LEVEL_TITLES[level]}, ${compiler}`,
    moduleOf: () => module,
    createArena: () =>
      createCompiledArena({
        addressOf(view) {
          addon.useLargePages(view);
          return addon.addressOf(view);
        },
        allocate(bytes) {
          const buffer = new ArrayBuffer(bytes + ALIGNMENT);
          const whole = new Uint8Array(buffer);
          addon.useLargePages(whole);
          const base = addon.addressOf(whole);
          const offset = (ALIGNMENT - (base % ALIGNMENT)) % ALIGNMENT;
          return { buffer, offset, base, identity: null };
        },
      }),
  });
}
