import { existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inputsOf, stampOf, staleTargets, targets } from './bootstrap/build-targets.mjs';
import { ensureDependencies } from './bootstrap/dependencies.mjs';
import { takeStamp, writeStamp } from './bootstrap/fingerprint.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { outFolder, projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { SetupError, runMain } from './bootstrap/setup-error.mjs';

/** @typedef {import('./bootstrap/build-targets.mjs').TargetName} TargetName */
/** @typedef {import('./bootstrap/progress.mjs').Progress} Progress */

/** What must be there; the other workers are whatever `electron/workers` holds. */
const requiredPrograms = [
  'electron/main/main.ts',
  'electron/preload/preload.ts',
  'electron/workers/train.worker.ts',
  'electron/workers/store.worker.ts',
  'electron/cli/descent.ts',
];

/**
 * The bundled programs: where they come from and go to.
 *
 * @returns {{ from: string, to: string, format: 'cjs' | 'esm' }[]}
 */
function programs() {
  for (const path of requiredPrograms) requireInput(path);
  const workers = readdirSync(join(projectFolder, 'electron', 'workers')).filter((name) => name.endsWith('.worker.ts'));
  return [
    { from: 'electron/main/main.ts', to: 'electron/main.cjs', format: 'cjs' },
    { from: 'electron/preload/preload.ts', to: 'electron/preload.cjs', format: 'cjs' },
    ...workers.map((name) => ({
      from: `electron/workers/${name}`,
      to: `electron/${name.replace(/\.ts$/, '.cjs')}`,
      format: /** @type {const} */ ('cjs'),
    })),
    { from: 'electron/cli/descent.ts', to: 'cli/descent.mjs', format: 'esm' },
  ];
}

/** @type {Readonly<Record<TargetName, (progress: Progress) => Promise<string>>>} */
const builders = { kernels: buildKernels, programs: () => buildPrograms(), renderer: () => buildRenderer() };

/**
 * Builds what changed of the named targets.
 *
 * @param {readonly TargetName[]} names
 * @param {Progress} progress
 */
export async function build(names, progress) {
  if (staleTargets(names).length === 0) return;
  await withLock(join(projectFolder, '.cache', 'build.lock'), progress, async () => {
    for (const name of staleTargets(names)) {
      const stamp = takeStamp(inputsOf(name));
      const step = progress.step(`building the ${name}`);
      try {
        step.done(await builders[name](progress));
      } catch (error) {
        step.failed(error instanceof Error ? /** @type {string} */ (error.message.split('\n')[0]) : String(error));
        throw error;
      }
      writeStamp(stampOf(name), stamp);
    }
  });
}

/**
 * Bundles main process, preload, workers and command line.
 *
 * @param {{ out?: string, testBuild?: boolean, banner?: string, only?: 'cjs' | 'esm', sourcemap?: boolean }} [options] testBuild: the
 *   package may be driven through Chromium's debugging port; banner: code to run first in the main process
 * @returns {Promise<string>}
 */
export async function buildPrograms({ out = outFolder, testBuild = false, banner = '', only, sourcemap = true } = {}) {
  const esbuild = await import('esbuild');
  const chosen = programs().filter(({ format }) => only === undefined || format === only);
  const results = await Promise.allSettled(
    chosen.map(({ from, to, format }) =>
      esbuild.build({
        ...formatOptions(format, from.includes('preload')),
        absWorkingDir: projectFolder,
        entryPoints: [from],
        outfile: join(out, to),
        bundle: true,
        platform: 'node',
        // App code stays within what Electron 33 and 45 both have.
        target: 'node20',
        // The queue's client finds parts of itself by their place on the disk; the command line alone loads it.
        external: ['electron', 'better-sqlite3', 'bullmq', 'ioredis'],
        // Libraries that offer modules are bundled as modules: nothing then needs `require` at run time.
        mainFields: ['module', 'main'],
        sourcemap: sourcemap ? 'linked' : false,
        legalComments: 'none',
        logLevel: 'warning',
        define: { ...formatOptions(format, from.includes('preload')).define, __TEST_BUILD__: String(testBuild) },
        ...(banner && to.endsWith('main.cjs') ? { banner: { js: `${moduleUrl}\n${banner}` } } : {}),
      }),
    ),
  );
  const failed = results.filter((result) => result.status === 'rejected');
  if (failed.length > 0)
    throw new SetupError('The programs could not be bundled.', 'The messages above name the file and line.');
  return `${chosen.length} bundles`;
}

