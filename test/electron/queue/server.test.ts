/** Orders, reports and files on a real server: what travels, what is refused, and what a person is told. */

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Redis } from 'ioredis';
import { Queue, type Job } from 'bullmq';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { TrainPool } from '../../../electron/main/hosts/train-host.ts';
import { workerFile } from '../../../electron/main/hosts/worker-files.ts';
import { workerFactory } from '../../../electron/main/hosts/worker-like.ts';
import { FileSender } from '../../../electron/queue/file-shelf.ts';
import { Luggage } from '../../../electron/queue/luggage.ts';
import { send } from '../../../electron/queue/mailbox.ts';
import { parseQueueAddress } from '../../../electron/queue/queue-address.ts';
import { openRedis } from '../../../electron/queue/redis-link.ts';
import { parseRunSpec } from '../../../engine/spec/run-spec.ts';
import { finish, irisSpec, Workplace } from '../cli/support.ts';
import { irisSweep } from '../sweeps/support.ts';
import { freePort, noRedis, RedisServer } from './redis-server.ts';
import { startWorker, trialRecords, until } from './support.ts';

/** Two classes, a little apart. */
function table(): string {
  const rows = Array.from(
    { length: 80 },
    (_, i) => `${Math.sin(i)},${Math.cos(3 * i) + (i % 2)},${i % 2 ? 'odd' : 'even'}`,
  );
  return ['a,b,kind', ...rows].join('\n');
}

