import { existsSync } from 'node:fs';
import { join, dirname } from 'node:path';

/**
 * How to call npm: by its own entry file with the Node it belongs to where that is known (it is inside `npm start`),
 * else by name.
 *
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {{ command: string, first: string[] }}
 */
export function npmCommand(env = process.env) {
  const entry = env.npm_execpath;
  // Under pnpm or yarn npm_execpath names those programs; the lock file is npm's.
  if (entry && /npm-cli\.[cm]?js$/.test(entry) && existsSync(entry)) {
    return { command: env.npm_node_execpath || process.execPath, first: [entry] };
  }
  const beside = join(dirname(process.execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(beside)) return { command: process.execPath, first: [beside] };
  const onWindows = join(dirname(process.execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js');
  if (existsSync(onWindows)) return { command: process.execPath, first: [onWindows] };
  return { command: 'npm', first: [] };
}

/**
 * The lines of npm's (or another program's) stderr that say what went wrong, without its decoration.
 *
 * @param {string} stderr
 * @returns {string}
 */
export function errorLines(stderr) {
  const lines = stderr
    .split('\n')
    .map((line) => line.replace(/^npm (error|ERR!)\s*/i, '').trim())
    .filter((line) => line !== '' && !/^npm warn/i.test(line) && !/complete log of this run|^at /i.test(line));
  return lines.slice(0, 4).join('; ').slice(0, 600);
}
