/** A sweep whose trials are trained by other processes, through a Redis of its own: what must not depend on that, doesn't. */

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, Workplace, type Finished } from '../cli/support.ts';
import { irisSweep } from '../sweeps/support.ts';
import { noRedis, RedisServer } from './redis-server.ts';
import { liveTrials, startWorker, trialRecords, until, type TrialRecord } from './support.ts';

if (noRedis !== null) process.stderr.write(`skipped: the tests of the queue: ${noRedis}\n`);

/** Long enough to be caught in the middle; checkpoints often enough to go on from one. */
const SPEC = irisSweep(
  { trials: 4, epochsPerTrial: 300 },
  { training: { epochs: 1, batchSize: 10, checkpoint: { everyEpochs: 50 } } },
);

describe.skipIf(noRedis !== null)('a sweep on a queue', { timeout: 120_000 }, () => {
  const redis = new RedisServer();
  let prefixes = 0;
  let local: TrialRecord[] = [];

  beforeAll(() => redis.start());
  afterAll(() => redis.close());

  /** The same sweep on the threads of one process, trained once. */
  async function whole(): Promise<TrialRecord[]> {
    if (local.length > 0) return local;
    const work = new Workplace();
    work.file('sweep.json', SPEC);
    const { status, stderr } = await work.run(['sweep', 'sweep.json', '--json', '--workers', '2']);
    expect(stderr).not.toMatch(/failed/);
    expect(status).toBe(0);
    local = trialRecords(work.database);
    expect(local.map(({ runs }) => runs)).toEqual([1, 1, 1, 1]);
    return local;
  }

  function begin(): { work: Workplace; url: string; sweep: (...args: string[]) => Promise<Finished> } {
    const work = new Workplace();
    work.file('sweep.json', SPEC);
    const url = redis.url(`test-${++prefixes}`);
    const sweep = (...args: string[]): Promise<Finished> =>
      finish(work.start(['sweep', 'sweep.json', '--json', '--queue', url, ...args]));
    return { work, url, sweep };
  }

  const finished = ({ status, stderr, lines }: Finished): void => {
    expect(stderr).not.toMatch(/failed/);
    expect(status).toBe(0);
    const trials = lines().filter(({ event }) => event === 'trial');
    expect(trials.map(({ trial }) => Number(trial)).sort()).toEqual([0, 1, 2, 3]);
    expect(lines().at(-1)).toMatchObject({ event: 'finished', status: 'completed', trials: 4 });
  };

  it('gives the trials of the local pool to the last bit, with two processes that share them and stop when told', async () => {
    const { work, url, sweep } = begin();
    const workers = [
      await startWorker(work, url, 'a', ['--workers', '1']),
      await startWorker(work, url, 'b', ['--workers', '1']),
    ];
    finished(await sweep());
    expect(trialRecords(work.database)).toEqual(await whole());
    for (const { child, exited, stderr } of workers) {
      child.kill('SIGTERM');
      expect(await exited).toBe(0);
      expect(stderr()).toMatch(/the worker has stopped\n$/);
    }
  });

  it('goes on from the last checkpoint when a worker is killed in mid-trial', async () => {
    const { work, url, sweep } = begin();
    const first = await startWorker(work, url, 'a', ['--workers', '1', '--hold-seconds', '2']);
    const over = sweep();
    const caught = await until('a trial in the middle', () =>
      liveTrials(work.database).find(({ status, checkpoint }) => status === 'running' && (checkpoint ?? 0) >= 500),
    );
    first.child.kill('SIGKILL');
    expect(await first.exited).toBeNull();
    const back = await until('the loss is noticed', () =>
      liveTrials(work.database).find(({ trial, losses }) => trial === caught.trial && losses === 1),
    );
    // In the middle it was: something had been learnt and more was to come. The points since are taken back.
    expect(back.checkpoint).toBeGreaterThanOrEqual(500);
    expect(back.checkpoint).toBeLessThan(3000);
    const rewound = await until('it waits at its checkpoint', () =>
      liveTrials(work.database).find(({ trial, status }) => trial === caught.trial && status === 'queued'),
    );
    expect(rewound.steps).toBe(back.checkpoint);
    await startWorker(work, url, 'b', ['--workers', '2']);
    finished(await over);
    expect(trialRecords(work.database)).toEqual(await whole());
  });

  it('hands a trial back when it is told to stop, and loses nothing of it', async () => {
    const { work, url, sweep } = begin();
    const first = await startWorker(work, url, 'a', ['--workers', '1']);
    const over = sweep();
    await until('a trial in the middle', () =>
      liveTrials(work.database).find(({ status, steps }) => status === 'running' && steps > 0),
    );
    first.child.kill('SIGINT');
    expect(await first.exited).toBe(0);
    expect(first.stderr()).toMatch(/handing back what is being trained/);
    // No loss: it was a farewell.
    expect(liveTrials(work.database).map(({ losses }) => losses)).not.toContain(1);
    await startWorker(work, url, 'b', ['--workers', '2']);
    const ended = await over;
    expect(ended.stderr).toMatch(/has left; run [0-9a-z]{12} is on the queue again/);
    finished(ended);
    expect(trialRecords(work.database)).toEqual(await whole());
  });

  it('ends complete, with no trial twice, when the server is away for a while and has forgotten everything', async () => {
    const { work, url, sweep } = begin();
    const worker = await startWorker(work, url, 'a', ['--workers', '1']);
    const over = sweep('--workers', '3');
    await until('a trial in the middle', () =>
      liveTrials(work.database).find(({ status, steps }) => status === 'running' && steps > 0),
    );
    await redis.stop();
    await until('the worker says so', () => /is gone; waiting for it/.test(worker.stderr()));
    await sleep(1500);
    // Two trials lay on the queue, one was being trained.
    expect(liveTrials(work.database)).toHaveLength(3);
    await redis.start();
    const ended = await over;
    expect(ended.stderr).toMatch(/is gone; waiting for it[^]*is back/);
    finished(ended);
    expect(worker.stderr()).toMatch(/is back/);
    expect(trialRecords(work.database)).toEqual(await whole());
  });
});