describe.skipIf(noRedis !== null)('the server of a queue', { timeout: 120_000 }, () => {
  const redis = new RedisServer();
  let client: Redis;

  beforeAll(async () => {
    await redis.start();
    client = new Redis(redis.port, '127.0.0.1');
  });
  afterAll(async () => {
    client.disconnect();
    await redis.close();
  });

  it('carries the data and the initial weights once to a worker that lacks them, by their content', async () => {
    const work = new Workplace();
    work.file('table.csv', table());
    const data = { source: { file: 'table.csv', target: 'kind' }, normalize: 'standardize' };
    const layers = [{ type: 'affine', units: 6 }, { type: 'relu' }, { type: 'affine', units: 2 }];
    work.file('first.json', irisSpec({ data, model: { layers }, training: { epochs: 1, batchSize: 8 } }));
    expect((await work.run(['train', 'first.json', '--export', 'first.npz'])).status).toBe(0);
    const space = { 'optimizer.lr': { type: 'log-uniform', min: 0.001, max: 0.1 } };
    const base = { data, model: { layers }, initialWeights: work.path('first.npz') };
    work.file('sweep.json', irisSweep({ space, trials: 3 }, base));

    const url = redis.url('files');
    const files = (): string[] => readdirSync(work.path('a/queue-files'));
    const worker = await startWorker(work, url, 'a', ['--workers', '1']);
    const search = (db: string) => work.run(['sweep', 'sweep.json', '--json', '--db', db, '--queue', url]);
    expect((await search('one.db')).status).toBe(0);
    const local = await work.run(['sweep', 'sweep.json', '--json', '--db', 'local.db', '--workers', '1']);
    expect(local.status).toBe(0);
    expect(trialRecords(work.path('one.db'))).toEqual(trialRecords(work.path('local.db')));
    expect(
      files()
        .map((name) => name.replace(/^[0-9a-f]{64}/, '…'))
        .sort(),
    ).toEqual(['….data', '….npz']);

    // On board now: the server is not asked for it again.
    await client.flushall();
    expect((await search('two.db')).status).toBe(0);
    expect(await client.keys('files:file:*')).toEqual([]);
    worker.child.kill('SIGTERM');
    await worker.exited;

    // A copy that is damaged is not used: the next worker fetches the file anew.
    for (const name of files()) writeFileSync(work.path(`a/queue-files/${name}`), 'damaged');
    await startWorker(work, url, 'a', ['--workers', '1']);
    expect((await search('three.db')).status).toBe(0);
    expect((await client.keys('files:file:*')).length).toBeGreaterThan(0);
    expect(trialRecords(work.path('three.db'))).toEqual(trialRecords(work.path('local.db')));
  });

  it('is heard when it refuses what nobody waits for, once until it is back', async () => {
    const said: string[] = [];
    const link = await openRedis(parseQueueAddress(redis.url('full')), (text) => said.push(text));
    const sender = new FileSender(link);
    await client.config('SET', 'maxmemory', '1');
    onTestFinished(async () => {
      link.close();
      await client.config('SET', 'maxmemory', '0');
    });
    await expect(send(link, 'somebody', 'a letter')).rejects.toThrow(/^OOM/);
    const { sha256 } = sender.add(new Uint8Array(8), 'data');
    sender.send(sha256);
    await until('a word about it', () => said.length > 0);
    sender.send(sha256);
    await expect(send(link, 'somebody', 'a letter').catch((error: unknown) => link.failed(error))).resolves.toBe(
      undefined,
    );
    expect(said).toEqual([expect.stringMatching(/^the server at .* refuses: OOM .*; trying again$/)]);
  });

  it('is not burdened with a set that is too large for it', async () => {
    const work = new Workplace();
    work.file('table.csv', table());
    const link = await openRedis(parseQueueAddress(redis.url('large')), () => undefined);
    const pool = new TrainPool(workerFactory(workerFile('train', import.meta.url)), 1);
    onTestFinished(async () => {
      link.close();
      await pool.close();
    });
    const parsed = parseRunSpec(irisSpec({ data: { source: { file: 'table.csv', target: 'kind' } } }));
    if (!parsed.ok) throw new Error('the spec of the test is wrong');
    const { spec } = parsed;
    const folders = {
      baseFolder: work.folder,
      datasetsFolder: fileURLToPath(new URL('../../../resources/datasets', import.meta.url)),
    };
    await expect(new Luggage(link, pool, 500).pack({ spec, ...folders })).rejects.toMatchObject({
      error: {
        code: 'data_invalid',
        message: expect.stringMatching(/^the data set takes 1 MB; at most 1 MB travel through a queue/) as string,
        issues: [{ path: 'data.source' }],
      },
    });
    const { data } = await new Luggage(link, pool).pack({ spec, ...folders });
    expect(data.file?.bytes).toBeGreaterThan(500);
    // Sets on board stay where they are.
    const onBoard = parseRunSpec(irisSpec());
    if (onBoard.ok) {
      expect(await new Luggage(link, pool, 0).pack({ spec: onBoard.spec, ...folders })).toMatchObject({
        data: { file: null },
        initialWeights: null,
      });
    }
  });

  it('is left again by a sweep whose database cannot be opened', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep());
    const database = work.file('no.db', 'no database at all '.repeat(500));
    const url = redis.url('left');
    const { status, stderr } = await work.run(['sweep', 'sweep.json', '--db', database, '--queue', url]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/damaged/);
    expect(await client.keys('left:mail:*')).toEqual([]);
  });

  it('may be full of letters nobody understands: each is told once, and the sweep goes on', async () => {
    const work = new Workplace();
    work.file('sweep.json', irisSweep({ trials: 2 }));
    const url = redis.url('letters');
    const over = finish(work.start(['sweep', 'sweep.json', '--json', '--queue', url]));
    const queue = new Queue('trials-reference', { prefix: 'letters', connection: client });
    onTestFinished(() => queue.close());
    let waiting: Job[] = [];
    while (waiting.length === 0) waiting = await queue.getWaiting();
    const mailbox = `letters:mail:${(waiting[0]?.data as { owner: string }).owner}`;
    const newer = JSON.stringify({ protocol: 2, engine: '9.0.0' });
    for (const letter of ['{', '{', '[]', newer, newer]) await client.xadd(mailbox, '*', 'letter', letter);
    const worker = await startWorker(work, url, 'a', ['--workers', '2']);
    const { status, stderr, lines } = await over;
    expect(status).toBe(0);
    expect(lines().at(-1)).toMatchObject({ status: 'completed', trials: 2 });
    expect(stderr.match(/a report was dropped: a message that cannot be understood: expected JSON/g)).toHaveLength(1);
    expect(stderr.match(/a worker is not heard: the other side is Descent 9\.0\.0 \(protocol 2\)/g)).toHaveLength(1);
    expect(worker.stderr()).not.toMatch(/dropped/);
  });

  it('may hold orders that are none, of another version, or for other kernels: a worker says so and trains none of them', async () => {
    const work = new Workplace();
    const options = { prefix: 'orders', connection: client };
    const reference = new Queue('trials-reference', options);
    onTestFinished(() => reference.close());
    await client.set('orders:owner:somebody0000', 'native-neon-clang-99 reference', 'EX', 60);
    await reference.add('run', { nonsense: true });
    const worker = await startWorker(work, redis.url('orders'), 'a');
    await until('the nonsense is dropped', () => /an order was dropped: a message that cannot/.test(worker.stderr()));
    await until('the others are left', () =>
      /trials for the kernels native-neon-clang-99, which this/.test(worker.stderr()),
    );
    await reference.add('run', { protocol: 2, engine: '9.0.0' });
    expect(await worker.exited).toBe(2);
    expect(worker.stderr()).toMatch(
      /\ndescent: the other side is Descent 9\.0\.0 \(protocol 2\), this is .* must be the same version\n$/,
    );
    // Another worker may take it.
    expect(await reference.getWaitingCount()).toBe(1);
    expect(worker.stderr()).not.toMatch(/kernels reference,/);
    expect(existsSync(work.path('a/queue-files'))).toBe(false);
  });

  it('is asked for only once it answers: what is wrong is said, without the password', async () => {
    const locked = new RedisServer(['--requirepass', 's3cret']);
    await locked.start();
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    onTestFinished(async () => {
      silent.close();
      await locked.close();
    });
    const at = (port: number, user = ''): string => `redis://${user}127.0.0.1:${port}/x`;
    const silentPort = (silent.address() as AddressInfo).port;
    for (const [url, reason] of [
      [at(await freePort()), 'nothing listens there'],
      [at(silentPort), 'it does not answer'],
      [at(locked.port), 'it asks for a password (DESCENT_QUEUE_PASSWORD, or in the address)'],
      [at(locked.port, 'ann:wr0ng@'), 'user or password are wrong'],
    ] as const) {
      const address = parseQueueAddress(url, {});
      await expect(openRedis(address, () => undefined, 1000)).rejects.toMatchObject({
        error: { code: 'environment', message: `--queue: cannot use the server at ${address.shown}: ${reason}` },
      });
    }
    const address = parseQueueAddress(at(locked.port), { DESCENT_QUEUE_PASSWORD: 's3cret' });
    (await openRedis(address, () => undefined)).close();
    const work = new Workplace();
    const url = at(locked.port, 'default:wr0ng@');
    for (const command of [['worker'], ['sweep', work.file('sweep.json', irisSweep())]]) {
      const { status, stdout, stderr } = await work.run([...command, '--queue', url]);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toBe(`descent: --queue: cannot use the server at ${address.shown}: user or password are wrong\n`);
    }
  });
});
