/** Loads better-sqlite3: the installed one, or the one `DESCENT_SQLITE` names. The only place that does. */

import { say } from '../../engine/spec/message.ts';
import { createRequire } from 'node:module';
import type BetterSqlite3 from 'better-sqlite3';
import { StudioFailure } from '../contract/outcome.ts';

export type SqliteConstructor = typeof BetterSqlite3;
export type SqliteConnection = BetterSqlite3.Database;

/** better-sqlite3 13 is built for this version of Node-API; below it, loading kills the process. */
const NODE_API_NEEDED = 10;

/**
 * Throws a StudioFailure (`environment`) where better-sqlite3 must not be loaded. To be called before any load: under
 * an older Node-API nothing could be caught afterwards.
 */
export function checkSqliteRuntime(
  nodeApi: string | undefined = process.versions['napi'],
  moduleName: string | undefined = process.env['DESCENT_SQLITE'],
): void {
  if (moduleName !== undefined && moduleName !== '') return;
  if (Number(nodeApi ?? 0) >= NODE_API_NEEDED) return;
  throw new StudioFailure({
    code: 'environment',
    message:
      `better-sqlite3 needs Node-API ${NODE_API_NEEDED} (Node 22.14 or newer), this is Node ${process.versions.node} ` +
      `with Node-API ${nodeApi ?? 'none'}; use a newer Node or name another build of the module in DESCENT_SQLITE`,
  });
}

export function loadSqlite(): SqliteConstructor {
  checkSqliteRuntime();
  const name = process.env['DESCENT_SQLITE'] || 'better-sqlite3';
  const require = createRequire(import.meta.url);
  try {
    return require(name) as SqliteConstructor;
  } catch (error) {
    throw new StudioFailure({
      code: 'environment',
      ...say`cannot load the database module ${name}: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
