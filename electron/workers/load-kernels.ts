/** Finds the fastest kernels that load on this machine: native, WebAssembly, reference. */

import { MessageError, messageOf, say, type Message } from '../../engine/spec/message.ts';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { KERNEL_NAMES, type Kernels } from '../../engine/kernels/kernels.ts';
import { createNativeKernels, type NativeAddon, type NativeLevel } from '../../engine/kernels/native.ts';
import { createReferenceKernels } from '../../engine/kernels/reference.ts';
import { createWasmKernels } from '../../engine/kernels/wasm.ts';
import { compileWasm } from '../../engine/kernels/webassembly.ts';

export const KERNEL_CHOICES = ['auto', 'native', ...KERNEL_NAMES] as const;
/** `auto` takes the fastest that loads, `native` the best native kernels the CPU has. */
export type KernelChoice = (typeof KERNEL_CHOICES)[number];

export interface LoadedKernels {
  readonly kernels: Kernels;
  /** Why faster kernels are not in use, or null: one line for the log and the About page. */
  readonly note: Message | null;
}

/** Kernels were asked for by name and cannot be had. The message says which and why. */
export class KernelsError extends MessageError {
  constructor(message: Message) {
    super(message);
    this.name = 'KernelsError';
  }
}

/** What `DESCENT_KERNELS` says, else the setting. Throws a KernelsError for an unknown name. */
export function kernelChoice(setting = 'auto', environment = process.env['DESCENT_KERNELS']): KernelChoice {
  const forced = environment !== undefined && environment !== '';
  const name = forced ? environment : setting;
  const choice = KERNEL_CHOICES.find((known) => known === name);
  if (choice !== undefined) return choice;
  const where = forced ? 'DESCENT_KERNELS' : 'kernels';
  throw new KernelsError(say`${where}: expected ${KERNEL_CHOICES.join(', ')}, got ${JSON.stringify(name)}`);
}

/**
 * Loads kernels. `folder` holds descent-kernels.node, descent-kernels.json and descent.wasm.
 * Throws a KernelsError when kernels forced by name cannot be had; `auto` always finds some.
 */
export function loadKernels(choice: KernelChoice = kernelChoice(), folder = kernelsFolder()): LoadedKernels {
  switch (choice) {
    case 'reference':
      return { kernels: createReferenceKernels('float32'), note: null };
    case 'reference-f64':
      return { kernels: createReferenceKernels('float64'), note: null };
    case 'wasm':
      return { kernels: forced(choice, () => loadWasm(folder)), note: null };
    case 'auto':
      return loadFastest(folder);
    default:
      return { kernels: forced(choice, () => loadNative(choice, folder)), note: null };
  }
}

/** Every set of kernels that loads here, slowest first: what tests and the bench go through. */
export function loadAllKernels(folder = kernelsFolder()): Kernels[] {
  const names = KERNEL_NAMES.filter((name) => name !== 'reference-f64');
  return names.flatMap((name) => {
    const { kernels } = attempt(() => loadKernels(name, folder).kernels);
    return kernels === null ? [] : [kernels];
  });
}

function loadFastest(folder: string): LoadedKernels {
  const native = attempt(() => loadNative('native', folder));
  if (native.kernels !== null) return { kernels: native.kernels, note: null };
  const wasm = attempt(() => loadWasm(folder));
  if (wasm.kernels !== null) {
    return { kernels: wasm.kernels, note: say`native kernels not in use, WebAssembly instead: ${native.why}` };
  }
  const note = say`only the slow reference kernels are in use: ${native.why}; ${wasm.why}`;
  return { kernels: createReferenceKernels('float32'), note };
}

/** A failure here is an answer, not an accident: the reason goes into the note. */
function attempt(load: () => Kernels): { kernels: Kernels; why: null } | { kernels: null; why: Message } {
  try {
    return { kernels: load(), why: null };
  } catch (error) {
    return { kernels: null, why: messageOf(error) };
  }
}

function forced(choice: KernelChoice, load: () => Kernels): Kernels {
  try {
    return load();
  } catch (error) {
    throw new KernelsError(say`the kernels ${choice} were asked for and cannot be had: ${messageOf(error)}`);
  }
}

function loadNative(choice: 'native' | 'native-avx2' | 'native-avx512' | 'native-neon', folder: string): Kernels {
  const file = join(folder, 'descent-kernels.node');
  if (!existsSync(file)) throw new Error(`${file} was not built (is there a C compiler?)`);
  const addon = loadAddon(file);
  const best = addon.levels.at(-1);
  if (best === undefined) throw new Error('this CPU has none of the instruction sets they were compiled for');
  const level = choice === 'native' ? best : (choice.slice('native-'.length) as NativeLevel);
  if (!addon.levels.includes(level)) throw new Error(`this CPU has ${addon.levels.join(', ')}, not ${level}`);
  return createNativeKernels(addon, level, compilerName(join(folder, 'descent-kernels.json')));
}

function loadAddon(file: string): NativeAddon {
  const module: { exports: Partial<NativeAddon> } = { exports: {} };
  process.dlopen(module, file);
  const { levels, addressOf, useLargePages, bind } = module.exports;
  if (!Array.isArray(levels) || addressOf === undefined || useLargePages === undefined || bind === undefined) {
    throw new Error(`${file} is not the kernels' addon`);
  }
  return { levels, addressOf, useLargePages, bind };
}

function compilerName(file: string): string {
  const record: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof record === 'object' && record !== null && 'compiler' in record && typeof record.compiler === 'string') {
    return record.compiler;
  }
  throw new Error(`${file}: expected a field "compiler"`);
}

function loadWasm(folder: string): Kernels {
  return createWasmKernels(compileWasm(readFileSync(join(folder, 'descent.wasm'))));
}

/** The folder the build put the kernels in: out/native, from a bundle in out/electron or from this source file. */
export function kernelsFolder(): string {
  // A bundle is CommonJS and has __dirname; run as a module, this file has import.meta.
  const here = typeof __dirname === 'string' ? __dirname : import.meta.dirname;
  const besideBundle = join(here, '..', 'native');
  return existsSync(besideBundle) ? besideBundle : join(here, '..', '..', 'out', 'native');
}
