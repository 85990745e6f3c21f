import { spawn } from 'node:child_process';
import { SetupError } from './setup-error.mjs';

/**
 * A virtual display.
 *
 * @typedef {object} VirtualDisplay
 * @property {string} name for the DISPLAY variable, ":99"
 * @property {() => Promise<void>} stop
 */

/**
 * True where a window could not be shown to anyone.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @param {NodeJS.Platform} [platform]
 */
export function needsVirtualDisplay(env = process.env, platform = process.platform) {
  return platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY;
}

/**
 * Starts Xvfb on a display number it finds free itself (-displayfd), and waits until it answers with the number.
 *
 * @param {{ size?: string, timeoutSeconds?: number }} [options] size as Xvfb takes it
 * @returns {Promise<VirtualDisplay>}
 */
export async function startVirtualDisplay({ size = '1600x1000x24', timeoutSeconds = 20 } = {}) {
  const server = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', size, '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // Ctrl-C goes to the whole process group; the display must outlive the program that is closing its windows on it.
    detached: true,
  });
  const ended = new Promise((resolve) => server.once('close', resolve));
  const number = await displayNumber(server, timeoutSeconds);
  server.unref();
  // A last resort for ways to end that run no `finally`.
  const kill = () => void server.kill('SIGTERM');
  process.once('exit', kill);
  return {
    name: `:${number}`,
    stop: async () => {
      process.off('exit', kill);
      server.ref();
      server.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @param {number} timeoutSeconds
 * @returns {Promise<string>}
 */
function displayNumber(server, timeoutSeconds) {
  return new Promise((resolve, reject) => {
    let said = '';
    let written = '';
    /** @param {string} why */
    const fail = (why) => {
      clearTimeout(timer);
      server.kill('SIGKILL');
      reject(
        new SetupError(
          `The virtual display (Xvfb) did not start: ${why}`,
          'Start it yourself and set DISPLAY, or use the command line: npm run -s descent -- train examples/digits.json',
        ),
      );
    };
    const timer = setTimeout(() => fail(`no answer within ${timeoutSeconds} s. ${said}`), timeoutSeconds * 1000);
    server.stderr?.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-2000)));
    const answer = /** @type {import('node:stream').Readable} */ (server.stdio[3]);
    answer.setEncoding('utf8').on('data', (text) => {
      written += text;
      if (!written.includes('\n')) return;
      clearTimeout(timer);
      resolve(written.trim());
    });
    server.once('error', (error) => fail(error.message));
    server.once('exit', (code) => fail(`it ended with status ${code}. ${said}`));
  });
}
