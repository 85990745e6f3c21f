/** A run while a worker has it: what the worker says becomes rows, events and progress. */

import type { JobMessage, RunFinished } from '../../contract/jobs.ts';
import type { StudioError } from '../../contract/outcome.ts';
import type { RunAppend } from '../../contract/store-requests.ts';
import type { ClockMark, RunProgress, RunSummary } from '../../contract/runs.ts';
import { said, type Message } from '../../../engine/spec/message.ts';
import type { RunId } from '../../../engine/spec/ids.ts';
import type { RunStatus } from '../../../engine/spec/run-status.ts';
import type { StoreClient } from '../hosts/store-host.ts';
import type { JobCommand, JobHandle } from '../hosts/train-host-types.ts';
import type { Emitter } from './emitter.ts';
import { ProgressMeter } from './progress-meter.ts';
import { RunJournal } from './run-journal.ts';
import type { RunEvents } from './runs-types.ts';

export interface LiveRunOptions {
  readonly summary: RunSummary;
  readonly rowsPerStep: number;
  /** True when it goes on from a checkpoint. */
  readonly resumed: boolean;
  readonly store: StoreClient;
  readonly events: Emitter<RunEvents>;
  readonly beforeCommit: () => Promise<void>;
  /** Everything is committed and the worker has let go. */
  readonly onEnded: (run: LiveRun) => void;
  /** Saving has failed or works again. */
  readonly onSavedChanged: () => void;
}

export class LiveRun {
  readonly id: RunId;
  readonly #options: LiveRunOptions;
  readonly #journal: RunJournal;
  readonly #meter: ProgressMeter;
  #handle: JobHandle | null = null;
  #status: RunStatus = 'queued';
  #summary: RunSummary;
  #savedStep: number;
  /** A checkpoint to go on from is in the database. */
  #resumable: boolean;
  /** The worker has sent one, or there was one before. */
  #checkpointCame: boolean;
  /** What was ordered last; from the start it is to train. */
  #ordered: JobCommand = 'run';
  /** Paused by the program because nothing could be saved; goes on by itself once it can. */
  #heldBack = false;
  /** The store's worker died and the append was given to the next one. */
  #triedAgain = false;
  /** Kept until the state it can be resumed from is committed. */
  #unannounced: RunEvents['started'] | null = null;
  #ended: { readonly finished: RunFinished | null } | null = null;
  #gone = false;

