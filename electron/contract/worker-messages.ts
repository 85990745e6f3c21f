/** What a host and its train worker post to each other; what the messages hold is in jobs.ts and job-tasks.ts. */

import type { JobTaskName, JobTasks } from './job-tasks.ts';
import type { JobMessage, TrainJob } from './jobs.ts';
import type { StudioError } from './outcome.ts';

/** To the worker, besides the control words. */
export type WorkerRequest =
  | { readonly type: 'train'; readonly job: TrainJob }
  /** The control words have changed: a paused run looks at them. */
  | { readonly type: 'wake' }
  | {
      [T in JobTaskName]: {
        readonly type: 'task';
        readonly request: number;
        readonly task: T;
        readonly args: JobTasks[T]['args'];
      };
    }[JobTaskName];

/** From the worker: messages of its job, and answers to tasks. */
export type WorkerMessage =
  | { readonly type: 'job'; readonly message: JobMessage }
  | { readonly type: 'answer'; readonly request: number; readonly value: unknown }
  | { readonly type: 'refused'; readonly request: number; readonly error: StudioError };
