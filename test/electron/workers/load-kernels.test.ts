import { say } from '../../../engine/spec/message.ts';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelChoice, KernelsError, kernelsFolder, loadKernels } from '../../../electron/workers/load-kernels.ts';

describe('which kernels are asked for', () => {
  test('DESCENT_KERNELS wins over the setting, an empty one does not', () => {
    expect(kernelChoice('wasm', 'reference')).toBe('reference');
    expect(kernelChoice('wasm', '')).toBe('wasm');
    expect(kernelChoice('wasm', undefined)).toBe('wasm');
    expect(kernelChoice(undefined, undefined)).toBe('auto');
  });

  test('an unknown name is refused with the known ones', () => {
    expect(() => kernelChoice('auto', 'gpu')).toThrow(
      new KernelsError(
        say`DESCENT_KERNELS: expected auto, native, reference, reference-f64, wasm, native-avx2, native-avx512, native-neon, got "gpu"`,
      ),
    );
  });
});

describe('loading kernels', () => {
  let folder = '';
  let partial = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'descent-kernels-'));
    partial = join(folder, 'partial');
    mkdirSync(partial);
    copyFileSync(join(kernelsFolder(), 'descent.wasm'), join(partial, 'descent.wasm'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('by name', () => {
    expect(loadKernels('reference').kernels.name).toBe('reference');
    expect(loadKernels('reference-f64').kernels.dtype).toBe('float64');
    const wasm = loadKernels('wasm');
    expect(wasm.kernels.description).toBe('WebAssembly SIMD');
    expect(wasm.note).toBeNull();
  });

  test('without an addon, WebAssembly takes over and says why', () => {
    const { kernels, note } = loadKernels('auto', partial);
    expect(kernels.name).toBe('wasm');
    expect(note?.message).toMatch(
      /^native kernels not in use, WebAssembly instead: .*descent-kernels\.node was not built/,
    );
  });

  test('an addon that does not load is no accident either', () => {
    const broken = join(folder, 'broken');
    mkdirSync(broken);
    copyFileSync(join(partial, 'descent.wasm'), join(broken, 'descent.wasm'));
    writeFileSync(join(broken, 'descent-kernels.node'), 'not a library');
    const { kernels, note } = loadKernels('auto', broken);
    expect(kernels.name).toBe('wasm');
    expect(note?.message).toContain('descent-kernels.node');
    expect(note?.message).not.toContain('\n');
  });

  test('with nothing at all the reference kernels work, and the note says they are slow', () => {
    const { kernels, note } = loadKernels('auto', join(folder, 'nothing'));
    expect(kernels.name).toBe('reference');
    expect(note?.message).toContain('slow reference kernels');
  });

  test('kernels forced by name and not to be had are an error', () => {
    expect(() => loadKernels('native', partial)).toThrow(KernelsError);
    expect(() => loadKernels('wasm', join(folder, 'nothing'))).toThrow(/the kernels wasm were asked for/);
    const foreign = process.arch === 'arm64' ? 'native-avx2' : 'native-neon';
    expect(() => loadKernels(foreign)).toThrow(KernelsError);
  });
});
