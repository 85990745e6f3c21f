import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadKernels } from '../../electron/workers/load-kernels.ts';
import { buildNative } from '../../scripts/build-native.mjs';
import { findCompiler } from '../../scripts/compiler.mjs';
import { temporaryFolder } from './stand-in.ts';

describe('building the native kernels', () => {
  it('makes an addon that loads, with a record of its compiler, and only once', async ({ skip }) => {
    if ((await findCompiler()) === null) return skip('there is no C compiler on this machine');
    const folder = temporaryFolder();
    const lines: string[] = [];
    const log = (line: string): number => lines.push(line);
    const built = await buildNative({ log, folder });
    expect(built).toMatchObject({ ok: true, path: join(folder, 'descent-kernels.node'), message: null });
    expect(lines).toEqual([`compiling the native kernels with ${built.compiler}`]);
    const { kernels } = loadKernels('native', folder);
    expect(kernels.description).toContain(String(built.compiler));

    const before = statSync(join(folder, 'descent-kernels.node')).mtimeMs;
    expect(await buildNative({ log, folder })).toEqual(built);
    expect(lines).toHaveLength(1);
    expect(statSync(join(folder, 'descent-kernels.node')).mtimeMs).toBe(before);
  });

  it('never throws: a folder that cannot be written is told in one line', async () => {
    const folder = temporaryFolder();
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const lines: string[] = [];
    const built = await buildNative({ log: (line) => lines.push(line), folder: join(file, 'below') });
    expect(built.ok).toBe(false);
    expect(built.message).toBeTruthy();
    expect(lines).toEqual([`native kernels not built (${built.message}); the WebAssembly kernels take over`]);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
