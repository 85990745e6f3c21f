/** The real app, driven by Playwright: started with a fresh home folder, looked at, closed, killed, started again. */

import { _electron, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InvokeArgument, InvokeChannel, InvokeResult } from '../../../electron/contract/invoke.ts';
import type { Outcome } from '../../../electron/contract/outcome.ts';
import { unpackRows } from '../../../electron/contract/packed-rows.ts';
import type { RunSummary } from '../../../electron/contract/runs.ts';
import type { Settings } from '../../../electron/contract/settings.ts';
import { electronLaunchOptions } from '../../../scripts/electron-runtime.mjs';

export interface LaunchOptions {
  /** The home folder; a fresh one unless given. */
  readonly home?: string;
  /** Settings to start with. */
  readonly settings?: Partial<Settings>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Started instead of Electron, with the same arguments. */
  readonly executable?: string;
  readonly size?: { readonly width: number; readonly height: number };
}

const temporaryFolders: string[] = [];

/** A new, empty folder under the system's temporary one; `removeTemporaryFolders` takes it away again. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'descent-e2e-'));
  temporaryFolders.push(folder);
  return folder;
}

/** Removes every temporary folder this process made. No app may use them any more. */
export async function removeTemporaryFolders(): Promise<void> {
  for (const folder of temporaryFolders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Starts the app and waits for its page. `DESCENT_E2E_APP` names another build than the checkout's. */
export async function launchStudio(options: LaunchOptions = {}): Promise<StudioApp> {
  const home = options.home ?? (await temporaryFolder());
  if (options.settings !== undefined) await writeSettings(home, options.settings);
  const appFolder = process.env['DESCENT_E2E_APP'];
  const launch = electronLaunchOptions({
    args: options.args ?? [],
    env: { ...process.env, LANG: 'en_US.UTF-8', LANGUAGE: 'en', DESCENT_HOME: home, ...options.env },
    ...(appFolder === undefined ? {} : { appFolder }),
  });
  const { executablePath, args, env, sandboxed: chromiumSandbox } = launch;
  // Left alone, Playwright turns the sandbox off and pretends a light theme, whatever the app chose.
  const electron = await _electron.launch({
    executablePath: options.executable ?? executablePath,
    args,
    env,
    chromiumSandbox,
    colorScheme: null,
  });
  const studio = new StudioApp(electron, home);
  try {
    await studio.openPage(options.size ?? { width: 1280, height: 800 });
  } catch (error) {
    await studio.kill();
    throw new Error(`the app did not open its window:\n${studio.output}`, { cause: error });
  }
  return studio;
}

async function writeSettings(home: string, settings: Partial<Settings>): Promise<void> {
  const { mkdir, writeFile } = await import('node:fs/promises');
  await mkdir(home, { recursive: true });
  await writeFile(join(home, 'settings.json'), JSON.stringify(settings));
}

export class StudioApp {
  readonly electron: ElectronApplication;
  readonly home: string;
  /** Everything the process wrote to its terminal. */
  output = '';
  /** Exceptions and error messages of the page. */
  readonly pageErrors: string[] = [];
  #page: Page | null = null;
  #ended = false;
  #pids: number[] = [];

  constructor(electron: ElectronApplication, home: string) {
    this.electron = electron;
    this.home = home;
    const child = electron.process();
    child.stdout?.on('data', (text: Buffer) => (this.output += text.toString()));
    child.stderr?.on('data', (text: Buffer) => (this.output += text.toString()));
    child.on('exit', () => (this.#ended = true));
  }

  get page(): Page {
    if (this.#page === null) throw new Error('the window is not open');
    return this.#page;
  }

  get pid(): number {
    return this.electron.process().pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Waits for the window and its page. */
  async openPage(size: { readonly width: number; readonly height: number }): Promise<void> {
    const page = await this.electron.firstWindow();
    this.#page = page;
    page.on('pageerror', (error) => this.pageErrors.push(`${error.name}: ${error.message}\n${error.stack ?? ''}`));
    page.on('console', (message) => {
      if (message.type() === 'error') this.pageErrors.push(message.text());
    });
    await page.waitForLoadState('load');
    await this.electron.evaluate(({ BrowserWindow }, { width, height }) => {
      BrowserWindow.getAllWindows()[0]?.setContentSize(width, height);
    }, size);
    this.#pids = await this.electron.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid));
  }

  byId(testId: string): Locator {
    return this.page.getByTestId(testId);
  }

  /** Asks the main process what the page could ask, and unwraps the answer. */
  async invoke<C extends InvokeChannel>(channel: C, argument: InvokeArgument<C>): Promise<InvokeResult<C>> {
    const outcome = await this.page.evaluate(([name, value]) => window.studio.invoke(name, value), [
      channel,
      argument,
    ] as const);
    const { ok, ...rest } = outcome as Outcome<InvokeResult<C>>;
    if (!ok || !('value' in rest)) throw new Error(`${channel}: ${JSON.stringify(rest)}`);
    return rest.value;
  }

  /** The rows of the runs table, or of its trash, as the main process has them. */
  async runs({ trash }: { readonly trash: boolean } = { trash: false }): Promise<RunSummary[]> {
    return unpackRows(await this.invoke('run:list', { trash }));
  }

  /** The next save dialogs answer with this path; null cancels. */
  async answerSaveDialog(path: string | null): Promise<void> {
    await this.electron.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = () =>
        Promise.resolve(filePath === null ? { canceled: true, filePath: '' } : { canceled: false, filePath });
    }, path);
  }

  /** The next open dialogs answer with these paths, one each; the last one stays. */
  async answerOpenDialog(...paths: readonly string[]): Promise<void> {
    await this.electron.evaluate(
      ({ dialog }, answers) => {
        const rest = [...answers];
        dialog.showOpenDialog = () => {
          const path = rest.length > 1 ? rest.shift() : rest[0];
          return Promise.resolve(
            path === undefined ? { canceled: true, filePaths: [] } : { canceled: false, filePaths: [path] },
          );
        };
      },
      [...paths],
    );
  }

  /**
   * Runs a function in the page through the main process: the test's own connection to a page does not survive a
   * crash, the page does. The function must not use anything from around it.
   */
  async inPage<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>> {
    const source = `(${run.toString()})(${JSON.stringify(argument)})`;
    const result: unknown = await this.electron.evaluate(
      ({ BrowserWindow }, code) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(code) as unknown,
      source,
    );
    return result as Awaited<R>;
  }

  /**
   * Violations of the content security policy since the page was loaded, those before this call included: the browser
   * keeps its reports for an observer that comes later.
   */
  async policyViolations(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const found: string[] = [];
      const observer = new ReportingObserver(
        (reports) => {
          for (const report of reports) found.push(JSON.stringify(report));
        },
        { types: ['csp-violation'], buffered: true },
      );
      observer.observe();
      await new Promise((resolve) => setTimeout(resolve, 50));
      observer.disconnect();
      return found;
    });
  }

  /** Quits as a person would, and waits for the process to end. */
  async close(): Promise<void> {
    if (this.#ended) return;
    await this.electron.close();
  }

  /** Ends the main process without any warning, and what it leaves behind. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (!this.#ended) {
      const ended = new Promise<void>((resolve) => this.electron.process().once('exit', () => resolve()));
      this.electron.process().kill(signal);
      await ended;
    }
    for (const pid of this.#pids) endProcess(pid);
  }
}

/** Ends a process if it is still there. */
function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: it is gone already, as it should be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
