/**
 * The pool of train workers: as many runs at once as it is told, the rest in a queue. Questions that belong to no
 * live run go to a worker of their own, so that they never wait behind training.
 */

import type { Message } from '../../../engine/spec/message.ts';
import type { JobTasks } from '../../contract/job-tasks.ts';
import { CONTROL, type TrainJob } from '../../contract/jobs.ts';
import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import type {
  FreeTaskName,
  HostLoad,
  JobCommand,
  JobHandle,
  JobListener,
  LiveTaskName,
  TrainHost,
} from './train-host-types.ts';
import { TrainThread, writeCommand } from './train-thread.ts';
import type { WorkerFactory } from './worker-like.ts';

/** Workers without work give their memory back after this time. */
const IDLE_MS = 30_000;

interface QueuedJob {
  readonly job: Omit<TrainJob, 'control'>;
  readonly control: SharedArrayBuffer;
  readonly listener: JobListener;
  thread: TrainThread | null;
}

export class TrainPool implements TrainHost {
  readonly #factory: WorkerFactory;
  readonly #hangMs: number | undefined;
  readonly #threads = new Set<TrainThread>();
  readonly #idleTimers = new Map<TrainThread, NodeJS.Timeout>();
  #queue: QueuedJob[] = [];
  #taskThread: TrainThread | null = null;
  #workers: number;
  #closed = false;

  /** `hangMs`: a worker that shows no sign of life for so long is ended. @default minutes */
  constructor(factory: WorkerFactory, workers: number, hangMs?: number) {
    this.#factory = factory;
    this.#workers = workers;
    this.#hangMs = hangMs;
  }

  train(job: Omit<TrainJob, 'control'>, listener: JobListener): JobHandle {
    if (this.#closed) throw new StudioFailure(CLOSED);
    const control = new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT);
    Atomics.store(new Int32Array(control), CONTROL.epochLimit, job.epochLimit ?? 0);
    const queued: QueuedJob = { job, control, listener, thread: null };
    this.#queue.push(queued);
    this.#pump();
    return this.#handle(queued);
  }

  task<T extends FreeTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']> {
    if (this.#closed) return Promise.reject(new StudioFailure(CLOSED));
    if (this.#taskThread === null || this.#taskThread.dead) {
      this.#taskThread = new TrainThread(this.#factory, 0, () => undefined);
    }
    const thread = this.#taskThread;
    this.#keep(thread);
    const answer = thread.ask(task, args);
    void answer.catch(() => undefined).then(() => this.#letGoLater(thread));
    return answer;
  }

  load(): HostLoad {
    return { running: this.#running(), queued: this.#queue.length, workers: this.#workers };
  }

  setWorkers(count: number): void {
    this.#workers = count;
    this.#pump();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queue = [];
    for (const timer of this.#idleTimers.values()) clearTimeout(timer);
    this.#idleTimers.clear();
    const threads = [...this.#threads, ...(this.#taskThread === null ? [] : [this.#taskThread])];
    await Promise.all(threads.map((thread) => thread.terminate()));
  }

  /** Paused runs sit in a worker but take no core. */
  #running(): number {
    return [...this.#threads].filter((thread) => thread.busy && !thread.paused).length;
  }

  #pump(): void {
    while (!this.#closed && this.#running() < this.#workers) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      const thread = this.#freeThread();
      this.#keep(thread);
      next.thread = thread;
      thread.train(next.job, next.control, next.listener);
    }
  }

  #freeThread(): TrainThread {
    for (const thread of this.#threads) if (!thread.busy) return thread;
    const thread = new TrainThread(this.#factory, this.#freeNumber(), (freed) => this.#onIdle(freed), this.#hangMs);
    this.#threads.add(thread);
    return thread;
  }

  /** The lowest number no thread has. */
  #freeNumber(): number {
    const taken = new Set([...this.#threads].map(({ number }) => number));
    let number = 1;
    while (taken.has(number)) number++;
    return number;
  }

  #onIdle(thread: TrainThread): void {
    if (thread.dead) {
      this.#keep(thread);
      this.#threads.delete(thread);
    } else if (!thread.busy) {
      this.#letGoLater(thread);
    }
    this.#pump();
  }

  #keep(thread: TrainThread): void {
    clearTimeout(this.#idleTimers.get(thread));
    this.#idleTimers.delete(thread);
  }

  #letGoLater(thread: TrainThread): void {
    this.#keep(thread);
    if (this.#closed || thread.dead) return;
    const timer = setTimeout(() => {
      this.#idleTimers.delete(thread);
      if (thread.busy) return;
      this.#threads.delete(thread);
      if (this.#taskThread === thread) this.#taskThread = null;
      void thread.terminate();
    }, IDLE_MS);
    timer.unref();
    this.#idleTimers.set(thread, timer);
  }

  #handle(queued: QueuedJob): JobHandle {
    const words = new Int32Array(queued.control);
    const wake = (): void => {
      if (queued.thread?.trains(queued.control) === true) queued.thread.wake();
    };
    return {
      get queued() {
        return queued.thread === null;
      },
      get worker() {
        return queued.thread === null ? null : String(queued.thread.number);
      },
      command: (command: JobCommand) => {
        writeCommand(words, command);
        wake();
      },
      step: () => {
        Atomics.add(words, CONTROL.singleSteps, 1);
        wake();
      },
      allowEpochs: (limit: number | null) => {
        Atomics.store(words, CONTROL.epochLimit, limit ?? 0);
        wake();
      },
      taken: () => void Atomics.sub(words, CONTROL.chunksInFlight, 1),
      ask: <T extends LiveTaskName>(task: T, args: JobTasks[T]['args']) =>
        queued.thread?.trains(queued.control) === true
          ? queued.thread.ask(task, args)
          : Promise.reject(new StudioFailure(NOT_LIVE)),
      cancel: () => {
        const before = this.#queue.length;
        this.#queue = this.#queue.filter((other) => other !== queued);
        return this.#queue.length < before;
      },
      kill: (reason: Message) => {
        if (queued.thread?.trains(queued.control) === true) queued.thread.kill(reason);
      },
    };
  }
}

const CLOSED: StudioError = { code: 'cancelled', message: 'the program is closing' };
const NOT_LIVE: StudioError = { code: 'conflict', message: 'no worker trains the run right now' };
