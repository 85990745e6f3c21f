/** The native menu: places to go, editing, zoom. What acts on a run lives in the page, beside the run. */

import { app, dialog, Menu, shell, type BrowserWindow, type MenuItemConstructorOptions } from 'electron';
import type { Notice } from '../contract/feed.ts';
import type { Texts } from './texts.ts';

type Page = Extract<Notice, { kind: 'open-page' }>['page'];

export interface MenuOptions {
  readonly texts: Texts;
  readonly homeFolder: string;
  readonly openPage: (page: Page) => void;
  /** Closes the window, which asks when something trains. */
  readonly leave: () => void;
  readonly window: () => BrowserWindow | null;
}

export function installMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(options)));
}

function menuTemplate(options: MenuOptions): MenuItemConstructorOptions[] {
  const { texts, openPage, leave } = options;
  const page = (label: string, target: Page, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => openPage(target),
  });
  const quit: MenuItemConstructorOptions = { label: texts.quit, accelerator: 'CmdOrCtrl+Q', click: leave };
  const about: MenuItemConstructorOptions = { label: texts.about, click: () => void showAbout(options) };
  const appMenu: MenuItemConstructorOptions[] =
    process.platform === 'darwin'
      ? [
          {
            label: 'Descent',
            submenu: [about, { type: 'separator' }, { role: 'hide' }, { role: 'unhide' }, { type: 'separator' }, quit],
          },
        ]
      : [];
  return [
    ...appMenu,
    {
      label: texts.file,
      submenu: [
        page(texts.newRun, 'new-run', 'CmdOrCtrl+N'),
        { type: 'separator' },
        { label: texts.closeWindow, accelerator: 'CmdOrCtrl+W', click: () => options.window()?.close() },
        ...(process.platform === 'darwin' ? [] : [quit]),
      ],
    },
    {
      label: texts.edit,
      submenu: [
        { role: 'undo', label: texts.undo },
        { role: 'redo', label: texts.redo },
        { type: 'separator' },
        { role: 'cut', label: texts.cut },
        { role: 'copy', label: texts.copy },
        { role: 'paste', label: texts.paste },
        { role: 'selectAll', label: texts.selectAll },
      ],
    },
    {
      label: texts.view,
      submenu: [
        page(texts.runs, 'runs', 'CmdOrCtrl+1'),
        page(texts.data, 'data', 'CmdOrCtrl+2'),
        page(texts.settings, 'settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { role: 'zoomIn', label: texts.zoomIn },
        { role: 'zoomOut', label: texts.zoomOut },
        { role: 'resetZoom', label: texts.actualSize },
        { role: 'togglefullscreen', label: texts.fullScreen },
        ...(app.isPackaged
          ? []
          : ([
              { type: 'separator' },
              { role: 'reload', label: texts.reload },
              { role: 'toggleDevTools', label: texts.developerTools },
            ] satisfies MenuItemConstructorOptions[])),
      ],
    },
    { label: texts.window, submenu: [{ role: 'minimize', label: texts.minimize }] },
    {
      label: texts.help,
      submenu: [
        { label: texts.openDataFolder, click: () => void showFolder(options.homeFolder) },
        ...(process.platform === 'darwin' ? [] : [about]),
      ],
    },
  ];
}

async function showFolder(folder: string): Promise<void> {
  const problem = await shell.openPath(folder);
  if (problem !== '') console.error(`${folder} could not be shown: ${problem}`);
}

async function showAbout({ texts, window }: MenuOptions): Promise<void> {
  const { electron, chrome, node } = process.versions;
  const box = {
    type: 'info' as const,
    title: texts.about,
    message: `Descent ${app.getVersion()}`,
    detail: `${texts.aboutDetail}\n\nElectron ${electron}, Chromium ${chrome}, Node ${node}`,
  };
  const parent = window();
  await (parent === null ? dialog.showMessageBox(box) : dialog.showMessageBox(parent, box));
}
