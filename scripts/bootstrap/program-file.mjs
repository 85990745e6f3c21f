import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from './child.mjs';
import { projectFolder } from './paths.mjs';
import { SetupError } from './setup-error.mjs';

/** Programs whose package has another name. */
const packageOfProgram = new Map([
  ['depcruise', 'dependency-cruiser'],
  ['tsc', 'typescript'],
  ['playwright', '@playwright/test'],
  ['electron-fuses', '@electron/fuses'],
]);

/**
 * The script behind a program of an installed npm package, to be run by a Node of our choice: the links in
 * node_modules/.bin would choose theirs, and are shell files on Windows.
 *
 * @param {string} name
 * @returns {string}
 */
export function programFile(name) {
  const folder = join(projectFolder, 'node_modules', packageOfProgram.get(name) ?? name);
  try {
    const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = typeof bin === 'string' ? bin : bin?.[name];
    if (typeof file === 'string') return join(folder, file);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  throw new SetupError(
    `No installed npm package brings the program ${name}.`,
    'See node_modules/.bin for what there is.',
  );
}
