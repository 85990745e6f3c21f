/** The loop around the trainer: control words in, events out. The same for the train worker and the command line. */

import type { CheckpointReason } from '../spec/checkpoint-reason.ts';
import { evaluatedWeights } from '../spec/run-spec.ts';
import { Recorder } from './recorder.ts';
import { SpeedMeter } from './speed-meter.ts';
import type { FinishedResult, Session, SessionEvent, SessionOptions, SessionState } from './session-types.ts';
import type { Score } from './trainer-types.ts';

/** By default a checkpoint comes with the end of an epoch, when the last one is this old: soon at first, twice as… */
const FIRST_CHECKPOINT_GAP_MS = 500;
/** …long after each, up to this… */
const LAST_CHECKPOINT_GAP_MS = 3_000;
/** …or longer, so that taking checkpoints stays below this share of the time… */
const CHECKPOINT_SHARE = 0.05;
/** …and in the middle of an epoch when the last one is this old. */
const LONGEST_WITHOUT_CHECKPOINT_MS = 30_000;

export function createSession(options: SessionOptions): Session {
  return new RunSession(options);
}

class RunSession implements Session {
  readonly #options: SessionOptions;
  readonly #recorder: Recorder;
  #state: SessionState = 'running';
  #result: FinishedResult | null = null;
  #started = false;
  /** Training time up to `#runningSince`. */
  #bankedMs: number;
  /** When the clock was last started; null while it stands. */
  #runningSince: number | null = null;
  #checkpointMs: number;
  #checkpointGapMs = FIRST_CHECKPOINT_GAP_MS;
  /** What the last checkpoint took. */
  #checkpointCostMs = 0;
  readonly #speed: SpeedMeter;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#recorder = new Recorder(options.runId, options.trainer);
    this.#bankedMs = options.elapsedMs ?? 0;
    this.#checkpointMs = this.#bankedMs;
    this.#speed = new SpeedMeter(this.#bankedMs);
  }

  get state(): SessionState {
    return this.#state;
  }
  get result(): FinishedResult | null {
    return this.#result;
  }
  get elapsedMs(): number {
    return this.#bankedMs + (this.#runningSince === null ? 0 : this.#options.clock.now() - this.#runningSince);
  }

  advance(untilMs: number): SessionState {
    const { clock, control, trainer } = this.#options;
    if (this.#state === 'finished') return this.#state;
    if (this.#state === 'waiting') this.#state = 'running';
    if (this.#state === 'running') this.#startClock();
    if (!this.#started) this.#start();
    if (trainer.done) this.#finish('completed');
    while (this.#result === null) {
      const word = control.read();
      if (word === 'stop') {
        this.#finish('stopped');
      } else if (word === 'pause') {
        this.#pause();
        if (!control.takeSingleStep()) return this.#state;
        this.#startClock();
        this.#step();
        this.#stopClock();
        this.#emitChunks();
      } else {
        this.#resume();
        if (this.#limitReached()) {
          this.#wait();
          break;
        }
        this.#step();
      }
      if (clock.now() >= untilMs) break;
    }
    return this.#state;
  }

  suspend(): void {
    if (this.#state === 'finished') return;
    this.#stopClock();
    // Before its first step a run has its start checkpoint, or the one it was resumed from.
    if (this.#started) this.#checkpoint('suspend');
    else this.#start();
  }

  #start(): void {
    this.#started = true;
    const { trainer, forked = false } = this.#options;
    if (trainer.done || (trainer.step > 0 && !forked)) return;
    // Histograms first: the bins they choose belong into the checkpoint. A fork has its parent's.
    if (!forked && trainer.histogramsDue()) this.#histograms();
    if (!forked && trainer.healthDue()) this.#recorder.health(0, trainer.health(), this.elapsedMs);
    this.#checkpoint('start');
  }

  #step(): void {
    const { trainer, sink } = this.#options;
    const result = trainer.trainStep();
    const elapsedMs = this.elapsedMs;
    this.#recorder.step(result, elapsedMs);
    sink.step?.(result);
    if (result.diverged) {
      if (trainer.healthDue()) this.#recorder.health(trainer.step, trainer.health(), elapsedMs);
      this.#finish('diverged');
      return;
    }
    this.#speed.add(result.rows);
    const { epochEnded } = result;
    if (trainer.healthDue()) this.#recorder.health(trainer.step, trainer.health(), elapsedMs);
    if (epochEnded) this.#finishEpoch();
    if (trainer.histogramsDue()) this.#histograms();
    if (trainer.done) {
      this.#finish('completed');
      return;
    }
    const reason = this.#checkpointDue(epochEnded);
    if (reason !== null) this.#checkpoint(reason);
    else if (this.#recorder.due(elapsedMs) && (sink.ready?.() ?? true)) this.#emitChunks();
  }

  #finishEpoch(): void {
    const epoch = this.#options.trainer.finishEpoch();
    const elapsedMs = this.elapsedMs;
    const samplesPerSecond = this.#speed.at(elapsedMs);
    this.#recorder.epoch(epoch, samplesPerSecond, elapsedMs);
    this.#emitChunks();
    this.#emit({ type: 'epoch', result: epoch, samplesPerSecond, elapsedMs });
  }

  #histograms(): void {
    const { trainer, runId } = this.#options;
    const frames = trainer.histograms().map((frame) => ({ ...frame, runId }));
    this.#emit({ type: 'histograms', step: trainer.step, frames });
  }

  #checkpointDue(epochEnded: boolean): CheckpointReason | null {
    const { everyEpochs, everyMinutes } = this.#options.spec.training.checkpoint;
    const age = this.elapsedMs - this.#checkpointMs;
    if (epochEnded) {
      const byDefault = everyEpochs === null && everyMinutes === null;
      if (everyEpochs !== null && this.#options.trainer.epoch % everyEpochs === 0) return 'epoch';
      if (byDefault && age >= this.#leastGapMs()) return 'epoch';
    }
    if (everyMinutes !== null) return age >= everyMinutes * 60_000 ? 'interval' : null;
    return everyEpochs === null && age >= LONGEST_WITHOUT_CHECKPOINT_MS ? 'interval' : null;
  }

  #leastGapMs(): number {
    return Math.max(this.#checkpointGapMs, this.#checkpointCostMs / CHECKPOINT_SHARE);
  }

  /** Everything recorded goes out first: a checkpoint must not know steps that nobody has heard of. */
  #checkpoint(reason: CheckpointReason): void {
    const { clock, trainer } = this.#options;
    this.#emitChunks();
    const elapsedMs = this.elapsedMs;
    const beganAt = clock.now();
    const best = trainer.bestEpoch !== null && trainer.bestEpoch.epoch === trainer.epoch;
    const bytes = trainer.checkpoint();
    this.#checkpointMs = elapsedMs;
    this.#emit({ type: 'checkpoint', reason, step: trainer.step, epoch: trainer.epoch, elapsedMs, best, bytes });
    this.#checkpointCostMs = clock.now() - beganAt;
    if (reason === 'epoch') this.#checkpointGapMs = Math.min(2 * this.#checkpointGapMs, LAST_CHECKPOINT_GAP_MS);
  }

  #pause(): void {
    if (this.#state === 'paused') return;
    this.#state = 'paused';
    this.#stopClock();
    this.#checkpoint('pause');
    this.#emit({ type: 'paused', step: this.#options.trainer.step });
  }

  #resume(): void {
    if (this.#state !== 'paused') return;
    this.#state = 'running';
    this.#startClock();
    this.#emit({ type: 'resumed', step: this.#options.trainer.step });
  }

  #limitReached(): boolean {
    const limit = this.#options.control.epochLimit?.() ?? 0;
    return limit > 0 && this.#options.trainer.epoch >= limit;
  }

  /** Someone decides whether the run goes on. It may take a while, which is no training time. */
  #wait(): void {
    this.#state = 'waiting';
    this.#stopClock();
    this.#emitChunks();
  }

  #finish(status: FinishedResult['status']): void {
    const { trainer, spec } = this.#options;
    this.#stopClock();
    this.#checkpoint(status === 'stopped' ? 'stop' : 'finish');
    const evaluated = evaluatedWeights(spec) === 'best' && trainer.bestEpoch !== null ? 'best' : 'last';
    const test = this.#mayScoreTest(status) ? this.#scoreTest(evaluated) : null;
    this.#result = {
      status,
      steps: trainer.step,
      epochs: trainer.epoch,
      elapsedMs: this.elapsedMs,
      train: trainer.lastEpoch?.train ?? null,
      validation: trainer.lastEpoch?.validation ?? null,
      bestEpoch: trainer.bestEpoch,
      evaluated,
      test,
      earlyStopped: trainer.lastEpoch?.stop ?? false,
      divergence: trainer.divergence,
    };
    this.#state = 'finished';
    this.#emit({ type: 'finished', result: this.#result });
  }

  #mayScoreTest(status: FinishedResult['status']): boolean {
    const { data, scoreTest = 'always' } = this.#options;
    if (data.test.length === 0 || status === 'diverged' || scoreTest === 'never') return false;
    return scoreTest === 'always' || status === 'completed';
  }

  #scoreTest(which: 'best' | 'last'): Score {
    const { trainer, data } = this.#options;
    const test = trainer.withWeights(which, () => trainer.score(data.test));
    this.#recorder.score('test', test, trainer.step, this.elapsedMs);
    this.#emitChunks();
    return test;
  }

  #emitChunks(): void {
    for (const chunk of this.#recorder.close()) this.#emit({ type: 'chunk', chunk });
    const health = this.#recorder.closeHealth();
    if (health !== null) this.#emit({ type: 'health', chunk: health });
  }

  #emit(event: SessionEvent): void {
    this.#options.sink.event(event);
  }

  #startClock(): void {
    this.#runningSince ??= this.#options.clock.now();
  }

  #stopClock(): void {
    this.#bankedMs = this.elapsedMs;
    this.#runningSince = null;
  }
}