  constructor(options: LiveRunOptions) {
    const { summary, store, beforeCommit } = options;
    this.id = summary.id;
    this.#options = options;
    this.#summary = summary;
    this.#savedStep = summary.stepsDone;
    this.#resumable = options.resumed;
    this.#checkpointCame = options.resumed;
    this.#meter = new ProgressMeter(summary.stepsPlanned, options.rowsPerStep);
    this.#meter.add(summary.stepsDone, summary.durationMs);
    this.#journal = new RunJournal({
      id: summary.id,
      store,
      beforeCommit,
      onSaved: (saved, append, messages) => this.#onSaved(saved, append, messages),
      onFailed: (error) => this.#onFailed(error),
    });
  }

  get status(): RunStatus {
    return this.#status;
  }
  get saved(): boolean {
    return !this.#journal.stuck;
  }
  get handle(): JobHandle {
    if (this.#handle === null) throw new Error(`run ${this.id} has no job yet`);
    return this.#handle;
  }
  get progress(): RunProgress {
    return {
      id: this.id,
      status: this.#status,
      step: this.#meter.step,
      epoch: Math.floor(this.#meter.step / Math.max(1, this.#summary.stepsPerEpoch)),
      samplesPerSecond: this.#status === 'running' ? this.#meter.samplesPerSecond : 0,
      elapsedMs: this.#meter.elapsedMs,
      leftMs: this.#meter.leftMs,
      savedStep: this.#savedStep,
    };
  }

  attach(handle: JobHandle): void {
    this.#handle = handle;
  }

  /** While nothing can be saved, training waits for that; every other order is passed on at once. */
  order(command: JobCommand): void {
    this.#ordered = command;
    this.#heldBack = command === 'run' && this.#journal.stuck;
    if (!this.#heldBack) this.handle.command(command);
  }

  /** Rejects with a StudioFailure when nothing can be saved yet. */
  retrySave(): Promise<void> {
    return this.#journal.retry();
  }

  /** Ends a run that no worker has taken yet. */
  endQueued(status: 'stopped' | 'interrupted'): void {
    this.#end(status, null, null);
  }

  receive(message: JobMessage): void {
    switch (message.type) {
      case 'started':
        this.#unannounced = { id: this.id, started: message.started };
        // A new run's first checkpoint follows at once and is committed with it.
        this.#setStatus(
          'running',
          { started: { at: Date.now(), report: message.started }, clock: this.#clockMark() },
          this.#resumable ? 'now' : 'soon',
        );
        break;
      case 'chunks': {
        const { chunks, health, epochs, step, elapsedMs } = message;
        const { events } = this.#options;
        this.#meter.add(step, elapsedMs);
        this.#journal.add({ chunks, ...(health === null ? {} : { health: [health] }), epochs, step, elapsedMs });
        events.emit('chunks', chunks);
        if (health !== null) events.emit('health', health);
        for (const report of epochs) events.emit('epoch', { id: this.id, report });
        events.emit('progress', this.progress);
        break;
      }
      case 'histograms':
        this.#journal.add({ histograms: message.frames });
        this.#options.events.emit('histograms', message.frames);
        break;
      case 'checkpoint': {
        const { type: _type, ...checkpoint } = message;
        const { step, elapsedMs } = checkpoint;
        this.#meter.add(step, elapsedMs);
        this.#checkpointCame = true;
        this.#journal.add({ checkpoints: [{ ...checkpoint, savedAt: Date.now() }], step, elapsedMs }, 'now');
        break;
      }
      case 'verified':
        this.#journal.add({ verified: message.comparison }, 'now');
        break;
      case 'paused':
        this.#meter.add(message.step, message.elapsedMs);
        this.#setStatus('paused', { step: message.step, elapsedMs: message.elapsedMs });
        break;
      case 'resumed':
        this.#setStatus('running', { clock: this.#clockMark() });
        break;
      case 'suspended':
        this.#end('interrupted', null, null);
        break;
      case 'finished':
        this.#end(message.finished.status, message.finished, message.finished.message);
        break;
      case 'failed':
        this.#options.events.emit('problem', { id: this.id, error: message.error });
        this.#end('failed', null, said(message.error));
        break;
    }
  }

  /** The worker is gone. What it said before is kept; a run with a checkpoint can go on from there. */
  lost(error: StudioError): void {
    this.#options.events.emit('problem', { id: this.id, error });
    // A checkpoint that is still on its way to the database is committed before this end is.
    this.#end(this.#checkpointCame ? 'interrupted' : 'failed', null, said(error));
  }

  #clockMark(): ClockMark {
    return { elapsedMs: this.#meter.elapsedMs, at: Date.now() };
  }

  #setStatus(status: RunStatus, part: Omit<RunAppend, 'id' | 'status'>, urgency: 'soon' | 'now' = 'now'): void {
    this.#status = status;
    this.#journal.add({ ...part, status, ...this.#span(status) }, urgency);
    this.#options.events.emit('progress', this.progress);
  }

  /** Of a trial: when a worker trains it. */
  #span(status: RunStatus): Pick<RunAppend, 'spans'> {
    if (this.#summary.trial === undefined) return {};
    return { spans: [{ at: Date.now(), worker: status === 'running' ? (this.#handle?.worker ?? null) : null }] };
  }

  #end(status: RunStatus, finished: RunFinished | null, message: Message | null): void {
    if (this.#ended !== null) return;
    this.#ended = { finished };
    this.#setStatus(status, { message, ended: { at: Date.now(), report: finished } });
  }

  #onSaved(summary: RunSummary, append: RunAppend, chunkMessages: number): void {
    this.#summary = summary;
    this.#triedAgain = false;
    this.#savedStep = append.step ?? this.#savedStep;
    const kept = (append.checkpoints ?? []).length > 0;
    this.#resumable ||= kept;
    for (let i = 0; i < chunkMessages; i++) this.#handle?.taken();
    const { events, onSavedChanged } = this.#options;
    if (append.verified !== undefined) events.emit('verified', { summary, comparison: append.verified });
    if (append.status !== undefined || kept || (append.epochs ?? []).length > 0) {
      events.emit('summary', summary);
    }
    // From here on the run can be resumed: a new one has its first checkpoint, a continued one had it before.
    if (this.#unannounced !== null && this.#resumable) {
      const started = this.#unannounced;
      this.#unannounced = null;
      events.emit('started', started);
    }
    if (this.#heldBack) {
      this.#heldBack = false;
      this.#handle?.command('run');
    }
    onSavedChanged();
    if (this.#ended !== null && append.ended !== undefined) this.#leave(this.#ended.finished);
  }

  /** Training waits, its state stays in memory. A lost store worker is replaced, so that one is tried again at once. */
  #onFailed(error: StudioError): void {
    const { events, onSavedChanged } = this.#options;
    events.emit('problem', { id: this.id, error });
    if (error.code === 'worker_died' && !this.#triedAgain) {
      this.#triedAgain = true;
      // Fails into this very method when it fails again.
      void this.#journal.retry().catch(() => undefined);
      return;
    }
    // A pause, or an end, that was ordered is on its way and stays what it is.
    if (this.#ordered === 'run' && this.#status !== 'queued' && this.#ended === null) {
      this.#heldBack = true;
      this.#handle?.command('pause');
    }
    onSavedChanged();
  }

  #leave(finished: RunFinished | null): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#options.events.emit('ended', { summary: this.#summary, finished });
    this.#options.onEnded(this);
  }
}
