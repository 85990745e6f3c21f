import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { isMissing } from './bootstrap/child.mjs';
import { installedCompilerGrade } from './bootstrap/installed-compilers.mjs';
import { outFolder } from './bootstrap/paths.mjs';
import { commonFlags, compile, findCompiler, forcedCompiler, sourceHash, wasmFile } from './compiler.mjs';

/**
 * Compiles the native kernels by calling the C compiler itself, with the headers of `node-api-headers`; no node-gyp,
 * which would download its own. The result works in every Node and Electron with Node-API 8.
 */

/** Instruction sets to compile kernels.c for, by processor. */
const levelFlags = {
  x64: {
    avx2: ['-mavx2', '-mfma'],
    avx512: ['-mavx2', '-mfma', '-mavx512f', '-mavx512dq', '-mavx512bw', '-mavx512vl', '-mprefer-vector-width=512'],
  },
  arm64: { neon: [] },
};

/**
 * @typedef {object} NativeBuild
 * @property {boolean} ok
 * @property {string | null} path the addon
 * @property {string | null} compiler "clang 19.1.7"
 * @property {string | null} message why there is none
 */

/**
 * Builds out/native/descent-kernels.node and its record out/native/descent-kernels.json (compiler, source hash), and
 * puts descent.wasm beside them. Does nothing when the sources are the recorded ones and no better compiler has been
 * installed since. Never throws: without native kernels the WebAssembly ones do the work.
 *
 * @param {{ log?: (line: string) => void, folder?: string, grade?: number }} [options] grade: how good a compiler is
 *   installed
 * @returns {Promise<NativeBuild>}
 */
export async function buildNative({
  log = () => {},
  folder = join(outFolder, 'native'),
  grade = installedCompilerGrade(),
} = {}) {
  try {
    mkdirSync(folder, { recursive: true });
    placeFile(wasmFile, join(folder, 'descent.wasm'));
    const compiler = await buildAddon(folder, log, grade);
    return { ok: true, path: join(folder, 'descent-kernels.node'), compiler, message: null };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    log(`native kernels not built (${message}); the WebAssembly kernels take over`);
    return { ok: false, path: null, compiler: null, message };
  }
}

/**
 * @param {string} folder
 * @param {(line: string) => void} log
 * @param {number} grade
 * @returns {Promise<string>} the compiler's name
 */
async function buildAddon(folder, log, grade) {
  const addonFile = join(folder, 'descent-kernels.node');
  const recordFile = join(folder, 'descent-kernels.json');
  const levels = process.arch === 'x64' || process.arch === 'arm64' ? levelFlags[process.arch] : null;
  if (levels === null || process.platform === 'win32') {
    throw new Error(`there is no native build for ${process.platform} on ${process.arch}`);
  }
  const headers = headersFolder();
  const shared = process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared'];
  const hash = sourceHash([
    process.platform,
    process.arch,
    ...commonFlags,
    JSON.stringify(levels),
    ...shared,
    forcedCompiler,
  ]);
  const record = existsSync(addonFile) ? readRecord(recordFile) : null;
  const usable = record?.sourceHash === hash ? record : null;
  if (usable !== null && (forcedCompiler !== '' || grade <= (usable.grade ?? 0))) return usable.compiler;

  const compiler = await findCompiler();
  if (compiler === null && usable !== null) return usable.compiler;
  if (compiler === null) throw new Error(`no C compiler found (${forcedCompiler || 'clang, cc and gcc'} tried)`);
  log(`compiling the native kernels with ${compiler.name}`);
  const workshop = mkdtempSync(join(folder, 'build-'));
  /** @param {{ compiler: string, version: string }} by */
  const writeRecord = ({ compiler, version }) => {
    // The best compiler there was, not only the one that worked: one that fails is not tried again at every start.
    writeFileSync(
      join(workshop, 'record.json'),
      `${JSON.stringify({ compiler, version, grade, sourceHash: hash }, null, 2)}\n`,
    );
    renameSync(join(workshop, 'record.json'), recordFile);
  };
  try {
    const objects = [...Object.keys(levels), 'addon'].map((name) => join(workshop, `${name}.o`));
    const jobs = Object.entries(levels).map(([level, flags]) => [...flags, `-DLEVEL=${level}`, '-c', 'kernels.c']);
    jobs.push(['-I', headers, '-c', 'addon.c']);
    await Promise.all(
      jobs.map((args, i) => compile(compiler.command, [...commonFlags, '-fPIC', ...args, '-o', objects[i] ?? ''])),
    );
    const linked = join(workshop, 'descent-kernels.node');
    await compile(compiler.command, [...shared, ...objects, '-o', linked]);
    // The record last: a build that is cut short is done again.
    rmSync(recordFile, { force: true });
    renameSync(linked, addonFile);
    writeRecord({ compiler: compiler.name, version: compiler.version });
  } catch (error) {
    if (usable === null) throw error;
    log(`the kernels of ${usable.compiler} stay (${error instanceof Error ? error.message : String(error)})`);
    writeRecord(usable);
    return usable.compiler;
  } finally {
    rmSync(workshop, { recursive: true, force: true });
  }
  return compiler.name;
}

function headersFolder() {
  const manifest = createRequire(import.meta.url).resolve('node-api-headers/package.json');
  return join(dirname(manifest), 'include');
}

/**
 * @param {string} recordFile
 * @returns {{ compiler: string, version: string, sourceHash: string, grade?: number } | null}
 */
function readRecord(recordFile) {
  try {
    const record = JSON.parse(readFileSync(recordFile, 'utf8'));
    return typeof record?.compiler === 'string' && typeof record.sourceHash === 'string' ? record : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * Copies a file in one step, so that nobody reads half of it.
 *
 * @param {string} from
 * @param {string} to
 */
function placeFile(from, to) {
  const temporary = `${to}.${process.pid}`;
  copyFileSync(from, temporary);
  renameSync(temporary, to);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { ok, path, compiler } = await buildNative({ log: (line) => process.stderr.write(`${line}\n`) });
  if (ok) process.stderr.write(`${path} (${compiler})\n`);
  process.exitCode = ok ? 0 : 1;
}
