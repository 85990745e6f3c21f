/**
 * One run from its first step to its end, in slices: between them the host's messages are read. Runs in a train
 * worker, and in the command line's own process; it knows neither.
 */

import { performance } from 'node:perf_hooks';
import type { Kernels } from '../../engine/kernels/kernels.ts';
import { modelCardOf } from '../../engine/formats/model-card.ts';
import { mergeHealth, type HealthChunk } from '../../engine/spec/health.ts';
import type { RunId } from '../../engine/spec/ids.ts';
import { mergeChunks } from '../../engine/spec/merge-chunks.ts';
import type { MetricChunk } from '../../engine/spec/metric.ts';
import { LossCheck } from '../../engine/train/loss-check.ts';
import { createSession } from '../../engine/train/session.ts';
import type { Session, SessionControl, SessionEvent, SessionSink } from '../../engine/train/session-types.ts';
import type { StepResult, Trainer } from '../../engine/train/trainer-types.ts';
import {
  COMMAND,
  CONTROL,
  type EpochReport,
  type JobMessage,
  type RunStarted,
  type TrainJob,
} from '../contract/jobs.ts';
import { fingerprintsOf } from './fingerprints.ts';
import { describeRun, type PreparedRun } from './prepare-run.ts';
import { toFinished, toReport } from './job-reports.ts';
import { replay } from './replay.ts';
import { systemInfo } from './system-info.ts';

/** How long training keeps the thread before messages are looked at. */
const SLICE_MS = 20;
/** Chunks on their way to the other side; above this the recorder lets them grow. */
const MOST_IN_FLIGHT = 4;
/** Chunks leave at most this often, unless a checkpoint or the run's end asks for them. */
const BETWEEN_CHUNKS_MS = 90;
/** A paused run looks at its control words this often even when nobody wakes it. */
const PAUSED_MS = 250;

export interface TrainJobHost {
  post(message: JobMessage): void;
  /** After every step, with the trainer's own object. Must be quick. */
  step?(result: StepResult): void;
  /** After every epoch, before its report travels with the chunks. Must be quick. */
  epoch?(report: EpochReport): void;
  /** True while the other side cannot take more; the job then waits between slices. */
  busy?(): Promise<void> | null;
}

/** A run that trains, for the host to talk to between slices. */
export class TrainJobRunner {
  readonly #job: TrainJob;
  readonly #run: PreparedRun;
  readonly #trainer: Trainer;
  readonly #kernels: Kernels;
  readonly #host: TrainJobHost;
  readonly #control: Int32Array;
  readonly #session: Session;
  #chunks: MetricChunk[] = [];
  #health: HealthChunk[] = [];
  #epochs: EpochReport[] = [];
  #flushedAt = 0;
  /** Steps finished and training time, as far as the chunks given out so far tell. */
  #told: { step: number; elapsedMs: number };
  #wake: (() => void) | null = null;
  #check: LossCheck | null;

