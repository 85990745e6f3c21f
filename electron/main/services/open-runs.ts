/** Opens the database and the runs service on top of it. */

import { join } from 'node:path';
import type { Recovery } from '../../contract/store-requests.ts';
import { StoreHost } from '../hosts/store-host.ts';
import { TrainPool } from '../hosts/train-host.ts';
import { workerFactory } from '../hosts/worker-like.ts';
import type { AppPaths } from '../paths.ts';
import { Comparisons } from './comparisons.ts';
import { Evaluations } from './evaluations.ts';
import { Runs } from './runs.ts';
import type { RunsService } from './runs-types.ts';
import { Sweeps } from './sweeps.ts';
import type { SweepsService } from './sweeps-types.ts';

/** Of a train worker's JavaScript heap. Tensors lie outside it; this stops a reader that runs away. */
const HEAP_MEGABYTES = 2048;

export interface OpenRunsOptions {
  readonly paths: AppPaths;
  readonly appVersion: string;
  /** Runs trained at once. */
  readonly workers: number;
  /** Kernels of runs to come. */
  readonly kernels: () => string;
}

export interface OpenedRuns {
  readonly runs: RunsService;
  readonly comparisons: Comparisons;
  readonly evaluations: Evaluations;
  readonly sweeps: SweepsService;
  /** What became of a database that was found damaged; null for a sound one. */
  readonly recovery: Recovery | null;
  /** Closes the store; the runs must have been shut down before. */
  readonly close: () => Promise<void>;
}

/** Rejects with a StudioFailure when the database cannot be opened. */
export async function openRuns({ paths, appVersion, workers, kernels }: OpenRunsOptions): Promise<OpenedRuns> {
  const store = new StoreHost(workerFactory(join(paths.workers, 'store.worker.cjs')), {
    path: paths.database,
    program: 'the app',
  });
  const { recovery } = await store.open();
  const limits = { heapMegabytes: HEAP_MEGABYTES };
  const host = new TrainPool(workerFactory(join(paths.workers, 'train.worker.cjs'), limits), workers);
  const runs = new Runs({ store, host, datasetsFolder: paths.datasets, appVersion, kernels });
  const sweeps = new Sweeps({ store, runs, appVersion });
  const evaluations = new Evaluations({
    store,
    host,
    runs,
    datasetsFolder: paths.datasets,
    kernels,
    onTestOpened: (run) => sweeps.testOpened(run),
  });
  const comparisons = new Comparisons(store, runs);
  return { runs, comparisons, evaluations, sweeps, recovery, close: () => store.close() };
}
