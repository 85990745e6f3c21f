import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isMissing } from './child.mjs';
import { SetupError } from './setup-error.mjs';

const unreadableMilliseconds = 10_000;
/** A short wait is not worth a line. */
const quietMilliseconds = 1000;

/**
 * Runs `work` while no other process holds the lock file. A lock whose owner is gone is taken over.
 *
 * @template T
 * @param {string} path
 * @param {import('./progress.mjs').Progress} progress
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(path, progress, work) {
  makeFolder(dirname(path));
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid), at: new Date().toISOString() });
  const began = Date.now();
  /** @type {import('./progress.mjs').Step | undefined} */
  let waiting;
  while (!tryCreate(path, mine)) {
    const owner = readOwner(path);
    if (isAbandoned(path, owner)) {
      takeAway(path);
      continue;
    }
    if (Date.now() - began >= quietMilliseconds)
      waiting ??= progress.step(`waiting for another set-up (process ${owner?.pid ?? 'unknown'}, lock ${path})`);
    await pause(200);
  }
  waiting?.done();
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * @param {string} path
 * @param {string} content
 * @returns {boolean} false when it exists already
 */
function tryCreate(path, content) {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
    throw notWritable(dirname(path), error);
  }
}

/** @param {string} folder */
function makeFolder(folder) {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw notWritable(folder, error);
  }
}

/**
 * Says it plainly when a folder belongs to someone else.
 *
 * @param {string} folder
 * @param {unknown} error
 */
function notWritable(folder, error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code ?? '';
  if (!['EACCES', 'EPERM', 'EROFS'].includes(code)) return error;
  return new SetupError(
    `Something has to be set up in ${folder}, and that folder cannot be written (${code}).`,
    'Run the command as the owner of that folder, or clone the project to a folder of your own.',
  );
}

/**
 * Removes a dead owner's lock. Of several waiters only the one that makes the guard file may: otherwise a slow waiter
 * could remove the new owner's lock.
 *
 * @param {string} path
 */
function takeAway(path) {
  const guard = `${path}.takeover`;
  const mine = JSON.stringify({ pid: process.pid, start: processStart(process.pid), at: '' });
  if (!tryCreate(guard, mine)) {
    if (isAbandoned(guard, readOwner(guard))) rmSync(guard, { force: true });
    return;
  }
  if (isAbandoned(path, readOwner(path))) rmSync(path, { force: true });
  rmSync(guard, { force: true });
}

/**
 * @param {string} path
 * @returns {{ pid: number, start: string } | null} null when it has just gone, or is not written yet
 */
function readOwner(path) {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8'));
    return typeof owner?.pid === 'number' ? owner : null;
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

/**
 * A lock without a readable owner is one that is being written, unless it stays that way: then its writer died.
 *
 * @param {string} path
 * @param {{ pid: number, start: string } | null} owner
 */
function isAbandoned(path, owner) {
  if (owner !== null) return !isAlive(owner);
  const made = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  return made !== undefined && Date.now() - made > unreadableMilliseconds;
}

/** @param {{ pid: number, start: string }} owner */
function isAlive(owner) {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to someone else.
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return false;
  }
  return processStart(owner.pid) === owner.start;
}

/**
 * When a process began, in clock ticks since boot: tells a reused process id from its first owner. Empty where the
 * system does not say.
 *
 * @param {number} pid
 */
function processStart(pid) {
  if (process.platform !== 'linux') return '';
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the name, may hold spaces and parentheses: count from behind the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch (error) {
    if (isMissing(error)) return '';
    throw error;
  }
}
