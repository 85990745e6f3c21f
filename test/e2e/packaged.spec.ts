import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, expect, test } from '@playwright/test';
import { isRootOnLinux } from '../../scripts/electron-runtime.mjs';

const run = promisify(execFile);
const project = resolve(import.meta.dirname, '..', '..');
const executable = join(project, 'dist', 'for-tests', 'linux-unpacked', 'descent');

/** Starts the package and waits for the address Chromium's debugging port prints. */
async function startPackage(home: string): Promise<{ app: ChildProcess; address: string }> {
  const sandbox = isRootOnLinux() ? ['--no-sandbox'] : [];
  const { DESCENT_SQLITE: _, ...env } = process.env;
  const app = spawn(executable, [...sandbox, '--remote-debugging-port=0'], {
    env: { ...env, DESCENT_HOME: home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  const address = await new Promise<string>((found, failed) => {
    app.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const match = /DevTools listening on (ws:\S+)/.exec(said);
      if (match?.[1] !== undefined) found(match[1]);
    });
    app.once('exit', (code) => failed(new Error(`the package ended with status ${code}:\n${said}`)));
  });
  return { app, address };
}

test.describe('the packaged app', () => {
  test.skip(process.platform !== 'linux', 'only the Linux folder is packaged here');
  test.setTimeout(240_000);

  test('is packed, starts without the checkout, shows its window, and keeps its fuses', async () => {
    await run(process.execPath, [join(project, 'scripts', 'package.mjs'), '--for-tests'], { cwd: project });

    const wire = await getCurrentFuseWire(executable);
    const state = (fuse: FuseV1Options) => String.fromCharCode(Number(wire[fuse]));
    expect(state(FuseV1Options.RunAsNode)).toBe('0');
    expect(state(FuseV1Options.EnableNodeCliInspectArguments)).toBe('0');
    expect(state(FuseV1Options.EnableNodeOptionsEnvironmentVariable)).toBe('0');
    expect(state(FuseV1Options.OnlyLoadAppFromAsar)).toBe('1');

    const home = mkdtempSync(join(tmpdir(), 'descent-packaged-'));
    const { app, address } = await startPackage(home);
    try {
      const browser = await chromium.connectOverCDP(address);
      const context = browser.contexts()[0];
      const page = context?.pages()[0] ?? (await context?.waitForEvent('page'));
      if (page === undefined) throw new Error('the package opened no window');
      await expect(page).toHaveURL(/^app:\/\/studio\//);
      await expect(page).toHaveTitle(/Descent/);
      // The page asks the store for the runs before it shows them: bridge, main process, store worker and SQLite all work.
      await expect(page.locator('#app')).toContainText(/\S/);
      await expect(page.locator('h1, h2').first()).toBeVisible();
      await browser.close();
    } finally {
      const ended = once(app, 'close');
      app.kill('SIGTERM');
      await ended;
      rmSync(home, { recursive: true, force: true });
    }
  });
});
