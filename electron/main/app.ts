/** The life of the app: what must happen before it is ready, what opens when it is, and how it ends. */

import { app, dialog, session } from 'electron';
import { lockContents, lockSession } from './deny.ts';
import { toStudioError } from './ipc/studio-error.ts';
import { preparePaths } from './paths.ts';
import { registerAppScheme, serveRenderer } from './protocol.ts';
import { openStudio, type Studio } from './studio.ts';
import { enableSandbox, refuseDebugging, sandboxProblem } from './switches.ts';
import { languageOf, textsOf } from './texts.ts';

/** Starts the studio, or shows the window of the one that already runs for the same home folder. */
export function startApp(): void {
  refuseDebugging();
  enableSandbox();
  registerAppScheme();
  lockContents();
  const paths = preparePaths();
  // Before anything opens the database: a second studio would be a second writer.
  if (!app.requestSingleInstanceLock()) {
    console.error(`Descent is already open for ${paths.home}; its window comes to the front`);
    app.exit(0);
    return;
  }
  const sandbox = sandboxProblem();
  if (sandbox !== null) console.error(`warning: ${textsOf('en').sandboxOff[sandbox]}`);

  let studio: Studio | null = null;
  const show = (): void => {
    studio?.showWindow().catch((error: unknown) => console.error('the window could not be opened:', error));
  };
  app.on('second-instance', show);
  app.on('activate', show);
  app.on('window-all-closed', () => {
    // Training may go on without a window; `Closing` ends the app when the last run has ended.
    if (studio?.closing.isKept !== true) app.quit();
  });
  app.on('before-quit', (event) => {
    if (studio === null) return;
    event.preventDefault();
    void studio.closing.leave('suspend');
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => app.quit());

  app
    .whenReady()
    .then(async () => {
      lockSession(session.defaultSession);
      await serveRenderer(session.defaultSession, paths.renderer);
      studio = await openStudio(paths);
      await studio.showWindow();
    })
    .catch(reportAndExit);
}

/** Says why the app cannot start, in the terminal and in a box, and ends it. */
async function reportAndExit(thrown: unknown): Promise<void> {
  const { code, message } = toStudioError(thrown);
  console.error(`Descent cannot start: ${message}`);
  if (code === 'internal') console.error(thrown);
  const texts = textsOf(languageOf('system', app.getLocale()));
  await dialog.showMessageBox({ type: 'error', title: 'Descent', message: texts.cannotStart, detail: message });
  app.exit(2);
}
