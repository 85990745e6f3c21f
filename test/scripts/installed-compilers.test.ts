import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { installedCompilerGrade } from '../../scripts/bootstrap/installed-compilers.mjs';
import { temporaryFolder } from './stand-in.ts';

/** A PATH of two folders with the named files in the second; a value is what the file links to. */
function pathWith(files: Record<string, string | null>): string {
  const root = temporaryFolder();
  const bin = join(root, 'bin');
  mkdirSync(bin);
  for (const [name, target] of Object.entries(files)) {
    if (target === null) {
      writeFileSync(join(bin, name), '');
      continue;
    }
    const file = join(root, target);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    symlinkSync(file, join(bin, name));
  }
  return [join(root, 'missing'), bin].join(delimiter);
}

describe('the grade of the installed compilers', () => {
  it.each<[number, string, Record<string, string | null>]>([
    [0, 'none', { clangd: null, 'clang-format-19': null }],
    [1, 'gcc', { gcc: null }],
    [1, 'cc and a clang that is too old', { cc: null, 'clang-14': null }],
    [1, 'a plain clang that is too old', { clang: 'llvm-14/bin/clang' }],
    [16, 'a clang whose file tells no version', { clang: null, cc: null }],
    [18, 'a plain clang linked to another name', { clang: 'lib/clang-18' }],
    [17, 'a plain clang in a folder of its version', { clang: 'lib/llvm/17/bin/clang' }],
    [20, 'the newest of several', { cc: null, clang: 'llvm-14/bin/clang', 'clang-19': null, 'clang-20': null }],
  ])('%i: %s', (grade, _what, files) => {
    expect(installedCompilerGrade(pathWith(files))).toBe(grade);
  });
});
