/** Puts the services together and ties them to the one window. */

import { app, nativeTheme, session, type BrowserWindow } from 'electron';
import { join } from 'node:path';
import { Closing } from './closing.ts';
import { askAfterCrash, askBeforeClosing, notifyPerson } from './dialogs.ts';
import { LiveFeed } from './feed/live-feed.ts';
import { createHandlers } from './ipc/handlers.ts';
import { registerIpc } from './ipc/register.ts';
import { installMenu } from './menu.ts';
import { withoutWrites } from './ipc/without-writes.ts';
import type { AppPaths } from './paths.ts';
import { copyDatabase, removeDatabase } from './database-copy.ts';
import { ChosenFiles } from './services/chosen-files.ts';
import { DataSetsService } from './services/data-sets.ts';
import { DataWorker } from './services/data-worker.ts';
import { EarlyList } from './services/early-list.ts';
import { FilesService } from './services/files.ts';
import { KernelsInfoService } from './services/kernels-info.ts';
import { openRuns } from './services/open-runs.ts';
import { SettingsService } from './services/settings.ts';
import { sandboxProblem } from './switches.ts';
import { defaultWorkers, systemLoad } from './system-load.ts';
import { languageOf, textsOf, type Texts } from './texts.ts';
import { openWindow } from './window.ts';

export interface Studio {
  readonly closing: Closing;
  /** Opens the window, or brings it to the front. */
  showWindow(): Promise<void>;
}

/** Opens settings and database. Rejects when the database cannot be opened. */
export async function openStudio(paths: AppPaths): Promise<Studio> {
  const now = Date.now();
  const settings = await SettingsService.open(paths.settings, paths.readOnly, now);
  const chosen = await ChosenFiles.open(paths.chosenFiles, paths.readOnly, now);
  const workers = (): number => settings.get().workers ?? defaultWorkers();
  const texts = (): Texts => textsOf(languageOf(settings.get().language, app.getLocale()));
  nativeTheme.themeSource = settings.get().theme;
  // What cannot be written is copied and looked at there; nothing the page asks for may change it.
  const database = paths.readOnly ? await copyDatabase(paths.database, paths.profile) : paths.database;
  const {
    runs,
    comparisons,
    evaluations,
    sweeps,
    recovery,
    close: closeRuns,
  } = await openRuns({
    paths: { ...paths, database },
    appVersion: app.getVersion(),
    workers: workers(),
    kernels: () => settings.get().kernels,
  });
  const list = new EarlyList(runs);
  const worker = new DataWorker(join(paths.workers, 'data.worker.cjs'));
  const kernels = new KernelsInfoService(worker);

  let window: BrowserWindow | null = null;
  const currentWindow = (): BrowserWindow | null => window;
  const feed = new LiveFeed({
    runs,
    sweeps,
    load: () => systemLoad(runs.load(), sweeps.saved()),
    onCloseAsked: () => closing.asked(),
  });
  const closing = new Closing({
    runs,
    sweeps,
    askPage: (busy) => {
      if (!feed.isHeard || window?.webContents.isCrashed() !== false) return false;
      feed.notify({ kind: 'close-requested', ...busy });
      return true;
    },
    askNatively: (busy) => askBeforeClosing(texts(), busy, currentWindow()),
    destroyWindow: () => window?.destroy(),
    onKept: () => notifyPerson(texts().trainsOn, texts().trainsOnDetail),
    closeServices: async () => {
      await Promise.all([closeRuns(), worker.close()]);
      if (paths.readOnly) await removeDatabase(database);
    },
    exit: (code) => app.exit(code),
  });

  const refreshMenu = (): void =>
    installMenu({
      texts: texts(),
      homeFolder: paths.home,
      openPage: (page) => feed.notify({ kind: 'open-page', page }),
      leave: () => (window === null ? app.quit() : window.close()),
      window: currentWindow,
    });
  refreshMenu();
  settings.onChange((changed) => {
    nativeTheme.themeSource = changed.theme;
    runs.setWorkers(workers());
    refreshMenu();
  });
  if (recovery !== null) {
    feed.notify({ kind: 'problem', message: texts().recovered(recovery), code: 'database_damaged', id: null });
  }
  if (settings.problem !== null) {
    feed.notify({ kind: 'problem', ...settings.problem, code: 'file_invalid', id: null });
  }

  const handlers = createHandlers({
    paths,
    runs,
    list,
    comparisons,
    evaluations,
    sweeps,
    settings,
    chosen,
    workers,
    closing,
    warnings: () => {
      const sandbox = sandboxProblem();
      return [
        ...(recovery === null ? [] : [texts().wasDamaged(texts().recovered(recovery))]),
        ...(sandbox === null ? [] : [texts().sandboxOff[sandbox]]),
      ];
    },
    kernels: () => kernels.read(settings.get().kernels),
    dataSets: new DataSetsService({
      worker,
      chosen,
      datasetsFolder: paths.datasets,
      baseFolder: paths.baseFolder,
    }),
    files: new FilesService({ runs, chosen, homeFolder: paths.home, window: currentWindow, texts }),
  });
  registerIpc({
    handlers: paths.readOnly ? withoutWrites(handlers, paths.home) : handlers,
    isOurs: (contents) => window !== null && contents === window.webContents,
    onFeed: (port) => feed.subscribe(port),
  });

  const offerReload = async (reason: string): Promise<void> => {
    const answer = await askAfterCrash(texts(), reason, currentWindow());
    if (answer === 'leave') await closing.leave('suspend');
    else window?.webContents.reload();
  };
  const showWindow = async (): Promise<void> => {
    if (closing.isLeaving) return;
    if (window !== null) {
      if (window.isMinimized()) window.restore();
      window.focus();
      return;
    }
    await openWindow(paths, session.defaultSession, {
      onCreated: (created) => {
        window = created;
        closing.reopened();
        created.on('close', (event) => {
          if (!closing.mayClose()) event.preventDefault();
        });
        created.on('closed', () => {
          window = null;
        });
      },
      onGone: (reason) => void offerReload(reason),
    });
  };
  return { closing, showWindow };
}