  constructor(job: TrainJob, run: PreparedRun, trainer: Trainer, kernels: Kernels, host: TrainJobHost) {
    this.#job = job;
    this.#run = run;
    this.#trainer = trainer;
    this.#kernels = kernels;
    this.#host = host;
    this.#control = new Int32Array(job.control);
    this.#told = { step: trainer.step, elapsedMs: job.elapsedMs };
    this.#check = this.#createCheck();
    this.#session = createSession({
      runId: job.runId,
      spec: run.spec,
      data: run.data,
      trainer,
      clock: performance,
      control: sharedControl(this.#control),
      sink: this.#sink(),
      elapsedMs: job.elapsedMs,
      scoreTest: job.scoreTest ?? 'always',
      forked: this.#forks,
    });
  }

  get runId(): RunId {
    return this.#job.runId;
  }

  get run(): PreparedRun {
    return this.#run;
  }

  get trainer(): Trainer {
    return this.#trainer;
  }

  /** Trains until the run ends or is suspended. */
  async train(): Promise<void> {
    this.#host.post({ type: 'started', started: this.#started() });
    await this.#replay();
    for (;;) {
      if (this.#command() === COMMAND.suspend) return this.#suspend();
      const state = this.#session.advance(performance.now() + SLICE_MS);
      if (state !== 'running' || this.#chunksDue()) this.#flush();
      if (state === 'finished') return this.#finish();
      const busy = this.#host.busy?.() ?? null;
      if (busy !== null) await busy;
      else if (state === 'paused' || state === 'waiting') await this.#sleep();
      else await nextTurn();
    }
  }

  get #forks(): boolean {
    return (this.#job.forkFrom ?? null) !== null;
  }

  /** Before a run goes on that ended at its last checkpoint: the way there once more. Any command comes first. */
  async #replay(): Promise<void> {
    const { replayFrom, resumeFrom, logged } = this.#job;
    if (!replayFrom || resumeFrom === null || !logged) return;
    const wanted = (): boolean => {
      Atomics.add(this.#control, CONTROL.beats, 1);
      return this.#command() === COMMAND.run;
    };
    const comparison = await replay(this.#trainer, { from: replayFrom, last: resumeFrom }, logged, wanted);
    if (comparison !== null) this.#host.post({ type: 'verified', comparison });
  }

  /** Steps that were logged and lost with a crash are trained again: their losses are compared on the way. */
  #createCheck(): LossCheck | null {
    const { replayFrom, logged } = this.#job;
    return logged && !replayFrom ? new LossCheck(logged) : null;
  }

  #compare(check: LossCheck, { step, loss }: StepResult): void {
    check.step(step, loss);
    if (!check.done) return;
    this.#check = null;
    this.#host.post({ type: 'verified', comparison: check.result });
  }

  /** The control words have changed. */
  wake(): void {
    this.#wake?.();
  }

  #suspend(): void {
    this.#session.suspend();
    this.#flush();
    this.#host.post({ type: 'suspended', step: this.#trainer.step, elapsedMs: this.#session.elapsedMs });
  }

  #finish(): void {
    const { result } = this.#session;
    if (result === null) throw new Error('the session has finished without a result');
    this.#host.post({ type: 'finished', finished: toFinished(result, this.#trainer) });
  }

  #command(): number {
    Atomics.add(this.#control, CONTROL.beats, 1);
    return Atomics.load(this.#control, CONTROL.command);
  }

  async #sleep(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, PAUSED_MS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = null;
  }

  #started(): RunStarted {
    const { bestEpoch } = this.#trainer;
    return {
      ...describeRun(this.#run, this.#trainer),
      kernels: this.#kernels.name,
      kernelsDescription: this.#kernels.description,
      totalSteps: this.#trainer.totalSteps,
      dataSha256: this.#run.loaded.sha256,
      system: systemInfo(),
      card: modelCardOf(this.#run.spec, this.#run.data),
      fingerprints:
        this.#job.resumeFrom === null ? fingerprintsOf(this.#run.spec, this.#run.data, this.#trainer) : null,
      best: bestEpoch === null ? null : { epoch: bestEpoch.epoch, step: bestEpoch.step, ...bestEpoch.validation },
    };
  }

  #sink(): SessionSink {
    const { step } = this.#host;
    return {
      event: (event) => this.#event(event),
      step: (result) => {
        Atomics.store(this.#control, CONTROL.step, result.step + 1);
        if (this.#check !== null) this.#compare(this.#check, result);
        step?.(result);
      },
      ready: () => this.#mayPost(),
    };
  }

  #event(event: SessionEvent): void {
    if (event.type === 'chunk') {
      this.#chunks.push(event.chunk);
      const { metric, split, steps, endMs } = event.chunk;
      // Every step has a batch loss.
      if (metric === 'loss' && split === 'batch') this.#told = { step: (steps.at(-1) ?? 0) + 1, elapsedMs: endMs };
      return;
    }
    const { elapsedMs } = this.#session;
    switch (event.type) {
      case 'health':
        this.#health.push(event.chunk);
        break;
      case 'histograms':
        this.#host.post({ type: 'histograms', frames: event.frames });
        break;
      case 'epoch': {
        const report = toReport(event);
        this.#epochs.push(report);
        this.#host.epoch?.(report);
        break;
      }
      case 'checkpoint': {
        const { step, epoch, best, reason, bytes } = event;
        // A checkpoint must not know steps whose points nobody has heard of.
        this.#flush();
        this.#host.post({ type: 'checkpoint', step, epoch, elapsedMs: event.elapsedMs, best, reason, bytes });
        break;
      }
      case 'paused':
        this.#host.post({ type: 'paused', step: event.step, elapsedMs });
        break;
      case 'resumed':
        this.#host.post({ type: 'resumed' });
        break;
      case 'finished':
        break;
    }
  }

  /** Quick epochs close chunks by the hundred; together they still leave ten times a second. */
  #chunksDue(): boolean {
    return performance.now() - this.#flushedAt >= BETWEEN_CHUNKS_MS && this.#mayPost();
  }

  #mayPost(): boolean {
    return Atomics.load(this.#control, CONTROL.chunksInFlight) < MOST_IN_FLIGHT;
  }

  #flush(): void {
    if (this.#chunks.length + this.#health.length + this.#epochs.length === 0) return;
    const chunks = mergeChunks(this.#chunks);
    const health = this.#health.length === 0 ? null : mergeHealth(this.#health);
    const epochs = this.#epochs;
    this.#chunks = [];
    this.#health = [];
    this.#epochs = [];
    this.#flushedAt = performance.now();
    Atomics.add(this.#control, CONTROL.chunksInFlight, 1);
    // Not the trainer's own step: it may be ahead of what was recorded, and what is called saved must be in the chunks.
    this.#host.post({ type: 'chunks', chunks, health, epochs, ...this.#told });
  }
}

/** A suspend is handled between slices; within one, training simply goes on. */
function sharedControl(words: Int32Array): SessionControl {
  return {
    read: () => {
      Atomics.add(words, CONTROL.beats, 1);
      const command = Atomics.load(words, CONTROL.command);
      return command === COMMAND.pause ? 'pause' : command === COMMAND.stop ? 'stop' : 'run';
    },
    takeSingleStep: () => {
      if (Atomics.load(words, CONTROL.singleSteps) <= 0) return false;
      Atomics.sub(words, CONTROL.singleSteps, 1);
      return true;
    },
    epochLimit: () => Atomics.load(words, CONTROL.epochLimit),
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
