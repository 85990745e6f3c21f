/** The one window: how it looks before the page is there, where it opens, and that a crashed page comes back. */

import { BrowserWindow, nativeTheme, screen, type Session } from 'electron';
import type { AppPaths } from './paths.ts';
import { START_URL } from './own-origin.ts';
import { ReloadPolicy } from './reload-policy.ts';
import { MINIMUM_SIZE, openingBounds, readWindowState, writeWindowState } from './window-state.ts';

/** Panel-free ground of the page (--bg-0 of the tokens), so that the first paint is no flash. */
const BACKGROUND = { light: '#f3f4f6', dark: '#0e1014' } as const;

export interface WindowEvents {
  /** The window exists and its page has not been loaded yet. */
  readonly onCreated: (window: BrowserWindow) => void;
  /** The page died too often and stays away; `reason` is Chromium's word for it. */
  readonly onGone: (reason: string) => void;
}

/** Opens the window and shows it once the page has painted. */
export async function openWindow(paths: AppPaths, session: Session, events: WindowEvents): Promise<void> {
  const state = await readWindowState(paths.windowState, Date.now());
  const areas = [screen.getPrimaryDisplay(), ...screen.getAllDisplays()].map((display) => display.workArea);
  const window = new BrowserWindow({
    ...openingBounds(state.bounds, areas),
    minWidth: MINIMUM_SIZE.width,
    minHeight: MINIMUM_SIZE.height,
    title: 'Descent',
    show: false,
    backgroundColor: backgroundColour(),
    webPreferences: {
      preload: paths.preload,
      session,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      // Curves go on growing behind another window, and the answer to a click must not wait for a slowed timer.
      backgroundThrottling: false,
    },
  });
  if (state.maximized) window.maximize();
  window.once('ready-to-show', () => window.show());
  window.on('page-title-updated', (event) => event.preventDefault());
  const follow = (): void => {
    if (!window.isDestroyed()) window.setBackgroundColor(backgroundColour());
  };
  nativeTheme.on('updated', follow);
  window.on('closed', () => nativeTheme.off('updated', follow));
  if (!paths.readOnly) rememberBounds(window, paths.windowState);
  reloadWhenGone(window, events);
  events.onCreated(window);
  await window.loadURL(START_URL);
}

export function backgroundColour(): string {
  return nativeTheme.shouldUseDarkColors ? BACKGROUND.dark : BACKGROUND.light;
}

function rememberBounds(window: BrowserWindow, file: string): void {
  let timer: NodeJS.Timeout | null = null;
  const save = (): void => {
    timer = null;
    if (window.isDestroyed()) return;
    const state = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    writeWindowState(file, state).catch((error: unknown) => console.error('window bounds were not saved:', error));
  };
  const saveSoon = (): void => {
    if (timer !== null) clearTimeout(timer);
    timer = setTimeout(save, 500);
  };
  window.on('resize', saveSoon);
  window.on('move', saveSoon);
  window.on('close', save);
  window.on('closed', () => {
    if (timer !== null) clearTimeout(timer);
  });
}

function reloadWhenGone(window: BrowserWindow, events: WindowEvents): void {
  const policy = new ReloadPolicy();
  window.webContents.on('render-process-gone', (_event, details) => {
    if (details.reason === 'clean-exit' || window.isDestroyed()) return;
    console.error(`the window's process is gone (${details.reason}, exit code ${details.exitCode})`);
    if (policy.mayReload(Date.now())) window.webContents.reload();
    else events.onGone(details.reason);
  });
}
