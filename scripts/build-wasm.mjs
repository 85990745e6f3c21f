import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { commonFlags, compile, findClangs, sourceFolder, sourceHash, wasmFile } from './compiler.mjs';

/**
 * Rebuilds engine/kernels/native/descent.wasm from its source, with clang and lld (Debian: clang-19, lld-19), and
 * records what made it in descent.wasm.json. Both are committed; run `node scripts/build-wasm.mjs` after a change.
 */

export const wasmRecordFile = join(sourceFolder, 'descent.wasm.json');

const wasmFlags = [
  '--target=wasm32',
  '-msimd128',
  '-mbulk-memory',
  '-ffreestanding',
  '-nostdlib',
  '-Wl,--no-entry',
  '-Wl,--import-memory',
  '-Wl,--export=__heap_base',
  '-Wl,--strip-all',
  '-Wl,-z,stack-size=262144',
];

/**
 * @typedef {object} WasmRecord
 * @property {string} compiler the first line of `clang --version`
 * @property {string} sourceHash of the C files and flags
 * @property {string} wasmHash sha256 of descent.wasm
 */

/** What the committed sources hash to; the record must say the same. */
export function wasmSourceHash() {
  return sourceHash([...commonFlags, ...wasmFlags], ['addon.c']);
}

/** @returns {WasmRecord} */
export function readWasmRecord() {
  return JSON.parse(readFileSync(wasmRecordFile, 'utf8'));
}

/**
 * Compiles the sources with the given clang.
 *
 * @param {string} command
 * @returns {Promise<Buffer>}
 */
export async function compileWasm(command) {
  const folder = mkdtempSync(join(tmpdir(), 'descent-wasm-'));
  try {
    const output = join(folder, 'descent.wasm');
    await compile(command, [...commonFlags, ...wasmFlags, 'kernels.c', '-o', output]);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {Uint8Array} bytes */
export function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

async function main() {
  const [clang] = await findClangs();
  if (clang === undefined) {
    process.stderr.write('clang 16 or newer is needed, with lld (Debian: apt-get install clang-19 lld-19)\n');
    process.exitCode = 1;
    return;
  }
  const bytes = await compileWasm(clang.command);
  writeFileSync(wasmFile, bytes);
  /** @type {WasmRecord} */
  const record = { compiler: clang.version, sourceHash: wasmSourceHash(), wasmHash: sha256(bytes) };
  writeFileSync(wasmRecordFile, `${JSON.stringify(record, null, 2)}\n`);
  process.stderr.write(`descent.wasm: ${bytes.length} bytes, ${clang.version}\n`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
