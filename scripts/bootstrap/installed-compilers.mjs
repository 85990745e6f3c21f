import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';

/** The names a clang of 16 or newer is installed under. */
export const clangNames = ['clang', ...Array.from({ length: 25 }, (_, i) => `clang-${40 - i}`)];

/**
 * How good a C compiler is installed, told from file names alone: no process is started, so this can be asked at every
 * start. A clang counts as its major version, any other compiler as 1, none as 0. A plain `clang` whose file does not
 * tell its version counts as 16, the oldest that is preferred to others.
 *
 * @param {string} [path] folders to search, as in PATH
 * @returns {number}
 */
export function installedCompilerGrade(path = process.env['PATH'] ?? '') {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  /** @param {string} name */
  const find = (name) => folders.map((folder) => join(folder, name)).find((file) => existsSync(file));
  const clangs = clangNames.map((name) => {
    const file = find(name);
    return file === undefined ? 0 : clangVersion(name, file);
  });
  const newest = Math.max(...clangs.filter((version) => version >= 16), 0);
  if (newest > 0) return newest;
  return ['clang', 'cc', 'gcc'].some((name) => find(name) !== undefined) ? 1 : 0;
}

/**
 * @param {string} name
 * @param {string} file
 * @returns {number}
 */
function clangVersion(name, file) {
  const own = /-(\d+)$/.exec(name);
  if (own !== null) return Number(own[1]);
  // Distributions link `clang` to clang-19, to llvm-19/bin/clang or to llvm/19/bin/clang.
  const target = realpathSync(file);
  const told = /-(\d+)$/.exec(basename(target)) ?? /llvm[-/\\]?(\d+)/.exec(dirname(target));
  return told === null ? 16 : Number(told[1]);
}
