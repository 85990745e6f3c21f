import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compileWasm, readWasmRecord, sha256, wasmSourceHash } from '../../../scripts/build-wasm.mjs';
import { findClangs, wasmFile } from '../../../scripts/compiler.mjs';

describe('descent.wasm', () => {
  const record = readWasmRecord();

  test('was built from the sources as they are (else run: node scripts/build-wasm.mjs)', () => {
    expect(wasmSourceHash()).toBe(record.sourceHash);
  });

  test('is the file its record speaks of', () => {
    expect(sha256(readFileSync(wasmFile))).toBe(record.wasmHash);
  });

  test('is what the sources give, byte for byte, under the recorded compiler', async ({ skip }) => {
    const clangs = await findClangs();
    const recorded = clangs.find(({ version }) => version === record.compiler);
    if (recorded === undefined) {
      const here = clangs.map(({ version }) => version).join('; ') || 'no clang';
      return skip(`it was built by ${record.compiler}, which is not installed (${here} is)`);
    }
    let bytes: Uint8Array;
    try {
      bytes = await compileWasm(recorded.command);
    } catch (error) {
      if (!/wasm-ld/.test(String(error))) throw error;
      return skip(`the linker lld that belongs to ${record.compiler} is not installed`);
    }
    expect(sha256(bytes)).toBe(record.wasmHash);
  });
});
