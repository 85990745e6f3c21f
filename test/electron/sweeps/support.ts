/** The sweeps service with real threads and a real database, and small sweeps on the iris flowers. */

import type { SweepDetail, SweepSummary, TrialRow } from '../../../electron/contract/sweeps.ts';
import { Sweeps } from '../../../electron/main/services/sweeps.ts';
import type { SweepEvents, TrialRunner } from '../../../electron/main/services/sweeps-types.ts';
import type { SweepId } from '../../../engine/spec/ids.ts';
import { irisSpec, TestStudio, type StudioOptions } from '../services/studio.ts';

export class SweepStudio extends TestStudio {
  readonly sweeps: Sweeps;

  constructor(options: StudioOptions & { trials?: TrialRunner } = {}) {
    super(options);
    const { trials } = options;
    this.sweeps = new Sweeps({
      store: this.client,
      runs: this.runs,
      appVersion: '0.1.0',
      ...(trials === undefined ? {} : { trials }),
    });
  }

  override async close(): Promise<void> {
    await this.sweeps.prepareShutdown('suspend');
    await this.runs.shutdown('suspend').catch(() => undefined);
    await this.sweeps.settle().catch(() => undefined);
    await this.store.close();
  }

  async search(spec: unknown, workers = 2, kernels = 'reference'): Promise<SweepId> {
    const { id } = await this.sweeps.start(spec, { baseFolder: this.folder, kernels, workers });
    return id;
  }

  /** The first value of an event that satisfies the test, from now on. */
  nextOf<E extends keyof SweepEvents>(
    event: E,
    test: (value: SweepEvents[E]) => boolean = () => true,
  ): Promise<SweepEvents[E]> {
    return new Promise((resolve) => {
      const off = this.sweeps.on(event, (value) => {
        if (!test(value)) return;
        off();
        resolve(value);
      });
    });
  }

  over(): Promise<SweepSummary> {
    return this.nextOf('ended');
  }

  /** Starts a sweep and waits for its end. */
  async searched(spec: unknown, workers = 2, kernels = 'reference'): Promise<SweepDetail> {
    const over = this.over();
    const id = await this.search(spec, workers, kernels);
    await over;
    return this.sweeps.get(id);
  }
}

/** Six epochs on the iris flowers; two parameters. */
export function irisSweep(changes: Record<string, unknown> = {}, base: Record<string, unknown> = {}): object {
  return {
    name: 'iris search',
    seed: 5,
    base: irisSpec({ training: { epochs: 6, batchSize: 10 }, ...base }),
    space: {
      'optimizer.lr': { type: 'log-uniform', min: 1e-4, max: 1e-1 },
      'model.layers.0.units': { type: 'int', min: 4, max: 24, step: 4 },
    },
    trials: 6,
    ...changes,
  };
}

/** What must not depend on when or where a trial was trained. */
export function results(trials: readonly TrialRow[]): unknown[] {
  return trials.map(({ number, params, status, score, scores, epochs, reason }) => ({
    number,
    params,
    status,
    score,
    scores,
    epochs,
    reason,
  }));
}
