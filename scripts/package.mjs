import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { withLock } from './bootstrap/lock.mjs';
import { outFolder, projectFolder } from './bootstrap/paths.mjs';
import { programFile } from './bootstrap/program-file.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { SetupError, runMain } from './bootstrap/setup-error.mjs';
import { buildPrograms } from './build.mjs';
import { installedElectron } from './electron-runtime.mjs';

/** @typedef {import('./electron-runtime.mjs').ElectronRuntime} ElectronRuntime */

const distFolder = join(projectFolder, 'dist');
const stage = join(distFolder, 'stage');
const electronCopy = join(distFolder, 'electron');

/** The fallback's SQLite is not the one the store would load by itself. */
const packagedSqlite = `process.env.DESCENT_SQLITE ||= require('node:path').join(__dirname, '..', '..', 'node_modules', 'better-sqlite3');`;

/**
 * `npm run package [-- --for-tests] [electron-builder arguments]`: the app as a folder that runs without the checkout
 * (or, with arguments such as `--linux deb`, whatever electron-builder makes). `--for-tests` lets Chromium's debugging
 * port drive the package, which a package for people refuses.
 */
await runMain(async () => {
  const forTests = process.argv.includes('--for-tests');
  const targets = process.argv.slice(2).filter((argument) => argument !== '--for-tests');
  const progress = createProgress();
  const { node, env } = await bootstrap({ progress, electron: true, build: ['kernels', 'programs', 'renderer'] });
  const runtime = installedElectron();
  if (runtime === null) throw new Error('no Electron right after the set-up found one');
  if (runtime.source === 'fallback' && targets.length > 0) {
    throw new SetupError(
      'Only the fallback Electron is here, and it must not be given to people: it is old and of unverified origin.',
      'Package on a machine that reaches the official Electron download; here, "npm run package" makes a folder to try.',
    );
  }
  return withLock(join(projectFolder, '.cache', 'package.lock'), progress, async () => {
    await stageApp(runtime, forTests);
    const output = forTests ? join(distFolder, 'for-tests') : distFolder;
    const status = await pack(runtime, output, targets, node, env);
    if (status !== 0) throw new SetupError('electron-builder failed.', 'Its messages above say why.');
    rmSync(stage, { recursive: true, force: true });
    rmSync(electronCopy, { recursive: true, force: true });
    progress.note(`packaged into ${output}`);
    if (runtime.source === 'fallback') {
      progress.note(
        'NOT FOR RELEASE: packaged with the fallback Electron, to be tried on this machine only (docs/adr/0002-fallback-electron-runtime.md)',
      );
    }
    return 0;
  });
});

/**
 * Puts what goes into the package into dist/stage: bundles, pages, kernels, and the one module that is not bundled.
 *
 * @param {ElectronRuntime} runtime
 * @param {boolean} forTests
 */
async function stageApp(runtime, forTests) {
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(stage, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8'));
  const { name, productName, version, description, license, author, homepage, main } = manifest;
  const dependencies = stageSqlite(runtime);
  const staged = { name, productName, version, description, license, author, homepage, main, dependencies };
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(staged, null, 2)}\n`);
  const banner = runtime.sqlite === null ? '' : packagedSqlite;
  await buildPrograms({ out: join(stage, 'out'), testBuild: forTests, banner, only: 'cjs', sourcemap: false });
  cpSync(join(outFolder, 'renderer'), join(stage, 'out', 'renderer'), { recursive: true });
  cpSync(join(outFolder, 'native'), join(stage, 'out', 'native'), { recursive: true });
}

/**
 * Copies better-sqlite3 and, of the fallback's older one, the modules that load its binary.
 *
 * @param {ElectronRuntime} runtime
 * @returns {Record<string, string>} the dependencies to name in the staged package.json
 */
function stageSqlite(runtime) {
  const source = runtime.sqlite === null ? join(projectFolder, 'node_modules') : dirname(runtime.sqlite);
  const names = runtime.sqlite === null ? ['better-sqlite3'] : readdirSync(source);
  /** @type {Record<string, string>} */
  const dependencies = {};
  for (const name of names) {
    const target = join(stage, 'node_modules', name);
    cpSync(join(source, name), target, {
      recursive: true,
      filter: (path) => isNeeded(relative(join(source, name), path)),
    });
    const manifest = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
    dependencies[name] = manifest.version;
    // Packages it needs only where it is compiled are not here, and electron-builder would look for them.
    manifest.dependencies = Object.fromEntries(
      Object.entries(manifest.dependencies ?? {}).filter(([dependency]) => names.includes(dependency)),
    );
    writeFileSync(join(target, 'package.json'), JSON.stringify(manifest, null, 2));
  }
  return dependencies;
}

/**
 * Leaves out a module's sources and its binaries for other systems.
 *
 * @param {string} path inside the module
 */
function isNeeded(path) {
  const [first, second] = path.split(sep);
  if (['src', 'deps', 'binding.gyp'].includes(first ?? '')) return false;
  return first !== 'prebuilds' || second === undefined || second.startsWith(process.platform);
}

/**
 * @param {ElectronRuntime} runtime
 * @param {string} output
 * @param {readonly string[]} targets
 * @param {string} node
 * @param {NodeJS.ProcessEnv} env
 */
async function pack(runtime, output, targets, node, env) {
  const electronDist = electronFolder(runtime);
  const settings = [
    `-c.electronDist=${electronDist}`,
    `-c.electronVersion=${runtime.version}`,
    `-c.directories.output=${output}`,
  ];
  const chosen = targets.length > 0 ? targets : ['--dir'];
  return runForeground(node, [programFile('electron-builder'), '--publish', 'never', ...chosen, ...settings], {
    cwd: projectFolder,
    // Without a certificate named there is nothing to sign with, and nothing to search the machine for.
    env: {
      CSC_IDENTITY_AUTO_DISCOVERY: 'false',
      ...env,
      ELECTRON_BUILDER_CACHE: join(projectFolder, '.cache', 'electron-builder'),
    },
  });
}

/**
 * The folder of an unpacked Electron without an application in it: the fallback's launcher would be packed as well.
 *
 * @param {ElectronRuntime} runtime
 */
function electronFolder(runtime) {
  const folder =
    process.platform === 'darwin'
      ? join(dirname(runtime.executablePath), '..', '..', '..')
      : dirname(runtime.executablePath);
  const app = join(folder, 'resources', 'app');
  if (!existsSync(app)) return folder;
  rmSync(electronCopy, { recursive: true, force: true });
  cpSync(folder, electronCopy, {
    recursive: true,
    filter: (path) => path !== app && !path.endsWith('descent-runtime.json'),
  });
  return electronCopy;
}
