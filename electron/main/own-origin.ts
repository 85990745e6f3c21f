/** Our own origin, `app://studio`, and what else a page may load. */

export const APP_SCHEME = 'app';
export const APP_HOST = 'studio';
export const START_URL = `${APP_SCHEME}://${APP_HOST}/index.html`;

/** Chromium's own schemes a page of ours may load from; the network is not among them. */
const ALLOWED_SCHEMES = new Set([`${APP_SCHEME}:`, 'data:', 'blob:', 'devtools:']);

/** The URL, or null when the text is none. (`URL.parse` is younger than the oldest runtime we start on.) */
export function parseUrl(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

/** True for a URL of our own origin. */
export function isOwnUrl(text: string): boolean {
  const url = parseUrl(text);
  return url?.protocol === `${APP_SCHEME}:` && url.host === APP_HOST;
}

/** True when a request may go on. */
export function isAllowedRequest(text: string): boolean {
  const url = parseUrl(text);
  return url !== null && ALLOWED_SCHEMES.has(url.protocol);
}

/** True when going from one address to another only reloads the page or moves inside it. */
export function staysOnPage(from: string, to: string): boolean {
  return isOwnUrl(to) && parseUrl(to)?.pathname === parseUrl(from)?.pathname;
}
