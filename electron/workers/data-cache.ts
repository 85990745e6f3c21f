/**
 * The data a worker read last: a form checks and evaluates the same set again and again, and so do the trials of a
 * sweep. Nobody writes into prepared data.
 */

import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DataSource, RunSpec } from '../../engine/spec/run-spec.ts';
import type { JobFolders } from '../contract/jobs.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';

class DataCache {
  #key = '';
  #run: PreparedRun | null = null;

  async prepare(spec: RunSpec, folders: JobFolders): Promise<PreparedRun> {
    const { baseFolder, datasetsFolder, delivered } = folders;
    // What was delivered is named by its content; the paths in the spec are another machine's.
    const state = delivered ?? (await fileStates(spec.data.source, baseFolder));
    const key = JSON.stringify([spec.data, datasetsFolder, state]);
    if (this.#run !== null && key === this.#key) return { ...this.#run, spec };
    this.#run = null;
    const run = await prepareRun(spec, folders);
    this.#run = run;
    this.#key = key;
    return run;
  }
}

/** Size and time of change of the files of a source: a file may have changed since, sets on board have not. */
async function fileStates(source: DataSource, baseFolder: string): Promise<string[]> {
  if (typeof source === 'string') return [];
  const files = 'file' in source ? [source.file] : Object.values(source).filter((file) => file !== undefined);
  // A file that is not there is read anyway, for the error that names it.
  const states = files.map(async (file) => {
    const state = await stat(resolve(baseFolder, file)).catch(() => null);
    return state === null ? 'missing' : `${state.size} ${state.mtimeMs}`;
  });
  return Promise.all(states);
}

/** The data this thread read last. */
export const lastData = new DataCache();
