/** Registers `app://studio/…`, the only origin the window ever loads. */

import { protocol, type Session } from 'electron';
import { APP_SCHEME } from './own-origin.ts';
import { answer, listFiles } from './served-files.ts';

/** Tells Chromium what kind of scheme `app:` is. Must run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true, codeCache: true },
    },
  ]);
}

/** Serves `folder` under `app://studio/`. */
export async function serveRenderer(session: Session, folder: string): Promise<void> {
  const files = await listFiles(folder);
  session.protocol.handle(APP_SCHEME, (request) => answer(files, request));
}
