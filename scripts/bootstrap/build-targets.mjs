import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isUpToDate } from './fingerprint.mjs';
import { installedCompilerGrade } from './installed-compilers.mjs';
import { outFolder, projectFolder } from './paths.mjs';

/**
 * What is built from what. `kernels`: the compiled and WebAssembly kernels; `programs`: main process, preload, workers
 * and command line; `renderer`: the window's pages.
 *
 * @typedef {'kernels' | 'programs' | 'renderer'} TargetName
 *
 * @typedef {object} Target
 * @property {readonly string[]} inputs
 * @property {readonly string[]} [without]
 * @property {readonly (string | readonly string[])[]} outputs what must exist; a list inside stands for "one of these"
 */

/** @type {Readonly<Record<TargetName, Target>>} */
export const targets = {
  kernels: {
    inputs: [
      'engine/kernels/native',
      'scripts/build.mjs',
      'scripts/build-native.mjs',
      'scripts/compiler.mjs',
      'scripts/bootstrap/installed-compilers.mjs',
      'package-lock.json',
    ],
    outputs: ['native/descent.wasm', ['native/descent-kernels.node', 'native/not-built.txt']],
  },
  programs: {
    inputs: ['engine', 'electron', 'scripts/build.mjs', 'package-lock.json'],
    without: ['engine/kernels/native'],
    outputs: [
      'electron/main.cjs',
      'electron/preload.cjs',
      'electron/train.worker.cjs',
      'electron/store.worker.cjs',
      'cli/descent.mjs',
    ],
  },
  renderer: {
    inputs: [
      'renderer',
      'engine/spec',
      'engine/lab',
      'electron/contract',
      'vite.config.ts',
      'scripts/build.mjs',
      'package-lock.json',
    ],
    outputs: ['renderer/index.html'],
  },
};

/**
 * @param {TargetName} name
 * @returns {import('./fingerprint.mjs').Inputs}
 */
export function inputsOf(name) {
  const { inputs, without } = targets[name];
  // The compiled kernels belong to one system, and a better compiler makes better ones; the other targets run anywhere.
  const compiler = process.env['DESCENT_CC'] || installedCompilerGrade();
  const extra = name === 'kernels' ? `${process.platform} ${process.arch} ${compiler}` : '';
  return { folder: projectFolder, paths: inputs, extra, ...(without ? { without } : {}) };
}

/**
 * @param {TargetName} name
 * @returns {string}
 */
export function stampOf(name) {
  return join(outFolder, '.stamps', `${name}.json`);
}

/**
 * Of the named targets those that are missing or older than their inputs.
 *
 * @param {readonly TargetName[]} names
 * @returns {TargetName[]}
 */
export function staleTargets(names) {
  return names.filter((name) => {
    const complete = targets[name].outputs.every((output) =>
      [output].flat().some((path) => existsSync(join(outFolder, path))),
    );
    return !complete || !isUpToDate(inputsOf(name), stampOf(name));
  });
}
