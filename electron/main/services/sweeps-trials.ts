/** Every trial is a run of the runs service of this process, which keeps it in its database, wherever it is trained. */

import { messageOf, said, word, type Message } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import { StudioFailure, type StudioError } from '../../contract/outcome.ts';
import type { RunSummary } from '../../contract/runs.ts';
import type { RunAction, RunsService } from './runs-types.ts';
import type { TrialEnding, TrialHandle, TrialJob, TrialListener, TrialRunner } from './sweeps-types.ts';

interface OpenTrial {
  readonly listener: TrialListener;
  /** Why its worker died, once it has. */
  death: Message | null;
  problem: Message | null;
}

export class LocalTrials implements TrialRunner {
  readonly #runs: RunsService;
  readonly #open = new Map<RunId, OpenTrial>();
  readonly #onProblem: (error: StudioError) => void;

  /** `onProblem` hears of orders that failed for another reason than the run's end. */
  constructor(runs: RunsService, onProblem: (error: StudioError) => void) {
    this.#runs = runs;
    this.#onProblem = onProblem;
    runs.on('started', ({ id }) => this.#open.get(id)?.listener.started());
    runs.on('epoch', ({ id, report }) => this.#open.get(id)?.listener.epoch(report));
    runs.on('problem', ({ id, error }) => this.#remember(id, error));
    runs.on('progress', ({ id, status }) => {
      // It lives: what went wrong before was something else, a lost store worker for instance.
      const trial = this.#open.get(id);
      if (trial !== undefined && (status === 'running' || status === 'paused')) trial.death = null;
    });
    runs.on('ended', ({ summary, finished }) => this.#ended(summary, finished?.message ?? null));
  }

  async begin(job: TrialJob, listener: TrialListener): Promise<TrialHandle> {
    const { known, until } = job;
    const trial: OpenTrial = { listener, death: null, problem: null };
    if (known?.resumable === true) {
      this.#open.set(known.id, trial);
      try {
        await this.#runs.continueRun(known.id, { epochLimit: until, bySweep: true });
      } catch (error) {
        this.#open.delete(known.id);
        throw error;
      }
      return this.#handle(known.id);
    }
    const id = await this.#runs.start(job.spec, {
      baseFolder: process.cwd(),
      kernels: job.kernels,
      trial: { sweep: job.sweep, trial: job.trial, repeat: job.repeat },
      epochLimit: until,
    });
    this.#open.set(id, trial);
    return this.#handle(id);
  }

  #handle(run: RunId): TrialHandle {
    return {
      run,
      allow: (until) => this.#runs.allowEpochs(run, until),
      stop: () => void this.#control(run, 'stop'),
      pause: () => void this.#control(run, 'pause'),
      resume: () => void this.#control(run, 'resume'),
    };
  }

  async #control(run: RunId, action: RunAction): Promise<void> {
    if (!this.#open.has(run)) return;
    try {
      await this.#runs.control(run, action);
    } catch (error) {
      const problem = toError(error);
      // It has ended meanwhile, or waits for a worker: `ended` and `started` tell.
      if (problem.code !== 'conflict') this.#onProblem(problem);
    }
  }

  #remember(id: RunId | null, error: StudioError): void {
    const trial = id === null ? undefined : this.#open.get(id);
    if (trial === undefined) return;
    trial.problem = said(error);
    if (error.code === 'worker_died') trial.death = trial.problem;
  }

  #ended(summary: RunSummary, message: Message | null): void {
    const trial = this.#open.get(summary.id);
    if (trial === undefined) return;
    this.#open.delete(summary.id);
    const { resumable } = summary;
    trial.listener.ended({ how: howEnded(summary, trial), message: message ?? trial.problem ?? word(''), resumable });
  }
}

function howEnded({ status }: RunSummary, { death }: OpenTrial): TrialEnding['how'] {
  if (status === 'completed' || status === 'stopped' || status === 'diverged') return status;
  if (death !== null) return 'lost';
  return status === 'interrupted' ? 'suspended' : 'failed';
}

function toError(error: unknown): StudioError {
  if (error instanceof StudioFailure) return error.error;
  return { code: 'internal', ...messageOf(error) };
}
