/**
 * What `app://studio/…` serves: the built renderer and nothing else. The files are listed once at the start and looked
 * up by their exact path, so no request can name a file outside the folder.
 */

import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { APP_HOST, parseUrl } from './own-origin.ts';

export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
  "frame-src 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-cache',
};

const CONTENT_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
]);

/** URL path → file, for every regular file of a known type. Symbolic links are left out. */
export async function listFiles(folder: string, prefix = '/'): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      for (const [url, file] of await listFiles(path, `${prefix}${entry.name}/`)) files.set(url, file);
    } else if (entry.isFile() && CONTENT_TYPES.has(extname(entry.name))) {
      files.set(prefix + entry.name, path);
    }
  }
  return files;
}

/** One request. Anything but GET of a listed file on our host is refused. */
export async function answer(
  files: ReadonlyMap<string, string>,
  request: { readonly method: string; readonly url: string },
): Promise<Response> {
  if (request.method !== 'GET') return refuse(405, 'only GET is served');
  const url = parseUrl(request.url);
  if (url?.host !== APP_HOST) return refuse(403, 'unknown host');
  const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname);
  const type = file === undefined ? undefined : CONTENT_TYPES.get(extname(file));
  if (file === undefined || type === undefined) return refuse(404, 'no such file');
  const bytes = await readFile(file);
  return new Response(bytes, { status: 200, headers: { ...HEADERS, 'content-type': type } });
}

function refuse(status: number, reason: string): Response {
  return new Response(reason, { status, headers: { ...HEADERS, 'content-type': 'text/plain; charset=utf-8' } });
}
