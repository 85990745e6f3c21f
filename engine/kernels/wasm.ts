/** The WebAssembly SIMD kernels: native/kernels.c as native/descent.wasm, handed in compiled. */

import { createCompiledArena } from './arena.ts';
import { createCompiledKernels } from './compiled.ts';
import { BLOCK_LENGTH, KERNEL_FUNCTIONS, type KernelFunctions, type KernelModule } from './compiled/module.ts';
import type { Kernels } from './kernels.ts';
import { webAssembly, type WasmModule } from './webassembly.ts';

const PAGE = 65_536;
/** WebAssembly addresses have 32 bits. */
const MOST_PAGES = 65_536;
/** Enough for the module's own stack and data, to ask it where they end. */
const SMALLEST = 1024 * 1024;

/** The kernels of one memory. Tensors carry it as their `memory`, so that it lives exactly as long as they do. */
class WasmInstance implements KernelModule {
  readonly run: KernelFunctions;
  readonly block: Float64Array;
  readonly identity = this;
  readonly buffer: ArrayBuffer;
  /** The first byte the module does not use for itself, a multiple of 64. */
  readonly heapBase: number;

  /** The memory never grows: growing would detach every view of it. */
  constructor(wasm: WasmModule, bytes: number) {
    const { Memory, Instance } = webAssembly();
    const pages = Math.ceil(bytes / PAGE);
    if (pages > MOST_PAGES) {
      throw new RangeError(`the WebAssembly kernels reach 4 GiB, this run needs ${(bytes / 2 ** 30).toFixed(1)} GiB`);
    }
    const memory = new Memory({ initial: pages, maximum: pages });
    const { exports } = new Instance(wasm, { env: { memory } });
    const heapBase = exports['__heap_base'] as { readonly value: number } | undefined;
    if (heapBase === undefined) throw new Error('descent.wasm: no __heap_base exported');
    const run: Record<string, () => void> = {};
    for (const name of KERNEL_FUNCTIONS) run[name] = exportedFunction(exports, name);
    this.run = run as KernelFunctions;
    this.block = new Float64Array(memory.buffer, exportedFunction(exports, 'argument_block')(), BLOCK_LENGTH);
    this.buffer = memory.buffer;
    this.heapBase = Math.ceil(heapBase.value / 64) * 64;
  }
}

function exportedFunction(exports: Readonly<Record<string, unknown>>, name: string): () => number {
  const value = exports[name];
  if (typeof value !== 'function') throw new Error(`descent.wasm: expected a function ${name}, got ${typeof value}`);
  return value as () => number;
}

/** `wasm` is native/descent.wasm, compiled. Throws when it is something else. */
export function createWasmKernels(wasm: WasmModule): Kernels {
  const { heapBase } = new WasmInstance(wasm, SMALLEST);
  return createCompiledKernels({
    name: 'wasm',
    description: 'WebAssembly SIMD',
    moduleOf(memory) {
      if (memory instanceof WasmInstance) return memory;
      throw new Error('kernel: expected a tensor from a committed arena of the WebAssembly kernels');
    },
    createArena: () =>
      createCompiledArena({
        addressOf: null,
        allocate(bytes) {
          const instance = new WasmInstance(wasm, heapBase + bytes);
          return { buffer: instance.buffer, offset: heapBase, base: 0, identity: instance };
        },
      }),
  });
}
