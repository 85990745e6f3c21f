import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { StoreRequestMessage } from '../../../electron/contract/store-requests.ts';
import { StoreHost } from '../../../electron/main/hosts/store-host.ts';
import { workerFile } from '../../../electron/main/hosts/worker-files.ts';
import { workerFactory, type WorkerLike } from '../../../electron/main/hosts/worker-like.ts';
import { MIGRATIONS } from '../../../electron/store/migrations/all.ts';
import { chunk, newRun, RUN_A } from '../store/run-samples.ts';
import { FakeWorker } from './fake-worker.ts';

const WHERE = { path: '/nowhere/db', program: 'the app' } as const;
const OPENED = { path: WHERE.path, schemaVersion: 50, backupPath: null, interrupted: [], recovery: null };

/** Answers `open` and keeps the rest for the test. */
function fakeStore(): { worker: FakeWorker; host: StoreHost; workers: FakeWorker[] } {
  const workers: FakeWorker[] = [];
  const make = (): FakeWorker => {
    const worker = new FakeWorker();
    worker.onPost = (value) => {
      const { request, type } = value as StoreRequestMessage;
      if (type === 'open') queueMicrotask(() => worker.say({ request, ok: true, value: OPENED }));
    };
    workers.push(worker);
    return worker;
  };
  const host = new StoreHost(make, WHERE);
  return {
    host,
    workers,
    get worker() {
      return workers.at(-1) as FakeWorker;
    },
  };
}

describe('the store host', () => {
  it('opens before the first request and matches answers to questions', async () => {
    const fake = fakeStore();
    const list = fake.host.call('run:list', { trash: false });
    const info = fake.host.call('run:get', { id: RUN_A });
    await expect.poll(() => fake.worker.posted.length).toBe(3);
    const [, first, second] = fake.worker.posted as StoreRequestMessage[];
    fake.worker.say({ request: second?.request, ok: true, value: 'answer to the second' });
    fake.worker.say({ request: first?.request, ok: true, value: [] });
    expect(await info).toBe('answer to the second');
    expect(await list).toEqual([]);
  });

  it('hands errors over with their code', async () => {
    const fake = fakeStore();
    const get = fake.host.call('run:get', { id: RUN_A });
    await expect.poll(() => fake.worker.posted.length).toBe(2);
    const error = { code: 'not_found', message: 'there is no such run' } as const;
    fake.worker.say({ request: (fake.worker.posted[1] as StoreRequestMessage).request, ok: false, error });
    await expect(get).rejects.toMatchObject({ error });
  });

  it.each([
    ['an error', (worker: FakeWorker) => worker.emit('error', new Error('boom')), 'boom'],
    ['an exit without one', (worker: FakeWorker) => worker.emit('exit', 7), 'ended with code 7'],
  ])('rejects everything that waits on %s, and starts anew with the next request', async (_, die, reason) => {
    const fake = fakeStore();
    const calls = [fake.host.call('run:list', { trash: false }), fake.host.call('run:list', { trash: true })];
    await expect.poll(() => fake.worker.posted.length).toBe(3);
    die(fake.worker);
    for (const call of calls) {
      await expect(call).rejects.toMatchObject({
        error: { code: 'worker_died', message: expect.stringContaining(reason) as string },
      });
    }
    const again = fake.host.call('run:list', { trash: false });
    await expect.poll(() => fake.workers.length).toBe(2);
    await expect.poll(() => fake.worker.posted.length).toBe(2);
    fake.worker.say({ request: (fake.worker.posted[1] as StoreRequestMessage).request, ok: true, value: [] });
    expect(await again).toEqual([]);
  });

  it('gives a worker up that answers what nobody asked', async () => {
    const fake = fakeStore();
    await fake.host.open();
    const { worker } = fake;
    const waiting = fake.host.call('run:list', { trash: false });
    await expect.poll(() => worker.posted.length).toBe(2);
    worker.say({ request: 999, ok: true, value: null });
    await expect(waiting).rejects.toMatchObject({ error: { code: 'worker_died' } });
    expect(worker.terminated).toBe(true);
  });

  it('does not listen to a worker that is lost', async () => {
    const fake = fakeStore();
    await fake.host.open();
    const lost = fake.worker;
    lost.emit('exit', 1);
    const again = fake.host.call('run:list', { trash: false });
    await expect.poll(() => fake.workers.length).toBe(2);
    await expect.poll(() => fake.worker.posted.length).toBe(2);
    lost.say({ request: 999, ok: true, value: null });
    fake.worker.say({ request: (fake.worker.posted[1] as StoreRequestMessage).request, ok: true, value: [] });
    expect(await again).toEqual([]);
    expect(fake.worker.terminated).toBe(false);
  });

  it('refuses requests once it is closed', async () => {
    const fake = fakeStore();
    await fake.host.open();
    const close = fake.host.close();
    await expect.poll(() => fake.worker.posted.length).toBe(2);
    await expect(fake.host.call('run:list', { trash: false })).rejects.toMatchObject({ error: { code: 'cancelled' } });
    fake.worker.say({ request: (fake.worker.posted[1] as StoreRequestMessage).request, ok: true, value: null });
    await close;
    await fake.host.close();
    expect(fake.worker.terminated).toBe(true);
  });
});

describe('the store worker, in a real thread', () => {
  function realHost(): { host: StoreHost; workers: WorkerLike[]; path: string } {
    const folder = mkdtempSync(join(tmpdir(), 'descent-host-'));
    const path = join(folder, 'db');
    const workers: WorkerLike[] = [];
    const start = workerFactory(workerFile('store', import.meta.url));
    const host = new StoreHost(
      () => {
        const worker = start();
        workers.push(worker);
        return worker;
      },
      { path, program: 'the app' },
    );
    onTestFinished(async () => {
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    });
    return { host, workers, path };
  }

  it('stores, reads back and closes', async () => {
    const { host, path } = realHost();
    expect(await host.open()).toMatchObject({ path, schemaVersion: MIGRATIONS.at(-1)?.version });
    await host.call('run:create', newRun());
    const sent = chunk(0, [1, NaN, -0]);
    await host.call('run:append', { id: RUN_A, chunks: [sent] }, [sent.values.buffer as ArrayBuffer]);
    expect(sent.values.length).toBe(0);
    const curve = await host.call('curve:read', { id: RUN_A, metric: 'loss', split: 'batch', maxPoints: null });
    expect(curve.values).toEqual(Float32Array.from([1, NaN, -0]));
    await host.close();
  });

  it('opens the database again after its thread died', async () => {
    const { host, workers } = realHost();
    await host.call('run:create', newRun());
    await workers[0]?.terminate();
    await expect.poll(async () => (await host.call('run:list', { trash: false })).count, { timeout: 20_000 }).toBe(1);
    expect(workers).toHaveLength(2);
  });

  it('says why the database cannot be opened', async () => {
    const host = new StoreHost(workerFactory(workerFile('store', import.meta.url)), {
      path: '/dev/null/db',
      program: 'the app',
    });
    await expect(host.open()).rejects.toMatchObject({ error: { code: 'read_only' } });
  });
});
