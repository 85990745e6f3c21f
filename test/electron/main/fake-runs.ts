/** A runs service without workers or store: what it is told to be, with an emitter tests can pull. */

import type { RunEvents, RunsLoad, RunsService } from '../../../electron/main/services/runs-types.ts';

export interface FakeRuns extends RunsService {
  emit<E extends keyof RunEvents>(event: E, value: RunEvents[E]): void;
  /** Methods called, in order. */
  readonly calls: string[];
  state: RunsLoad;
  /** What `shutdown` waits for. */
  ending: Promise<void>;
}

export function fakeRuns(): FakeRuns {
  const listeners = new Map<string, ((value: unknown) => void)[]>();
  const calls: string[] = [];
  const refuse =
    (name: string) =>
    (...args: unknown[]): Promise<never> => {
      calls.push(`${name} ${JSON.stringify(args)}`);
      return Promise.reject(new Error(`${name} is not part of this test`));
    };
  const fake: FakeRuns = {
    calls,
    state: { running: 0, queued: 0, workers: 2, saved: true },
    ending: Promise.resolve(),
    emit: (event, value) => {
      for (const listener of listeners.get(event) ?? []) listener(value);
    },
    start: refuse('start'),
    check: refuse('check'),
    allowEpochs: () => undefined,
    control: refuse('control'),
    continueRun: refuse('continueRun'),
    list: refuse('list'),
    listPacked: refuse('listPacked'),
    get: refuse('get'),
    rename: refuse('rename'),
    mark: refuse('mark'),
    remove: refuse('remove'),
    restore: refuse('restore'),
    purge: refuse('purge'),
    keepCheckpoint: refuse('keepCheckpoint'),
    equality: refuse('equality'),
    readCurve: refuse('readCurve'),
    readHealth: refuse('readHealth'),
    readHistograms: refuse('readHistograms'),
    settingValues: refuse('settingValues'),
    askLive: () => null,
    exportWeights: refuse('exportWeights'),
    retrySave: refuse('retrySave'),
    progress: () => [],
    load: () => fake.state,
    on: (event, listener) => {
      const list = listeners.get(event) ?? [];
      list.push(listener as (value: unknown) => void);
      listeners.set(event, list);
      return () => list.splice(list.indexOf(listener as (value: unknown) => void), 1);
    },
    setWorkers: () => undefined,
    shutdown: async (how) => {
      calls.push(`shutdown ${how}`);
      await fake.ending;
    },
  };
  return fake;
}
