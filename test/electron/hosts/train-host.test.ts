import { describe, expect, it } from 'vitest';
import { COMMAND, CONTROL, type JobMessage, type TrainJob } from '../../../electron/contract/jobs.ts';
import type { WorkerRequest } from '../../../electron/contract/worker-messages.ts';
import { TrainPool } from '../../../electron/main/hosts/train-host.ts';
import { workerFactory } from '../../../electron/main/hosts/worker-like.ts';
import type { JobHandle } from '../../../electron/main/hosts/train-host-types.ts';
import type { StudioError } from '../../../electron/contract/outcome.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { exampleSpec } from '../store/run-samples.ts';
import { FakeWorker } from './fake-worker.ts';

class FakePool {
  readonly workers: FakeWorker[] = [];
  readonly pool: TrainPool;

  constructor(size: number) {
    this.pool = new TrainPool(() => {
      const worker = new FakeWorker();
      this.workers.push(worker);
      return worker;
    }, size);
  }

  train(name: string): { handle: JobHandle; heard: string[]; lost: StudioError[] } {
    const heard: string[] = [];
    const lost: StudioError[] = [];
    const job: Omit<TrainJob, 'control'> = {
      runId: name as RunId,
      spec: exampleSpec(),
      baseFolder: '/',
      datasetsFolder: '/',
      kernels: 'auto',
      resumeFrom: null,
      elapsedMs: 0,
    };
    const handle = this.pool.train(job, {
      message: ({ type }) => heard.push(type),
      lost: (error) => lost.push(error),
    });
    return { handle, heard, lost };
  }

  /** Runs the worker was given, in order. */
  jobs(worker: number): string[] {
    return (this.workers[worker]?.posted as WorkerRequest[])
      .filter((request) => request.type === 'train')
      .map(({ job }) => job.runId);
  }

  control(worker: number): Int32Array {
    const requests = this.workers[worker]?.posted as WorkerRequest[];
    const last = requests.findLast((request) => request.type === 'train');
    if (last === undefined) throw new Error('the worker has no job');
    return new Int32Array(last.job.control);
  }

  say(worker: number, message: Partial<JobMessage>): void {
    this.workers[worker]?.say({ type: 'job', message });
  }
}