/** CommonJS has no import.meta; this stands in for it. */
const moduleUrl = `const descentModuleUrl = require('node:url').pathToFileURL(__filename).href;`;

/**
 * @param {'cjs' | 'esm'} format
 * @param {boolean} sandboxed the preload script has no node:url
 * @returns {{ format: 'cjs' | 'esm', define: Record<string, string>, banner?: { js: string } }}
 */
function formatOptions(format, sandboxed) {
  if (format === 'esm' || sandboxed) return { format, define: {} };
  const define = {
    'import.meta.url': 'descentModuleUrl',
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
  };
  return { format, define, banner: { js: moduleUrl } };
}

/** Bundles the pages beside their place and then swaps them in, so that no one sees half of them. */
async function buildRenderer() {
  requireInput('renderer/index.html');
  const { build: viteBuild } = await import('vite');
  const fresh = join(outFolder, `.renderer-${process.pid}`);
  try {
    await viteBuild({
      configFile: join(projectFolder, 'vite.config.ts'),
      // Node runs the file as it is; the other loaders write a copy into node_modules first.
      configLoader: 'native',
      logLevel: 'warn',
      build: { outDir: fresh, emptyOutDir: true },
    });
    rmSync(join(outFolder, 'renderer'), { recursive: true, force: true });
    renameSync(fresh, join(outFolder, 'renderer'));
  } catch (error) {
    throw new SetupError('The pages could not be bundled.', error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return '';
}

/**
 * Compiles the native kernels where a compiler is to be had (the others do their work where there is none), and puts
 * the WebAssembly ones beside them.
 *
 * @param {Progress} progress
 */
async function buildKernels(progress) {
  requireInput('engine/kernels/native/descent.wasm');
  const folder = join(outFolder, 'native');
  const notBuilt = join(folder, 'not-built.txt');
  rmSync(notBuilt, { force: true });
  const { buildNative } = await import('./build-native.mjs');
  const { ok, compiler, message } = await buildNative();
  if (ok) return `native (${compiler}) and WebAssembly`;
  // What an earlier source made must not be taken for what this one would.
  for (const name of ['descent-kernels.node', 'descent-kernels.json']) rmSync(join(folder, name), { force: true });
  progress.note(`no native kernels (${message}): training uses the WebAssembly ones`);
  writeFileSync(notBuilt, `${message}\n`);
  return 'WebAssembly only';
}

/** @param {string} path */
function requireInput(path) {
  if (existsSync(join(projectFolder, path))) return;
  throw new SetupError(
    `${path} is missing.`,
    'This checkout is not whole: "git status" shows what was deleted; clone it again if need be.',
  );
}

/** `npm run build [target …]` */
async function main() {
  const progress = createProgress();
  await ensureDependencies({ folder: projectFolder, progress });
  const known = /** @type {TargetName[]} */ (Object.keys(targets));
  const unknown = process.argv.slice(2).filter((name) => !known.includes(/** @type {TargetName} */ (name)));
  if (unknown.length > 0)
    throw new SetupError(`There is no build target ${unknown.join(', ')}.`, `There are: ${known.join(', ')}.`);
  const asked = /** @type {TargetName[]} */ (process.argv.slice(2));
  await build(asked.length > 0 ? asked : known, progress);
  return 0;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await runMain(main);
