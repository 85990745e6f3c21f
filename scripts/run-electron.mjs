import { resolve } from 'node:path';
import { bootstrap } from './bootstrap/bootstrap.mjs';
import { runForeground } from './bootstrap/child.mjs';
import { needsVirtualDisplay, startVirtualDisplay } from './bootstrap/display.mjs';
import { createProgress } from './bootstrap/progress.mjs';
import { SetupError, runMain } from './bootstrap/setup-error.mjs';
import { electronLaunchOptions } from './electron-runtime.mjs';

/** `node scripts/run-electron.mjs FOLDER [arguments]`: starts any application folder in the project's Electron. */
await runMain(async () => {
  const [folder, ...args] = process.argv.slice(2);
  if (folder === undefined) throw new SetupError('Which folder?', 'node scripts/run-electron.mjs FOLDER [arguments]');
  await bootstrap({ progress: createProgress(), electron: true });
  const virtual = needsVirtualDisplay() ? await startVirtualDisplay() : null;
  try {
    const { executablePath, args: launchArgs, env } = electronLaunchOptions({ appFolder: resolve(folder), args });
    return await runForeground(executablePath, launchArgs, { env: virtual ? { ...env, DISPLAY: virtual.name } : env });
  } finally {
    await virtual?.stop();
  }
});
