import { dirname, join } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { needsVirtualDisplay, startVirtualDisplay } from './bootstrap/display.mjs';
import { projectFolder } from './bootstrap/paths.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { runMain } from './bootstrap/setup-error.mjs';
import { electronLaunchOptions } from './electron-runtime.mjs';

/** How Chromium ends (SIGTRAP) when it may not start its sandbox, among other defects of a system. */
const trapped = 133;

/**
 * Some systems forbid the user namespaces the sandbox is made of (Ubuntu since 23.10, many containers).
 *
 * @param {string} executablePath
 */
function sandboxHelp(executablePath) {
  const helper = join(dirname(executablePath), 'chrome-sandbox');
  return [
    'if Chromium says above that its sandbox helper is not configured, run this once, then the command again:',
    `  sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
  ].join('\n');
}

/** `npm start [-- switches for the app]`: sets up what is missing and opens the studio. */
await runMain(async () => {
  const progress = createProgress();
  await bootstrap({ progress, electron: true, build: ['kernels', 'programs', 'renderer'] });
  const virtual = needsVirtualDisplay() ? await startVirtualDisplay() : null;
  try {
    /** @type {string[]} */
    const quiet = [];
    if (virtual !== null) {
      progress.note(
        `there is no display here: the studio runs on a virtual one (DISPLAY=${virtual.name}), where nobody sees it`,
      );
      progress.note('to train in the terminal instead: npm run -s descent -- train examples/digits.json');
      // A machine without a desktop has no message bus either, and Chromium would complain about it line by line.
      quiet.push('--log-level=3');
    }
    const launch = electronLaunchOptions({ args: [...quiet, ...process.argv.slice(2)] });
    if (!launch.sandboxed) progress.note("running as root: Chromium's sandbox is off (--no-sandbox)");
    const env = virtual === null ? launch.env : { ...launch.env, DISPLAY: virtual.name };
    const status = await runForeground(launch.executablePath, launch.args, { cwd: projectFolder, env });
    if (status === trapped && launch.sandboxed) progress.note(sandboxHelp(launch.executablePath));
    return status;
  } finally {
    await virtual?.stop();
  }
});
