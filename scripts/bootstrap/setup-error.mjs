import { constants } from 'node:os';

/** Set-up cannot go on: what could not be had, and what the person at the keyboard can do about it. */
export class SetupError extends Error {
  /**
   * @param {string} what one sentence: what could not be had, and why
   * @param {string} remedy what to do, one or more lines
   */
  constructor(what, remedy) {
    super(`${what}\n${remedy}`);
    this.name = 'SetupError';
  }
}

/** A signal asked this process to end while a child was at work. */
export class Interrupted extends Error {
  /** @param {NodeJS.Signals} signal */
  constructor(signal) {
    super(`interrupted by ${signal}`);
    this.name = 'Interrupted';
    /** @type {number} exit status after the shell's custom: 128 and the signal's number */
    this.status = 128 + constants.signals[signal];
  }
}

/**
 * Runs a script's main function: a SetupError ends it with its message and status 2, anything else is a defect and
 * keeps its stack.
 *
 * @param {() => Promise<number>} main returns the exit status
 */
export async function runMain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`\ndescent: ${describe(error)}\n`);
    process.exitCode = error instanceof SetupError ? 2 : error instanceof Interrupted ? error.status : 1;
  }
}

/** @param {unknown} error */
function describe(error) {
  if (error instanceof SetupError || error instanceof Interrupted) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
