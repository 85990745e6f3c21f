import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clangNames } from './bootstrap/installed-compilers.mjs';
import { projectFolder } from './bootstrap/paths.mjs';

/** What the scripts that compile the kernels share: the sources, their hash, and which compiler is here. */

const run = promisify(execFile);

export const sourceFolder = join(projectFolder, 'engine', 'kernels', 'native');
export const wasmFile = join(sourceFolder, 'descent.wasm');

/**
 * Flags of every build. No contraction: products and sums are fused only where the source says so. The warning that is
 * off is about passing wide vectors to functions; all functions that take them are inlined.
 */
export const commonFlags = [
  '-std=gnu11',
  '-O3',
  '-Wall',
  '-Wno-psabi',
  '-fvisibility=hidden',
  '-ffp-contract=off',
  '-fno-math-errno',
  '-fno-trapping-math',
];

/**
 * A hash of every C file but the ones left out, and of whatever else decides the result.
 *
 * @param {readonly string[]} extra
 * @param {readonly string[]} [without]
 */
export function sourceHash(extra, without = []) {
  const hash = createHash('sha256');
  for (const name of readdirSync(sourceFolder).sort()) {
    if (!/\.[ch]$/.test(name) || without.includes(name)) continue;
    // Line ends are a matter of the checkout.
    hash.update(`${name}\n${readFileSync(join(sourceFolder, name), 'utf8').replaceAll('\r\n', '\n')}\n`);
  }
  return hash.update(JSON.stringify(extra)).digest('hex');
}

/**
 * @typedef {object} Compiler
 * @property {string} command
 * @property {string} name "clang 19.1.7", "gcc 12.2.0"
 * @property {string} version the compiler's own first line
 */

/**
 * Every clang from 16 on, newest first, by the names they are installed under.
 *
 * @returns {Promise<Compiler[]>}
 */
export async function findClangs() {
  const found = (await Promise.all(clangNames.map(probe))).filter((compiler) => compiler !== null);
  const clangs = found.filter(({ name }) => name.startsWith('clang ') && majorVersion(name) >= 16);
  return clangs.sort((a, b) => majorVersion(b.name) - majorVersion(a.name));
}

/** Forces the compiler of the native kernels. */
export const forcedCompiler = process.env['DESCENT_CC'] ?? '';

/** @returns {Promise<Compiler | null>} the newest clang, else whatever `cc` or `gcc` is */
export async function findCompiler() {
  if (forcedCompiler !== '') return probe(forcedCompiler);
  const [clang] = await findClangs();
  return clang ?? (await probe('cc')) ?? (await probe('gcc'));
}

/** @param {string} name "clang 19.1.7" */
function majorVersion(name) {
  return Number(/ (\d+)/.exec(name)?.[1] ?? 0);
}

/**
 * @param {string} command
 * @returns {Promise<Compiler | null>} null when it is not installed
 */
async function probe(command) {
  try {
    const { stdout } = await run(command, ['--version'], { timeout: 20_000 });
    const version = stdout.split('\n', 1)[0]?.trim() ?? '';
    const number = /(\d+\.\d+\.\d+)/.exec(version)?.[1] ?? 'of unknown version';
    const kind = /clang/i.test(version) ? 'clang' : /gcc|free software foundation/i.test(stdout) ? 'gcc' : command;
    return { command, name: `${kind} ${number}`, version };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}

/**
 * Runs a compiler; throws an Error with what it said when it fails.
 *
 * @param {string} command
 * @param {readonly string[]} args
 */
export async function compile(command, args) {
  try {
    await run(command, [...args], { cwd: sourceFolder, timeout: 300_000, maxBuffer: 16 * 1024 * 1024 });
  } catch (error) {
    const said =
      error instanceof Error && 'stderr' in error ? String(error.stderr).trim().split('\n') : [String(error)];
    throw new Error(`${command} failed: ${said.slice(0, 5).join(' / ')}`, { cause: error });
  }
}
