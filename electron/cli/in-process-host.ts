/** Trains in this very process: no thread to start, no message to copy. The command line has no window to keep alive. */

import type { Message } from '../../engine/spec/message.ts';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import type { RunSpec } from '../../engine/spec/run-spec.ts';
import type { StepResult, Trainer } from '../../engine/train/trainer-types.ts';
import type { JobTasks } from '../contract/job-tasks.ts';
import { CONTROL, type EpochReport, type JobFolders, type TrainJob } from '../contract/jobs.ts';
import { StudioFailure } from '../contract/outcome.ts';
import type {
  FreeTaskName,
  HostLoad,
  JobCommand,
  JobHandle,
  JobListener,
  LiveTaskName,
  TrainHost,
} from '../main/hosts/train-host-types.ts';
import { writeCommand } from '../main/hosts/train-thread.ts';
import { toJobError } from '../workers/job-errors.ts';
import { runTask } from '../workers/job-tasks.ts';
import { kernelChoice, loadKernels } from '../workers/load-kernels.ts';
import { buildTrainer, describeRun, prepareRun, type PreparedRun } from '../workers/prepare-run.ts';
import { TrainJobRunner } from '../workers/train-job.ts';

export interface InProcessOptions {
  readonly onStep: (result: StepResult) => void;
  readonly onEpoch: (report: EpochReport) => void;
  /** null, or a promise to wait for before training goes on. */
  readonly busy: () => Promise<void> | null;
  /** One line on why faster kernels are not in use. */
  readonly onKernelsNote: (note: string) => void;
}

type BuildArguments = JobFolders & Pick<TrainJob, 'spec' | 'kernels' | 'resumeFrom' | 'forkFrom'>;

interface Built {
  readonly spec: RunSpec;
  readonly run: PreparedRun;
  readonly kernels: Kernels;
  readonly trainer: Trainer;
}

export class InProcessHost implements TrainHost {
  readonly #options: InProcessOptions;
  /** What `check` built, for the job that follows it. */
  #checked: Built | null = null;
  #live: TrainJobRunner | null = null;

  constructor(options: InProcessOptions) {
    this.#options = options;
  }

  train(job: Omit<TrainJob, 'control'>, listener: JobListener): JobHandle {
    const control = new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT);
    const words = new Int32Array(control);
    Atomics.store(words, CONTROL.epochLimit, job.epochLimit ?? 0);
    // Like a worker's, its first word comes when whoever asked is there to hear it.
    setImmediate(() => void this.#run({ ...job, control }, listener));
    return {
      queued: false,
      worker: '1',
      command: (command: JobCommand) => {
        writeCommand(words, command);
        this.#live?.wake();
      },
      step: () => {
        Atomics.add(words, CONTROL.singleSteps, 1);
        this.#live?.wake();
      },
      allowEpochs: (limit: number | null) => {
        Atomics.store(words, CONTROL.epochLimit, limit ?? 0);
        this.#live?.wake();
      },
      taken: () => void Atomics.sub(words, CONTROL.chunksInFlight, 1),
      ask: <T extends LiveTaskName>(task: T, args: JobTasks[T]['args']) => asFailure(runTask(task, args, this.#live)),
      cancel: () => false,
      kill: (reason: Message) => listener.lost({ code: 'worker_died', ...reason }),
    };
  }

  async task<T extends FreeTaskName>(task: T, args: JobTasks[T]['args']): Promise<JobTasks[T]['result']> {
    if (task === 'check') return asFailure(this.#check(args as JobTasks['check']['args'])) as Promise<never>;
    return asFailure(runTask(task, args, null));
  }

  load(): HostLoad {
    return { running: this.#live === null ? 0 : 1, queued: 0, workers: 1 };
  }

  setWorkers(): void {
    throw new Error('the command line trains one run at a time');
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  async #check({ forkFrom = null, ...args }: JobTasks['check']['args']): Promise<JobTasks['check']['result']> {
    this.#checked = await this.#build({ ...args, resumeFrom: null, forkFrom });
    return describeRun(this.#checked.run, this.#checked.trainer);
  }

  async #build({ spec, kernels: name, resumeFrom, forkFrom = null, ...folders }: BuildArguments): Promise<Built> {
    const { kernels, note } = loadKernels(kernelChoice(name));
    if (note !== null) this.#options.onKernelsNote(note.message);
    const run = await prepareRun(spec, folders);
    return { spec, run, kernels, trainer: await buildTrainer(run, kernels, folders, resumeFrom, forkFrom) };
  }

  async #run(job: TrainJob, listener: JobListener): Promise<void> {
    try {
      const checked = this.#checked?.spec === job.spec && job.resumeFrom === null ? this.#checked : null;
      this.#checked = null;
      const { run, kernels, trainer } = checked ?? (await this.#build(job));
      this.#live = new TrainJobRunner(job, run, trainer, kernels, {
        post: (message) => listener.message(message),
        step: this.#options.onStep,
        epoch: this.#options.onEpoch,
        busy: this.#options.busy,
      });
      await this.#live.train();
    } catch (error) {
      listener.message({ type: 'failed', error: toJobError(error) });
    } finally {
      this.#live = null;
    }
  }
}

async function asFailure<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new StudioFailure(toJobError(error));
  }
}
