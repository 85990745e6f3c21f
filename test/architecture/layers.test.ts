/** The walls hold: the real tree is clean, and one planted violation of every rule is caught by its tool. */

import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from './planted.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const TREES = ['engine', 'electron', 'renderer'];

interface Ran {
  readonly status: number | null;
  readonly output: string;
}

function run(command: string, args: readonly string[], cwd: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

interface CruiseResult {
  readonly summary: {
    readonly violations: readonly {
      readonly from: string;
      readonly cycle?: readonly { readonly name: string }[];
      readonly rule: { readonly name: string };
    }[];
  };
  readonly modules: readonly { readonly source: string }[];
}
const cruise = async (cwd: string): Promise<CruiseResult> => {
  const args = [...TREES, '--config', '.dependency-cruiser.cjs', '--output-type', 'json'];
  return JSON.parse((await run(bin('depcruise'), args, cwd)).output) as CruiseResult;
};

/** A copy of the sources with the violations of one tool planted in it. */
function plantedTree(tool: 'depcruise' | 'tsc' | 'eslint'): string {
  const folder = mkdtempSync(join(tmpdir(), `descent-layers-${tool}-`));
  for (const name of [...TREES, 'tsconfig.base.json', 'eslint.config.mjs', '.dependency-cruiser.cjs', 'package.json']) {
    cpSync(join(root, name), join(folder, name), { recursive: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  for (const planted of PLANTED.filter((one) => one.tool === tool)) {
    const path = join(folder, planted.file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, planted.text);
  }
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('dependency rules', () => {
  let clean: CruiseResult;
  let planted: CruiseResult;
  beforeAll(async () => {
    const folder = plantedTree('depcruise');
    folders.push(folder);
    [clean, planted] = [await cruise(root), await cruise(folder)];
  }, 120_000);

  it('the tree itself breaks none', () => {
    expect(clean.summary.violations.map((violation) => `${violation.rule.name}: ${violation.from}`)).toEqual([]);
  });

  it.each(PLANTED.filter((one) => one.tool === 'depcruise'))('$expected catches $file', ({ expected, file }) => {
    // A cycle is reported once, at whichever of its files comes first.
    const caught = planted.summary.violations.filter(
      (violation) => violation.from === file || (violation.cycle ?? []).some(({ name }) => name === file),
    );
    expect(caught.map((violation) => violation.rule.name)).toContain(expected);
  });

  const require = createRequire(import.meta.url);
  const { forbidden } = require('../../.dependency-cruiser.cjs') as {
    forbidden: { name: string; from: { path?: string; pathNot?: string } }[];
  };

  it.each(forbidden)('$name is about at least one real file', ({ from }) => {
    const matches = clean.modules.filter(
      ({ source }) =>
        TREES.some((tree) => source.startsWith(`${tree}/`)) &&
        (from.path === undefined || new RegExp(from.path).test(source)) &&
        (from.pathNot === undefined || !new RegExp(from.pathNot).test(source)),
    );
    expect(matches.length).toBeGreaterThan(0);
  });

  it('every rule has a planted violation', () => {
    const covered = new Set(PLANTED.map((one) => one.expected));
    expect(forbidden.map((rule) => rule.name).filter((name) => !covered.has(name))).toEqual([]);
  });
});

describe('compiler walls', () => {
  const projects = ['engine', 'electron', 'renderer'] as const;
  let output = '';
  beforeAll(async () => {
    const folder = plantedTree('tsc');
    folders.push(folder);
    for (const project of projects) {
      const result = await run(bin('vue-tsc'), ['-b', project, '--pretty', 'false'], folder);
      output += result.output;
    }
  }, 300_000);

  it.each(PLANTED.filter((one) => one.tool === 'tsc'))('tsc catches $file', ({ expected, file }) => {
    const lines = output.split('\n').filter((line) => line.includes(file));
    expect(lines.join('\n')).toContain(expected);
  });
});

describe('lint walls', () => {
  let results: readonly { filePath: string; messages: readonly { ruleId: string | null; message: string }[] }[] = [];
  let folder = '';
  beforeAll(async () => {
    folder = plantedTree('eslint');
    folders.push(folder);
    const files = PLANTED.filter((one) => one.tool === 'eslint').map((one) => one.file);
    const { output } = await run(bin('eslint'), ['--format', 'json', ...files], folder);
    results = JSON.parse(output.slice(output.indexOf('['))) as typeof results;
  }, 120_000);

  it.each(PLANTED.filter((one) => one.tool === 'eslint'))('ESLint catches $file', ({ expected, file }) => {
    const result = results.find((one) => relative(folder, one.filePath) === file);
    const messages = (result?.messages ?? []).map((message) => `${message.ruleId}: ${message.message}`);
    expect(messages.join('\n')).toContain(expected);
  });
});

describe('folders', () => {
  it('holds no drawer for odds and ends', () => {
    const names: string[] = [];
    const visit = (folder: string): void => {
      for (const entry of readdirSync(folder, { withFileTypes: true })) {
        if (entry.isDirectory()) visit(join(folder, entry.name));
        names.push(entry.name.replace(/\..*$/, ''));
      }
    };
    for (const tree of TREES) visit(join(root, tree));
    expect(names.filter((name) => /^(utils?|helpers?|misc|common|shared)$/.test(name))).toEqual([]);
    expect(TREES.every((tree) => existsSync(join(root, tree)))).toBe(true);
  });
});
