import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadKernels } from '../../electron/workers/load-kernels.ts';
import { buildNative } from '../../scripts/build-native.mjs';
import { installedCompilerGrade } from '../../scripts/bootstrap/installed-compilers.mjs';
import { findCompiler } from '../../scripts/compiler.mjs';
import { temporaryFolder } from './stand-in.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

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

    const record = readFileSync(join(folder, 'descent-kernels.json'), 'utf8');
    const grade = installedCompilerGrade();
    expect(JSON.parse(record)).toMatchObject({ compiler: built.compiler, grade });
    await buildNative({ log, folder, grade: grade - 1 });
    expect(lines).toHaveLength(1);
    await buildNative({ log, folder, grade: grade + 1 });
    expect(lines).toHaveLength(2);
    expect(JSON.parse(readFileSync(join(folder, 'descent-kernels.json'), 'utf8'))).toMatchObject({ grade: grade + 1 });

    const broken = join(temporaryFolder(), 'clang-40');
    writeFileSync(
      broken,
      '#!/bin/sh\n[ "$1" = --version ] && echo "clang version 40.0.0" && exit\necho out of order >&2\nexit 1\n',
    );
    chmodSync(broken, 0o755);
    vi.stubEnv('PATH', [dirname(broken), process.env['PATH']].join(delimiter));
    expect(await buildNative({ log, folder })).toEqual(built);
    expect(lines.slice(2)).toEqual([
      'compiling the native kernels with clang 40.0.0',
      `the kernels of ${built.compiler} stay (clang-40 failed: out of order)`,
    ]);
    expect(await buildNative({ log, folder })).toEqual(built);
    expect(lines).toHaveLength(4);
    expect(loadKernels('native', folder).kernels.description).toContain(String(built.compiler));
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
