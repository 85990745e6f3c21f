/** The services of the app without its window: database, runs, folders. Opened by every command that needs them. */

import { resolve } from 'node:path';
import { RUN_ID_PATTERN, type RunId } from '../../engine/spec/ids.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type { RunSummary } from '../contract/runs.ts';
import { databaseFile, homeFolder } from '../main/home.ts';
import { StoreHost, type StoreClient } from '../main/hosts/store-host.ts';
import type { TrainHost } from '../main/hosts/train-host-types.ts';
import { workerFile } from '../main/hosts/worker-files.ts';
import { workerFactory } from '../main/hosts/worker-like.ts';
import { Runs } from '../main/services/runs.ts';
import { checkSqliteRuntime } from '../store/sqlite.ts';
import { appVersion, datasetsFolder } from './app-folder.ts';

export interface StudioSession {
  readonly runs: Runs;
  readonly store: StoreClient;
  /** Closes the database; live runs must have ended. */
  readonly close: () => Promise<void>;
}

export interface SessionOptions {
  /** `--db`, else the database of DESCENT_HOME. */
  readonly db: string | undefined;
  readonly host: TrainHost;
  /** `--kernels`, else the fastest that load. */
  readonly kernels?: string | undefined;
  readonly beforeCommit?: () => Promise<void>;
}

/** Opens the database; rejects with a StudioFailure that says why it cannot be. */
export async function openSession({ db, host, kernels, beforeCommit }: SessionOptions): Promise<StudioSession> {
  // Before the worker loads it: under an older Node-API nothing could be caught.
  checkSqliteRuntime();
  const path = db === undefined ? databaseFile(homeFolder()) : resolve(db);
  const store = new StoreHost(workerFactory(workerFile('store', import.meta.url)), {
    path,
    program: 'the command line',
  });
  await store.open();
  const runs = new Runs({
    store,
    host,
    datasetsFolder: datasetsFolder(),
    appVersion: appVersion(),
    kernels: () => kernels ?? 'auto',
    ...(beforeCommit === undefined ? {} : { beforeCommit }),
  });
  return { runs, store, close: () => store.close() };
}

/** A run by its id, its number ("12", "#12"), or the beginning of its id when that is unmistakable. */
export async function findRun(runs: Runs, text: string): Promise<RunSummary> {
  const all = (await Promise.all([runs.list({ trash: false }), runs.list({ trash: true })])).flat();
  const exact = all.find(({ id }) => id === text);
  const byNumber = all.find(({ number }) => String(number) === text.replace(/^#/, ''));
  const byStart = all.filter(({ id }) => text.length >= 4 && id.startsWith(text));
  const found = exact ?? byNumber ?? (byStart.length === 1 ? byStart[0] : undefined);
  if (found !== undefined) return found;
  // A trial's run is not listed, but it is a run like any other.
  const trial = RUN_ID_PATTERN.test(text) ? await unlisted(runs, text as RunId) : null;
  if (trial !== null) return trial;
  throw new StudioFailure({
    code: 'not_found',
    message: `there is no run ${JSON.stringify(text)} in this database; "descent runs list" shows what there is`,
  });
}

async function unlisted(runs: Runs, id: RunId): Promise<RunSummary | null> {
  try {
    return (await runs.get(id)).summary;
  } catch (error) {
    if (error instanceof StudioFailure && error.error.code === 'not_found') return null;
    throw error;
  }
}

/** For commands that never train. */
export const noTraining: TrainHost = {
  train: () => {
    throw new Error('this command does not train');
  },
  task: () => Promise.reject(new Error('this command does not train')),
  load: () => ({ running: 0, queued: 0, workers: 0 }),
  setWorkers: () => undefined,
  close: () => Promise.resolve(),
};
