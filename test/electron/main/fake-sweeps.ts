/** A sweeps service without trials or store: what it is told to be, with an emitter tests can pull. */

import type { SweepEvents, SweepsService } from '../../../electron/main/services/sweeps-types.ts';

export interface FakeSweeps extends SweepsService {
  emit<E extends keyof SweepEvents>(event: E, value: SweepEvents[E]): void;
  /** What `running` says. */
  active: number;
}

/** `calls` hears of the halves of closing. */
export function fakeSweeps(calls: string[] = []): FakeSweeps {
  const listeners = new Map<string, ((value: unknown) => void)[]>();
  const refuse = (name: string) => (): never => {
    throw new Error(`${name} is not part of this test`);
  };
  const fake: FakeSweeps = {
    active: 0,
    emit: (event, value) => {
      for (const listener of listeners.get(event) ?? []) listener(value);
    },
    on: (event, listener) => {
      const list = listeners.get(event) ?? [];
      list.push(listener as (value: unknown) => void);
      listeners.set(event, list);
      return () => list.splice(list.indexOf(listener as (value: unknown) => void), 1);
    },
    running: () => fake.active,
    saved: () => true,
    prepareShutdown: (how) => {
      if (fake.active > 0) calls.push(`${how} sweeps`);
      return Promise.resolve();
    },
    settle: () => {
      if (fake.active > 0) calls.push('settle sweeps');
      return Promise.resolve();
    },
    check: refuse('check'),
    start: refuse('start'),
    resume: refuse('resume'),
    control: refuse('control'),
    controlTrial: refuse('controlTrial'),
    enqueue: refuse('enqueue'),
    reorderQueue: refuse('reorderQueue'),
    editRanges: refuse('editRanges'),
    setWorkers: refuse('setWorkers'),
    list: refuse('list'),
    get: refuse('get'),
    getPacked: refuse('getPacked'),
    readCurves: refuse('readCurves'),
    readTimeline: refuse('readTimeline'),
    rename: refuse('rename'),
    promote: refuse('promote'),
    remove: refuse('remove'),
    restore: refuse('restore'),
    purge: refuse('purge'),
    testOpened: refuse('testOpened'),
    retrySave: refuse('retrySave'),
  };
  return fake;
}
