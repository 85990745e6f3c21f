/** One train worker from outside: the job in it, the questions it was asked, and how it died. */

import { say, word, type Message } from '../../../engine/spec/message.ts';
import type { JobTaskName, JobTasks } from '../../contract/job-tasks.ts';
import { COMMAND, CONTROL, type JobMessage, type TrainJob } from '../../contract/jobs.ts';
import type { WorkerMessage, WorkerRequest } from '../../contract/worker-messages.ts';
import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import { PendingCalls } from './pending-calls.ts';
import type { JobCommand, JobListener } from './train-host-types.ts';
import type { WorkerFactory, WorkerLike } from './worker-like.ts';

/** The job's last message: afterwards the worker is free. */
const LAST_MESSAGES: readonly JobMessage['type'][] = ['finished', 'suspended', 'failed'];

/** Between two looks at the control words lies a step, or an evaluation: minutes on the slowest kernels, never this long. */
const HANG_MS = 300_000;
/** Looks taken in that time. */
const LOOKS = 4;

export class TrainThread {
  /** Counts from 1; told to people. */
  readonly number: number;
  readonly #worker: WorkerLike;
  readonly #pending = new PendingCalls();
  readonly #onIdle: (thread: TrainThread) => void;
  #job: { readonly listener: JobListener; readonly control: Int32Array } | null = null;
  #dead = false;
  #paused = false;
  readonly #hangMs: number;
  #watchdog: NodeJS.Timeout | null = null;

  /** `onIdle` is told when a job has ended or the thread has died. */
  constructor(factory: WorkerFactory, number: number, onIdle: (thread: TrainThread) => void, hangMs = HANG_MS) {
    this.number = number;
    this.#onIdle = onIdle;
    this.#hangMs = hangMs;
    this.#worker = factory();
    this.#worker.on('message', (message) => this.#receive(message as WorkerMessage));
    this.#worker.on('error', (error) => this.#died(describeDeath(error)));
    this.#worker.on('exit', (code) => this.#died(say`it ended with code ${code}`));
  }

  get dead(): boolean {
    return this.#dead;
  }
  get busy(): boolean {
    return this.#job !== null || this.#pending.size > 0;
  }
  /** True while its run waits for a person. */
  get paused(): boolean {
    return this.#paused;
  }

  train(job: Omit<TrainJob, 'control'>, control: SharedArrayBuffer, listener: JobListener): void {
    if (this.#job !== null) throw new Error('this worker has a job already');
    this.#job = { listener, control: new Int32Array(control) };
    this.#paused = false;
    this.#post({ type: 'train', job: { ...job, control } });
  }

  ask<T extends JobTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']> {
    if (this.#dead) return Promise.reject(new StudioFailure(DEAD));
    const { request, answer } = this.#pending.open<JobTasks[T]['result']>();
    this.#post({ type: 'task', request, task, args } as WorkerRequest);
    return answer;
  }

  /** True while the job with these control words is in the worker; a thread outlives its jobs. */
  trains(control: SharedArrayBuffer): boolean {
    return this.#job?.control.buffer === control;
  }

  /** The control words have changed. */
  wake(): void {
    this.#post({ type: 'wake' });
  }

  kill(reason: Message): void {
    this.#died(reason);
    void this.#worker.terminate();
  }

  async terminate(): Promise<void> {
    this.#died(word('it was asked to end'));
    await this.#worker.terminate();
  }

  #post(request: WorkerRequest): void {
    if (!this.#dead) this.#worker.postMessage(request);
  }

  #receive(message: WorkerMessage): void {
    switch (message.type) {
      case 'answer':
        this.#pending.resolve(message.request, message.value);
        break;
      case 'refused':
        this.#pending.reject(message.request, message.error);
        break;
      case 'job':
        this.#receiveJob(message.message);
        break;
    }
  }

  #receiveJob(message: JobMessage): void {
    const job = this.#job;
    if (job === null) return;
    if (message.type === 'started') this.#watch(job.control);
    if (message.type === 'paused') this.#paused = true;
    if (message.type === 'resumed') this.#paused = false;
    const last = LAST_MESSAGES.includes(message.type);
    if (last) {
      this.#unwatch();
      this.#job = null;
      this.#paused = false;
    }
    job.listener.message(message);
    // Whatever went wrong, the next run starts in clean memory.
    if (message.type === 'failed') this.kill(word('its run failed'));
    // A paused run leaves its core to the next one in the queue.
    if (last || message.type === 'paused') this.#onIdle(this);
  }

  /** A run whose worker neither trains nor answers must not stand there as running for ever. */
  #watch(control: Int32Array): void {
    this.#unwatch();
    let beats = -1;
    let still = 0;
    this.#watchdog = setInterval(() => {
      const now = Atomics.load(control, CONTROL.beats);
      still = now === beats ? still + 1 : 0;
      beats = now;
      if (still >= LOOKS) this.kill(say`it has not moved for ${this.#hangMs / 1000} seconds`);
    }, this.#hangMs / LOOKS);
    this.#watchdog.unref();
  }

  #unwatch(): void {
    if (this.#watchdog !== null) clearInterval(this.#watchdog);
    this.#watchdog = null;
  }

  #died(reason: Message): void {
    if (this.#dead) return;
    this.#dead = true;
    this.#unwatch();
    const error: StudioError = { code: 'worker_died', ...say`the train worker died: ${reason}` };
    this.#pending.rejectAll(error);
    const job = this.#job;
    this.#job = null;
    this.#paused = false;
    job?.listener.lost(error);
    this.#onIdle(this);
  }
}

const DEAD: StudioError = { code: 'worker_died', message: 'the train worker is gone' };

function describeDeath(error: Error): Message {
  const code = 'code' in error ? error.code : undefined;
  return word(code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'its JavaScript heap ran out of memory' : error.message);
}

/** Writes a command where the worker polls it. */
export function writeCommand(control: Int32Array, command: JobCommand): void {
  // Steps asked for while paused are void once the run goes on or ends.
  if (command !== 'pause') Atomics.store(control, CONTROL.singleSteps, 0);
  Atomics.store(control, CONTROL.command, COMMAND[command]);
}
