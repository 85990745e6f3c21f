import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { Interrupted } from './setup-error.mjs';

/**
 * How a watched child ended.
 *
 * @typedef {object} ChildResult
 * @property {number | null} code null when a signal ended it or it never started
 * @property {boolean} stalled it was ended here because nothing grew any more
 * @property {string} stdout
 * @property {string} stderr the last 64 KB
 */

const keptOutput = 65_536;

/**
 * Runs a program to its end and gives up when it stops getting anywhere: when `measure` (bytes it has produced so far)
 * grows by less than `minimumGrowth` within `stallSeconds`. A program that gets on may take as long as it needs.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {() => number} [options.measure]
 * @param {number} [options.stallSeconds] without it there is no limit
 * @param {number} [options.minimumGrowth]
 * @param {(measured: number) => void} [options.onProgress]
 * @returns {Promise<ChildResult>} rejects with Interrupted when this process was asked to end meanwhile
 */
export function runWatched(command, args, options = {}) {
  const { cwd, env, measure, stallSeconds, minimumGrowth = 1, onProgress } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true });
    let stdout = '';
    let stderr = '';
    let stalled = false;
    let reached = measure?.() ?? 0;
    let reachedAt = Date.now();
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout = (stdout + text).slice(-keptOutput)));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr = (stderr + text).slice(-keptOutput)));
    const timer = setInterval(() => {
      const now = measure?.() ?? 0;
      onProgress?.(now);
      if (now >= reached + minimumGrowth || now < reached) {
        reached = now;
        reachedAt = Date.now();
      } else if (stallSeconds !== undefined && Date.now() - reachedAt >= stallSeconds * 1000) {
        stalled = true;
        child.kill('SIGKILL');
      }
    }, 250);
    /** @type {NodeJS.Signals | null} */
    let interruption = null;
    const stop = forwardSignals(child, (signal) => (interruption = signal));
    /** @param {number | null} code */
    const end = (code) => {
      clearInterval(timer);
      stop();
      if (interruption !== null) reject(new Interrupted(interruption));
      else resolve({ code, stalled, stdout, stderr });
    };
    child.on('error', (error) => {
      stderr += error.message;
      end(null);
    });
    child.on('close', (code) => end(code));
  });
}

/**
 * Runs a program in the foreground: it has the terminal, gets our signals, and its status becomes ours.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, stdout?: 'inherit' | 2 }} [options]
 * @returns {Promise<number>} exit status; 128 + signal number when a signal ended it
 */
export function runForeground(command, args, { cwd, env, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', stdout, 'inherit'], windowsHide: false });
    const stop = forwardSignals(child);
    const unwatch = onParentGone(() => child.kill('SIGTERM'));
    child.on('error', (error) => {
      unwatch();
      stop();
      reject(error);
    });
    child.on('close', (code, signal) => {
      unwatch();
      stop();
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Passes the signals that ask a program to end on to the child, and keeps this process alive until the child has
 * answered in its own way.
 *
 * @param {import('node:child_process').ChildProcess} child
 * @param {(signal: NodeJS.Signals) => void} [onSignal]
 * @returns {() => void} stops passing on
 */
export function forwardSignals(child, onSignal) {
  /** @type {NodeJS.Signals[]} */
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  // Ctrl-C in a terminal reaches the whole process group, and npm passes its own copy on as well: hand on one of them.
  /** @type {Map<NodeJS.Signals, number>} */
  const passedAt = new Map();
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => {
    if (Date.now() - (passedAt.get(signal) ?? 0) < 1000) return;
    passedAt.set(signal, Date.now());
    onSignal?.(signal);
    child.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  return () => signals.forEach((signal) => process.off(signal, pass));
}

/**
 * Calls back when the process that started this one is gone. npm starts scripts through a shell, and sends signals it
 * gets to that shell; Debian's dies of them without passing them on, and its child would go on unseen, holding the
 * database.
 *
 * @param {() => void} callback
 * @returns {() => void} stops watching
 */
export function onParentGone(callback) {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    callback();
  }, 250);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Bytes in all files below a folder; 0 when it does not exist (yet). Files that vanish while counting count 0.
 *
 * @param {string} folder
 * @returns {number}
 */
export function folderSize(folder) {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
  let total = 0;
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) total += folderSize(path);
    else if (entry.isFile()) total += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return total;
}

/**
 * True for "no such file or directory".
 *
 * @param {unknown} error
 */
export function isMissing(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
