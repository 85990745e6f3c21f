/** Where the program is, and which version it is. Loads nothing: every command asks for it. */

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Two folders up in the checkout as in the build. */
const ROOT = new URL('../../', import.meta.url);

export function datasetsFolder(): string {
  return fileURLToPath(new URL('resources/datasets', ROOT));
}

export function appVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')) as { version: string };
  return version;
}
