import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { isMissing } from './child.mjs';

/**
 * Tells whether something has to be built again: the inputs' contents against a stamp written after the last build.
 * Size and time are compared first, so that an unchanged tree costs one `stat` a file.
 *
 * @typedef {object} Inputs
 * @property {string} folder paths are relative to it
 * @property {readonly string[]} paths files and folders; what does not exist counts as absent
 * @property {readonly string[]} [without] folders left out
 * @property {string} [extra] anything else the result depends on
 *
 * @typedef {{ size: number, time: number, hash: string }} FileMark
 * @typedef {{ extra: string, files: Record<string, FileMark> }} Stamp
 */

/**
 * @param {Inputs} inputs
 * @param {string} stampFile
 * @returns {boolean} true when the stamp was written for these very inputs
 */
export function isUpToDate(inputs, stampFile) {
  const stamp = readStamp(stampFile);
  if (stamp === null || stamp.extra !== (inputs.extra ?? '')) return false;
  const files = listInputs(inputs);
  if (files.length !== Object.keys(stamp.files).length) return false;
  return files.every(({ name, size, time }) => {
    const mark = stamp.files[name];
    if (mark === undefined || mark.size !== size) return false;
    return mark.time === time || mark.hash === hashFile(join(inputs.folder, name));
  });
}

/**
 * The stamp of the inputs as they are now. Take it before the build: a file that is saved meanwhile is then new.
 *
 * @param {Inputs} inputs
 * @returns {Stamp}
 */
export function takeStamp(inputs) {
  /** @type {Stamp} */
  const stamp = { extra: inputs.extra ?? '', files: {} };
  for (const { name, size, time } of listInputs(inputs)) {
    stamp.files[name] = { size, time, hash: hashFile(join(inputs.folder, name)) };
  }
  return stamp;
}

/**
 * @param {string} stampFile
 * @param {Stamp} stamp
 */
export function writeStamp(stampFile, stamp) {
  mkdirSync(dirname(stampFile), { recursive: true });
  const temporary = `${stampFile}.${process.pid}`;
  writeFileSync(temporary, JSON.stringify(stamp));
  renameSync(temporary, stampFile);
}

/**
 * @param {string} stampFile
 * @returns {Stamp | null}
 */
function readStamp(stampFile) {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8'));
    return typeof stamp?.files === 'object' && stamp.files !== null ? stamp : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * @param {Inputs} inputs
 * @returns {{ name: string, size: number, time: number }[]}
 */
function listInputs({ folder, paths, without = [] }) {
  const skipped = new Set(without.map((path) => join(folder, path)));
  /** @type {{ name: string, size: number, time: number }[]} */
  const found = [];
  /** @param {string} path */
  const visit = (path) => {
    if (skipped.has(path)) return;
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(path)) visit(join(path, name));
    else if (stat?.isFile()) found.push({ name: relative(folder, path), size: stat.size, time: stat.mtimeMs });
  };
  for (const path of paths) visit(join(folder, path));
  return found;
}

/** @param {string} path */
function hashFile(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
