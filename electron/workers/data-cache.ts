/**
 * The data a worker read last: a form checks and evaluates the same set again and again, and so do the trials of a
 * sweep. Nobody writes into prepared data.
 */

import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { JobFolders } from '../contract/jobs.ts';
import { prepareRun, type PreparedRun } from './prepare-run.ts';

class DataCache {
  #key = '';
  #run: PreparedRun | null = null;

  async prepare(spec: RunSpec, { baseFolder, datasetsFolder }: JobFolders): Promise<PreparedRun> {
    // A file may have changed since; sets on board have not.
    const key = typeof spec.data.source === 'string' ? JSON.stringify([spec.data, datasetsFolder]) : '';
    if (this.#run !== null && key !== '' && key === this.#key) return { ...this.#run, spec };
    this.#run = null;
    const run = await prepareRun(spec, { baseFolder, datasetsFolder });
    this.#run = run;
    this.#key = key;
    return run;
  }
}

/** The data this thread read last. */
export const lastData = new DataCache();
