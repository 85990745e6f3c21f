/** Everything a page could ask the browser for and must not get: places, windows, devices, the network. */

import { app, type Session, type WebContents } from 'electron';
import { APP_SCHEME, isOwnUrl, parseUrl } from './protocol.ts';

/** Chromium's own schemes a page of ours may load from; the network is not among them. */
const ALLOWED_SCHEMES = new Set([`${APP_SCHEME}:`, 'data:', 'blob:', 'devtools:']);

/** True when a request may go on. */
export function isAllowedRequest(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && ALLOWED_SCHEMES.has(url.protocol);
}

/** Denies every permission, device and request to the network. Call once the app is ready, for each session. */
export function lockSession(session: Session): void {
  session.setPermissionRequestHandler((_contents, _permission, callback) => callback(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.setDisplayMediaRequestHandler((_request, callback) => callback({}));
  session.webRequest.onBeforeRequest((details, callback) => callback({ cancel: !isAllowedRequest(details.url) }));
  session.setSpellCheckerEnabled(false);
  session.on('will-download', (event) => event.preventDefault());
}

/** Denies navigation, new windows and webviews for every page that will ever exist. */
export function lockContents(): void {
  app.on('web-contents-created', (_event, contents) => lock(contents));
}

function lock(contents: WebContents): void {
  // A reload of the page itself is a navigation to where it already is.
  const stay = (event: Electron.Event, url: string): void => {
    if (!isOwnUrl(url) || parseUrl(url)?.pathname !== parseUrl(contents.getURL())?.pathname) event.preventDefault();
  };
  contents.on('will-navigate', (event) => stay(event, event.url));
  contents.on('will-redirect', (event) => event.preventDefault());
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame) event.preventDefault();
  });
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}
