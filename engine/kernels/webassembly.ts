/**
 * The little of the WebAssembly interface the engine uses. The engine is compiled without the DOM's types, which
 * are the ones that declare it; declaring it globally here would clash with them elsewhere.
 */

/** A compiled module; it can be sent to other threads. */
export type WasmModule = object;

interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
interface WebAssemblyInterface {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Memory: new (size: { initial: number; maximum: number }) => WasmMemory;
  readonly Instance: new (
    module: WasmModule,
    imports: { env: { memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export function webAssembly(): WebAssemblyInterface {
  const { WebAssembly } = globalThis as unknown as { WebAssembly?: WebAssemblyInterface };
  if (WebAssembly === undefined) throw new Error('this JavaScript engine has no WebAssembly');
  return WebAssembly;
}

/** Compiles the bytes of a .wasm file. Throws a CompileError for anything else. */
export function compileWasm(bytes: Uint8Array): WasmModule {
  const { Module } = webAssembly();
  return new Module(bytes);
}
