import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderSize, isMissing, runWatched } from './child.mjs';
import { errorLines } from './npm.mjs';
import { megabytes, silentProgress } from './progress.mjs';

/** Less than this within the limit counts as no progress: a server that drips bytes must not hold the start up. */
const leastProgress = 262_144;

/**
 * The official Electron as the npm package's own installer leaves it: `dist/` and, written last, `path.txt`.
 *
 * @param {string} packageFolder node_modules/electron
 * @returns {{ executablePath: string, version: string } | null} null when it is not there, or not whole
 */
export function findOfficialElectron(packageFolder) {
  try {
    const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
    const installed = readFileSync(join(packageFolder, 'dist', 'version'), 'utf8')
      .trim()
      .replace(/^v/, '');
    const executablePath = join(packageFolder, 'dist', readFileSync(join(packageFolder, 'path.txt'), 'utf8').trim());
    return installed === version && existsSync(executablePath) ? { executablePath, version } : null;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/**
 * Downloads the official Electron with the electron package's own installer, which also checks the release's
 * checksums and honours its mirror variables (ELECTRON_MIRROR, electron_config_cache …).
 *
 * @param {object} options
 * @param {string} options.packageFolder node_modules/electron
 * @param {string} options.node the installer needs Node 22.12 or newer
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.stallSeconds] gives up when nothing has come for so long; a download that gets on goes on
 * @param {import('./progress.mjs').Progress} [options.progress]
 * @returns {Promise<{ ok: true } | { ok: false, reason: string }>}
 */
export async function installOfficialElectron(options) {
  const { packageFolder, node, env = process.env, stallSeconds = 18, progress = silentProgress } = options;
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const step = progress.step(`getting Electron ${version} (official download)`);
  // The installer shows no progress of its own; what it has written into its temporary folder is the progress.
  const temporary = mkdtempSync(join(tmpdir(), 'descent-electron-'));
  try {
    const result = await runWatched(node, [join(packageFolder, 'install.js')], {
      cwd: packageFolder,
      env: installerEnvironment(env, temporary),
      measure: () => folderSize(temporary) + folderSize(join(packageFolder, 'dist')),
      stallSeconds,
      minimumGrowth: leastProgress,
      onProgress: (bytes) => step.update(bytes === 0 ? '' : megabytes(bytes)),
    });
    if (result.code === 0 && findOfficialElectron(packageFolder) !== null) {
      step.done();
      return { ok: true };
    }
    const reason = result.stalled ? `next to nothing came for ${stallSeconds} seconds` : shortReason(result.stderr);
    step.failed(reason);
    return { ok: false, reason };
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} temporary
 * @returns {NodeJS.ProcessEnv}
 */
function installerEnvironment(env, temporary) {
  const proxied = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'].some((name) => env[name]);
  return {
    ...env,
    TMPDIR: temporary,
    TMP: temporary,
    TEMP: temporary,
    ELECTRON_GET_NO_PROGRESS: '1',
    // Node's own fetch honours proxies and the system's certificates only when it is told to.
    ...(proxied ? { NODE_USE_ENV_PROXY: '1' } : {}),
    NODE_USE_SYSTEM_CA: env.NODE_USE_SYSTEM_CA ?? '1',
  };
}

/** @param {string} stderr */
function shortReason(stderr) {
  return errorLines(stderr).replace(/^(Type)?Error: /, '') || 'the installer ended without a message';
}