describe('the pool of train workers', () => {
  it('trains as many runs at once as it may, the rest in order', () => {
    const fake = new FakePool(2);
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => fake.train(name));
    expect([a, b, c, d].map((run) => run?.handle.queued)).toEqual([false, false, true, true]);
    expect(fake.pool.load()).toEqual({ running: 2, queued: 2, workers: 2 });
    fake.say(1, { type: 'finished' });
    expect(fake.jobs(1)).toEqual(['b', 'c']);
    fake.say(0, { type: 'suspended' });
    expect(fake.jobs(0)).toEqual(['a', 'd']);
    expect(fake.workers).toHaveLength(2);
    expect(b?.heard).toEqual(['finished']);
  });

  it('gives a worker up whose run failed', () => {
    const fake = new FakePool(1);
    const a = fake.train('a');
    fake.train('b');
    fake.say(0, { type: 'failed' });
    expect(fake.workers[0]?.terminated).toBe(true);
    expect(a.heard).toEqual(['failed']);
    expect(a.lost).toEqual([]);
    expect(fake.jobs(1)).toEqual(['b']);
  });

  it('starts more when it may have more workers', () => {
    const fake = new FakePool(1);
    fake.train('a');
    const b = fake.train('b');
    fake.pool.setWorkers(2);
    expect(b.handle.queued).toBe(false);
  });

  it('gives the core of a paused run to the next one', () => {
    const fake = new FakePool(1);
    fake.train('a');
    fake.train('b');
    fake.say(0, { type: 'paused' });
    expect(fake.jobs(1)).toEqual(['b']);
    expect(fake.pool.load()).toMatchObject({ running: 1, queued: 0 });
  });

  it('writes commands where the worker polls them, and wakes it', () => {
    const fake = new FakePool(1);
    const { handle } = fake.train('a');
    const control = fake.control(0);
    handle.command('pause');
    handle.step();
    handle.step();
    expect([control[CONTROL.command], control[CONTROL.singleSteps]]).toEqual([COMMAND.pause, 2]);
    expect(fake.workers[0]?.posted.at(-1)).toEqual({ type: 'wake' });
    handle.command('run');
    expect([control[CONTROL.command], control[CONTROL.singleSteps]]).toEqual([COMMAND.run, 0]);
    control[CONTROL.chunksInFlight] = 3;
    handle.taken();
    expect(control[CONTROL.chunksInFlight]).toBe(2);
  });

  it('never lets the handle of an ended run reach the next one in its worker', async () => {
    const fake = new FakePool(1);
    const a = fake.train('a');
    fake.say(0, { type: 'finished' });
    fake.train('b');
    const posted = fake.workers[0]?.posted.length;
    a.handle.command('stop');
    a.handle.kill({ message: 'late' });
    expect(fake.workers[0]?.posted.length).toBe(posted);
    expect(fake.workers[0]?.terminated).toBe(false);
    expect(fake.control(0)[CONTROL.command]).toBe(COMMAND.run);
    await expect(a.handle.ask('liveEvaluate', { split: 'test' })).rejects.toMatchObject({
      error: { code: 'conflict' },
    });
  });

  it('takes a queued job back, once', () => {
    const fake = new FakePool(1);
    const a = fake.train('a');
    const b = fake.train('b');
    expect(b.handle.cancel()).toBe(true);
    expect(b.handle.cancel()).toBe(false);
    expect(a.handle.cancel()).toBe(false);
    fake.say(0, { type: 'finished' });
    expect(fake.jobs(0)).toEqual(['a']);
  });

  it.each([
    ['an error', (worker: FakeWorker) => worker.emit('error', new Error('boom')), /the train worker died: boom/],
    ['an exit without one', (worker: FakeWorker) => worker.emit('exit', 7), /it ended with code 7/],
    [
      'a full heap',
      (worker: FakeWorker) => worker.emit('error', Object.assign(new Error('…'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })),
      /its JavaScript heap ran out of memory/,
    ],
  ])('tells the run that its worker died of %s, once, and goes on with another', async (_, die, reason) => {
    const fake = new FakePool(1);
    const a = fake.train('a');
    fake.train('b');
    const asked = a.handle.ask('liveEvaluate', { split: 'test' });
    die(fake.workers[0] as FakeWorker);
    fake.workers[0]?.emit('exit', 1);
    await expect(asked).rejects.toMatchObject({ error: { code: 'worker_died' } });
    expect(a.lost).toMatchObject([{ code: 'worker_died', message: expect.stringMatching(reason) as string }]);
    expect(fake.jobs(1)).toEqual(['b']);
  });

  it('asks questions of no run in a worker of their own', async () => {
    const fake = new FakePool(1);
    fake.train('a');
    const answer = fake.pool.task('export', {
      card: {} as never,
      checkpoint: new Uint8Array(0),
      weights: 'last',
      path: '/x',
    });
    expect(fake.workers).toHaveLength(2);
    const { request } = fake.workers[1]?.posted[0] as { request: number };
    fake.workers[1]?.say({ type: 'answer', request, value: 'written' });
    expect(await answer).toBe('written');
    await fake.pool.close();
    expect(fake.workers.every(({ terminated }) => terminated)).toBe(true);
  });
});

describe('a real worker that dies', () => {
  it.each([
    ['throw', /the train worker died: boom/],
    ['exit', /the train worker died: it ended with code 7/],
    ['heap', /the train worker died: its JavaScript heap ran out of memory/],
  ])('by %s is told to its run, and this process goes on', async (how, reason) => {
    const file = new URL('./children/dying.worker.ts', import.meta.url);
    const pool = new TrainPool(workerFactory(file, { heapMegabytes: 64 }), 1);
    const job = { spec: exampleSpec(), baseFolder: '/', datasetsFolder: '/', resumeFrom: null, elapsedMs: 0 };
    const error = await new Promise<StudioError>((resolve) => {
      pool.train({ ...job, runId: 'a' as RunId, kernels: how }, { message: () => undefined, lost: resolve });
    });
    expect(error).toMatchObject({ code: 'worker_died', message: expect.stringMatching(reason) as string });
    await pool.close();
  });

  it('by an endless loop is ended, and one that shows signs of life is not', async () => {
    const file = new URL('./children/dying.worker.ts', import.meta.url);
    const pool = new TrainPool(workerFactory(file), 2, 800);
    const job = { spec: exampleSpec(), baseFolder: '/', datasetsFolder: '/', resumeFrom: null, elapsedMs: 0 };
    const lost: string[] = [];
    const reason = await new Promise<string>((resolve) => {
      for (const kernels of ['hang', 'beat']) {
        const ended = ({ message }: StudioError): void => {
          lost.push(kernels);
          if (kernels === 'hang') resolve(message);
        };
        pool.train({ ...job, runId: kernels as RunId, kernels }, { message: () => undefined, lost: ended });
      }
    });
    expect(reason).toBe('the train worker died: it has not moved for 0.8 seconds');
    expect(pool.load().running).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(lost).toEqual(['hang']);
    await pool.close();
  });
});
