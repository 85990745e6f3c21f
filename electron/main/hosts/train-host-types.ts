/** What the runs service needs of whatever trains: a pool of threads, the process itself, or a queue that other machines read. */

import type { Message } from '../../../engine/spec/message.ts';
import type { JobTaskName, JobTasks } from '../../contract/job-tasks.ts';
import type { JobMessage, TrainJob } from '../../contract/jobs.ts';
import type { StudioError } from '../../contract/outcome.ts';

export type LiveTaskName = Extract<JobTaskName, `live${string}`>;
export type FreeTaskName = Exclude<JobTaskName, LiveTaskName>;
export type JobCommand = 'run' | 'pause' | 'stop' | 'suspend';

export interface JobListener {
  message(message: JobMessage): void;
  /** The worker is gone and the job with it; nothing more will come. */
  lost(error: StudioError): void;
}

export interface JobHandle {
  /** True until a worker has taken the job. */
  readonly queued: boolean;
  /** Name of the worker that has the job, or had it last; null while it is queued. */
  readonly worker: string | null;
  command(command: JobCommand): void;
  /** One step of a paused run. */
  step(): void;
  /** The run waits at the end of this epoch from now on; null: it does not wait. */
  allowEpochs(limit: number | null): void;
  /** A `chunks` message has been dealt with; the worker may send more. */
  taken(): void;
  /** Asks the worker that trains the run. Rejects with a StudioFailure. */
  ask<T extends LiveTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']>;
  /** Takes a queued job back. False when a worker has it already. */
  cancel(): boolean;
  /** Ends the worker without asking; the listener hears `lost`. */
  kill(reason: Message): void;
}

export interface HostLoad {
  readonly running: number;
  readonly queued: number;
  readonly workers: number;
}

export interface TrainHost {
  /** Queues the job; it starts when a worker is free. */
  train(job: Omit<TrainJob, 'control'>, listener: JobListener): JobHandle;
  /** Rejects with a StudioFailure. */
  task<T extends FreeTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']>;
  load(): HostLoad;
  setWorkers(count: number): void;
  /** Ends every worker. Jobs still in them are lost. */
  close(): Promise<void>;
}
