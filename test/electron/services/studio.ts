/** The runs service with real threads and a real database. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { StudioFailure } from '../../../electron/contract/outcome.ts';
import { StoreHost, type StoreClient } from '../../../electron/main/hosts/store-host.ts';
import { TrainPool } from '../../../electron/main/hosts/train-host.ts';
import { workerFile } from '../../../electron/main/hosts/worker-files.ts';
import { workerFactory, type WorkerLike } from '../../../electron/main/hosts/worker-like.ts';
import { Evaluations } from '../../../electron/main/services/evaluations.ts';
import { Runs } from '../../../electron/main/services/runs.ts';
import type { RunEvents } from '../../../electron/main/services/runs-types.ts';
import type { RunDetail } from '../../../electron/contract/runs.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { Curve, MetricId, Split } from '../../../engine/spec/metric.ts';

export interface StudioOptions {
  readonly workers?: number;
  readonly folder?: string;
  /** What the services take for the store. */
  readonly storeOf?: (store: StoreClient) => StoreClient;
}

/** A store on a disk without room for the requests named. */
export function onDisk(disk: { readonly full: boolean }, request: 'run:append' | 'sweep:append') {
  return (store: StoreClient): StoreClient => ({
    call(type, args, transfer) {
      if (!disk.full || type !== request) return store.call(type, args, transfer);
      return Promise.reject(new StudioFailure({ code: 'disk_full', message: 'the disk is full' }));
    },
  });
}

export class TestStudio {
  readonly folder: string;
  readonly store: StoreHost;
  readonly client: StoreClient;
  readonly pool: TrainPool;
  readonly runs: Runs;
  readonly evaluations: Evaluations;
  readonly trainWorkers: WorkerLike[] = [];
  readonly storeWorkers: WorkerLike[] = [];

  constructor(options: StudioOptions = {}) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'descent-runs-'));
    this.store = new StoreHost(remembering(this.storeWorkers, 'store'), {
      path: join(this.folder, 'descent.db'),
      program: 'the app',
    });
    this.client = options.storeOf?.(this.store) ?? this.store;
    this.pool = new TrainPool(remembering(this.trainWorkers, 'train'), options.workers ?? 1);
    const shared = {
      store: this.client,
      host: this.pool,
      datasetsFolder: fileURLToPath(new URL('../../../resources/datasets', import.meta.url)),
      kernels: () => 'reference',
    };
    this.runs = new Runs({ ...shared, appVersion: '0.1.0' });
    this.evaluations = new Evaluations({ ...shared, runs: this.runs });
    onTestFinished(async () => {
      await this.close();
      if (options.folder === undefined) rmSync(this.folder, { recursive: true, force: true });
    });
  }

  async close(): Promise<void> {
    await this.runs.shutdown('suspend').catch(() => undefined);
    await this.store.close();
  }

  start(spec: unknown): Promise<RunId> {
    return this.runs.start(spec, { baseFolder: this.folder });
  }

  /** The first value of an event that satisfies the test, from now on. */
  next<E extends keyof RunEvents>(
    event: E,
    test: (value: RunEvents[E]) => boolean = () => true,
  ): Promise<RunEvents[E]> {
    return new Promise((resolve) => {
      const off = this.runs.on(event, (value) => {
        if (!test(value)) return;
        off();
        resolve(value);
      });
    });
  }

  ended(id: RunId): Promise<RunEvents['ended']> {
    return this.next('ended', ({ summary }) => summary.id === id);
  }

  detail(id: RunId): Promise<RunDetail> {
    return this.runs.get(id);
  }

  curve(id: RunId, metric: MetricId = 'loss', split: Split = 'batch'): Promise<Curve> {
    return this.runs.readCurve({ id, metric, split, maxPoints: null });
  }
}

function remembering(workers: WorkerLike[], name: 'store' | 'train'): () => WorkerLike {
  const start = workerFactory(workerFile(name, import.meta.url));
  return () => {
    const worker = start();
    workers.push(worker);
    return worker;
  };
}

/** Never ends by itself within a test; small enough that a step takes no time. */
export function endlessSpec(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return irisSpec({ training: { epochs: 1_000_000, batchSize: 10 }, ...changes });
}

export function irisSpec(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'iris',
    seed: 3,
    data: { source: 'iris', normalize: 'standardize' },
    model: {
      layers: [
        { type: 'affine', units: 16 },
        { type: 'relu' },
        { type: 'dropout', rate: 0.1 },
        { type: 'affine', units: 3 },
      ],
    },
    optimizer: { type: 'adam', lr: 0.002 },
    training: { epochs: 30, batchSize: 10 },
    ...changes,
  };
}
